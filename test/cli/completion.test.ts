import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { bin, Workdir } from "../workdir.ts";

const dir = new Workdir();
const hasFish = spawnSync("fish", ["--version"]).status === 0;

test("completion prints a script for each shell, and names those that it knows", () => {
  for (const [shell, words] of [
    ["bash", "complete -o bashdefault"],
    ["zsh", "#compdef m365-offline"],
    ["fish", "complete -c m365-offline -a"],
    ["powershell", "Register-ArgumentCompleter -Native"],
  ] as const) {
    const { status, stdout, stderr } = dir.run("completion", shell);
    expect([shell, status, stderr]).toEqual([shell, 0, ""]);
    expect(stdout).toContain(words);
  }
  expect(dir.run("completion", "cmd")).toMatchObject({
    status: 2,
    stdout: "",
    stderr: "m365-offline: there is no completion for cmd. The shells are: bash, zsh, fish, powershell\n",
  });
});

test("without a name it is that of $SHELL", () => {
  for (const [path, words] of [
    ["/usr/bin/fish", "for fish"],
    ["/bin/zsh", "#compdef"],
    ["/bin/bash", "complete -o"],
  ] as const)
    expect(dir.runWith({ env: { SHELL: path } }, "completion").stdout).toContain(words);
});

test.skipIf(!hasFish)("fish completes commands and options by it, and paths by itself", () => {
  const script = dir.write("m365-offline.fish", dir.run("completion", "fish").stdout);
  dir.write("importance.json", "[]");
  const complete = (line: string): string =>
    spawnSync(
      "fish",
      [
        "--no-config",
        "-c",
        `function m365-offline; ${process.execPath} ${bin} $argv; end; source ${script}; complete -C '${line}'`,
      ],
      { cwd: dir.path, encoding: "utf8" },
    ).stdout;
  expect(complete("m365-offline ex")).toMatch(/^explain\t.*\nexport\t/);
  expect(complete("m365-offline export --fo")).toContain("--format");
  expect(complete("m365-offline import imp")).toContain("importance.json");
});
