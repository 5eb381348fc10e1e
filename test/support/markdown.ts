import { readFileSync } from "node:fs";
import { readFilesBelow, ROOT } from "../source-files.js";

export interface Page {
  /** From the package's folder. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block, and what the comment on the line before it says of it. */
export interface Block {
  readonly page: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** `file: NAME`, `part of: NAME` or `diagram`; "" where there is no comment. */
  readonly directive: string;
}

/** The pages a person wrote: README, CONTRIBUTING and the guides, without the generated reference. */
export function readPages(): Page[] {
  const roots = ["README.md", "CONTRIBUTING.md", "models/README.md"];
  const guides = readFilesBelow("docs", [".md"]).filter(({ path }) => !path.startsWith("docs/reference/"));
  return [...roots.map((path) => ({ path, text: readFileSync(`${ROOT}/${path}`, "utf8") })), ...guides];
}

export function blocksOf({ path, text }: Page): Block[] {
  return [...text.matchAll(/(?:^<!-- (.*?) -->\n)?^```(\w*)\n(.*?)^```$/gms)].map((match) => ({
    page: path,
    line: text.slice(0, match.index + match[0].indexOf("```")).split("\n").length,
    directive: match[1] ?? "",
    language: match[2]!,
    text: match[3]!,
  }));
}

/** NAME of a block's `file: NAME` or `part of: NAME`; null where it has no such comment. */
export function targetOf({ directive }: Block, kind: "file" | "part of"): string | null {
  return directive.startsWith(`${kind}: `) ? directive.slice(kind.length + 2) : null;
}

/** What a run says that is not the same the next time: its id, times of the clock, the folder it was made in. */
const VOLATILE: readonly (readonly [RegExp, string])[] = [
  [/\brun [0-9a-f]{12}\b/g, "run ID"],
  [/\b[\d.]+ ms, seed\b/g, "TIME, seed"],
];

/**
 * What a page shows of an output when it does not show the output that came; null when it does. `…` stands for anything,
 * over several lines too.
 */
export function differenceFrom(
  shown: string,
  output: string,
): { readonly shown: string; readonly output: string } | null {
  const settle = (text: string): string =>
    VOLATILE.reduce((settled, [pattern, word]) => settled.replace(pattern, word), text)
      .replace(/ +$/gm, "")
      .trim();
  const [wanted, found] = [settle(shown), settle(output)];
  const pattern = wanted
    .split("…")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("[\\s\\S]*?");
  return new RegExp(`^${pattern}$`).test(found) ? null : { shown: wanted, output: found };
}
