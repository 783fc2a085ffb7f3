import { CliError, exitCodes } from "../errors.ts";

/** yargs names what may follow; paths are for the shell to complete, which yargs' own script for fish takes away. */
const fish = `# Completion of m365-offline for fish. Installation:
#   m365-offline completion fish > ~/.config/fish/completions/m365-offline.fish
function __m365_offline_completions
    set -lx SHELL fish
    m365-offline --get-yargs-completions (commandline -opc) (commandline -ct) 2>/dev/null
end
complete -c m365-offline -a '(__m365_offline_completions)'
`;

/** For Windows PowerShell 5.1 and PowerShell 7; where nothing fits the shell completes paths. */
const powershell = `# Completion of m365-offline for PowerShell. Installation:
#   m365-offline completion powershell | Add-Content $PROFILE
Register-ArgumentCompleter -Native -CommandName m365-offline, m365-offline.cmd -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    & $words[0] --get-yargs-completions $words 2>$null |
        ForEach-Object { ($_ -split ':')[0] } |
        Where-Object { $_ -like "$wordToComplete*" } |
        ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`;

const own: Readonly<Record<string, string>> = { fish, powershell };
const shells = ["bash", "zsh", ...Object.keys(own)];

/** The script for a shell that yargs has none for; undefined where yargs writes it, for $SHELL. Throws exit 2. */
export function maybeCompletion(shell: string | undefined): string | undefined {
  const isWindows = process.platform === "win32" && process.env["SHELL"] === undefined;
  const wanted = shell ?? (isWindows ? "powershell" : undefined) ?? process.env["SHELL"]?.match(/fish$/)?.[0];
  if (wanted === undefined) return undefined;
  if (!shells.includes(wanted))
    throw new CliError(`there is no completion for ${wanted}. The shells are: ${shells.join(", ")}`, {
      exitCode: exitCodes.usage,
    });
  if (own[wanted] === undefined) process.env["SHELL"] = wanted;
  return own[wanted];
}
