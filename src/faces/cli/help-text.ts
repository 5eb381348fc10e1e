import { wrap } from "./text.js";

/** What the lines of a command begin with after the first. */
const CONTINUED = "      ";
/** A command goes on in the next line. */
const GOES_ON = " \\";
/** Where a command may be broken: before an option, a pipe or a redirection. */
const BREAKS = / (?=--[a-z]|[|<>] )/;

/**
 * Examples and remarks in lines of at most `width` places: prose is set anew, a command goes on behind a backslash, as a shell reads it. A
 * word or an option that is longer stands on its own line. O(length).
 */
export function fitHelp(text: string, width: number): string {
  const whole = text.replaceAll(/ \\\n +/g, " ");
  return whole
    .split("\n\n")
    .map((part) => fitParagraph(part.split("\n"), width).join("\n"))
    .join("\n\n");
}

function fitParagraph(lines: readonly string[], width: number): string[] {
  const fitted: string[] = [];
  let prose: string[] = [];
  const endProse = (): void => {
    if (prose.length > 0) fitted.push(...wrap(prose.join(" "), width));
    prose = [];
  };
  for (const line of lines) {
    if (line !== "" && !line.startsWith(" ")) prose.push(line);
    else {
      endProse();
      fitted.push(...fitCommand(line, width));
    }
  }
  endProse();
  return fitted;
}

function fitCommand(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const lines: string[] = [];
  let own = "";
  for (const part of line.split(BREAKS)) {
    if (own !== "" && own.length + 1 + part.length + GOES_ON.length > width) {
      lines.push(`${own}${GOES_ON}`);
      own = `${CONTINUED}${part}`;
    } else own = own === "" ? part : `${own} ${part}`;
  }
  return [...lines, own];
}
