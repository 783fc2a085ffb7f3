import type { Issue } from "../issues.ts";

interface Wrapping {
  readonly what: string;
  /** The keys that it has, or begins with; alone where it has no others. */
  readonly keys: readonly string[];
  readonly isAlone?: true;
  readonly inside: string;
  readonly how: string;
}

const wrappings: readonly Wrapping[] = [
  {
    what: "the answer of Invoke-WebRequest with all that it knows of it",
    keys: ["StatusCode", "Content", "RawContent"],
    inside: "Content",
    how: "Save the content alone: Invoke-WebRequest … -OutFile FILE, or (Invoke-WebRequest …).Content | Out-File FILE -Encoding utf8.",
  },
  {
    what: "a file as Logic Apps and Power Automate write it between actions",
    keys: ["$content-type", "$content"],
    inside: "$content",
    how: "Save what stands there, decoded from Base64: base64ToBinary(…?['$content']).",
  },
  {
    what: "an answer with what a tool (Logic Apps, Power Automate, a library) wrote around it",
    keys: ["statusCode", "body"],
    inside: "body",
    how: "Save the body alone, as it came: in Logic Apps body('ACTION') in place of outputs('ACTION').",
  },
  {
    what: "an answer with what a tool (a library, a browser) wrote around it",
    keys: ["status", "headers", "data"],
    inside: "data",
    how: "Save the data alone, as it came.",
  },
  {
    what: "what a browser recorded (HAR)",
    keys: ["log"],
    isAlone: true,
    inside: "log.entries[].response.content.text",
    how: "Save the content of the one answer that is meant.",
  },
  {
    what: "an answer of the Log Analytics API, tables with rows without names",
    keys: ["tables"],
    isAlone: true,
    inside: "tables[].rows",
    how: "Export the result as CSV from the portal, or query with az monitor log-analytics query … -o json.",
  },
  {
    what: "an answer of OData 2",
    keys: ["d"],
    isAlone: true,
    inside: "d",
    how: "Save the inside of it alone.",
  },
  {
    what: "a list of items of n8n",
    keys: ["json", "pairedItem"],
    inside: "json",
    how: "Save what stands there alone.",
  },
];

/** Says of an object that no dataset has what it is wrapped in, and what of it is wanted. */
export function maybeWrapped(names: ReadonlySet<string>): Issue | undefined {
  const folded = new Set([...names].map((name) => name.toLowerCase()));
  const found = wrappings.find(
    ({ keys, isAlone }) =>
      keys.every((key) => folded.has(key.toLowerCase())) && (!isAlone || folded.size === keys.length),
  );
  return found && toIssue(found);
}

/** The issue for an answer whose body is too large to be taken out here. */
export function bodyTooLarge(): Issue {
  return toIssue(wrappings[2] as Wrapping);
}

function toIssue({ what, inside, how }: Wrapping): Issue {
  return { code: "wrapped", what, inside, how };
}
