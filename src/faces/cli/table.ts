import { showUnseen } from "../../domain/index.js";
import Table from "cli-table3";
import { charactersOf, takeWidth, widthOf } from "./display-width.js";
import type { Paint } from "./paint.js";
import { shorten, wrap } from "./text.js";

const GUTTER = 2;

export interface Column {
  readonly title: string;
  readonly align?: "right";
  /** What gives way where the table is too wide: `shorten` cuts the middle out of ids that still differ then, `wrap` breaks lines (sentences). */
  readonly excess?: "shorten" | "wrap";
  /** Left out, the last one first, where the table is too wide even so. */
  readonly isOptional?: true;
  /** Width that it is given before optional columns are. */
  readonly comfort?: number;
}

const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: " ".repeat(GUTTER),
};

/**
 * Rows under bold titles, columns two spaces apart, no line wider than the paper: where the columns can give way no further, the rest of
 * them follow in a table of their own, behind the first column again.
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], paint: Paint): string {
  const safeRows = rows.map((row) => row.map(showUnseen));
  const { kept, widths } = fitWidths(columns, safeRows, paint.width);
  const parts = partsOf(kept, widths, paint.width);
  if (parts.length === 1) return drawTable(columns, safeRows, { kept, widths }, paint);
  const pick = <T>(from: readonly T[], part: readonly number[]): T[] => part.map((k) => from[k]!);
  return parts
    .map((part) =>
      renderTable(
        pick(columns, part),
        safeRows.map((row) => pick(row, part)),
        paint,
      ),
    )
    .join("\n\n");
}

/** Columns that fit beside each other, the first one in every part. */
function partsOf(kept: readonly number[], widths: readonly number[], paper: number): number[][] {
  const parts: number[][] = [];
  let left = -1;
  for (const [at, k] of kept.entries()) {
    if (at === 0) continue;
    left -= widths[at]! + GUTTER;
    if (parts.length === 0 || left < 0) {
      parts.push([kept[0]!]);
      left = paper - widths[0]! - widths[at]! - GUTTER;
    }
    parts.at(-1)!.push(k);
  }
  return parts.length === 0 ? [[...kept]] : parts;
}

interface Fit {
  readonly kept: readonly number[];
  readonly widths: readonly number[];
}

function drawTable(
  columns: readonly Column[],
  safeRows: readonly (readonly string[])[],
  { kept, widths }: Fit,
  paint: Paint,
): string {
  const shown = kept.map((k) => columns[k]!);
  const cells = safeRows.map((row) => kept.map((k) => row[k]!));
  const isNarrowed = (k: number): boolean => shown[k]!.excess === "wrap" || widthOf(shown[k]!.title) > widths[k]!;
  const table = new Table({
    chars: NO_LINES,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
    head: shown.map(({ title }) => paint.bold(title)),
    colWidths: shown.map((_, k) => (isNarrowed(k) ? widths[k]! : null)),
    colAligns: shown.map(({ align }) => align ?? "left"),
    wordWrap: true,
  });
  const fit = shown.map(({ excess }, k) => {
    if (excess === "shorten")
      return shortenColumn(
        cells.map((row) => row[k]!),
        widths[k]!,
      );
    return excess === "wrap" ? (cell: string) => wrapWhole(cell, widths[k]!) : null;
  });
  for (const row of cells) table.push(row.map((cell, k) => fit[k]?.(cell) ?? cell));
  return trimLineEnds(table.toString());
}

/** Rows of a long list that a person still reads; the JSON has all of them. */
const MAX_ROWS = 40;

/** A table of the first rows, and how many there are beyond them. */
export function renderFirstRows(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string {
  const rest = rows.length - MAX_ROWS;
  const table = renderTable(columns, rows.slice(0, MAX_ROWS), paint);
  return rest <= 0 ? table : `${table}\n${paint.dim(`and ${rest} more; --format json has them all`)}`;
}

/** Cuts the middle out, unless two cells that differ would then look the same: these are broken into lines, whole. */
function shortenColumn(cells: readonly string[], width: number): (cell: string) => string {
  const cut = (cell: string): string => shorten(cell, width);
  const different = new Set(cells);
  const isAmbiguous = new Set([...different].map(cut)).size < different.size;
  return isAmbiguous ? (cell) => breakAnywhere(cell, width) : cut;
}

/** Breaks at spaces, and a word that is wider than the column anywhere: cut, two long ids would look the same. */
function wrapWhole(text: string, width: number): string {
  return wrap(text, width)
    .map((line) => (widthOf(line) <= width ? line : breakAnywhere(line, width)))
    .join("\n");
}

/** Breaks behind a sign that joins words, where there is one in the second half of a line. */
function breakAnywhere(text: string, width: number): string {
  const lines: string[] = [];
  let rest = charactersOf(text);
  while (rest.length > 0) {
    const whole = takeWidth(rest, width) || rest[0]!;
    const length = charactersOf(whole).length;
    const joint = length < rest.length ? rest.slice(0, length).findLastIndex((one) => JOINTS.has(one)) + 1 : 0;
    const taken = joint >= length / 2 ? joint : length;
    lines.push(rest.slice(0, taken).join(""));
    rest = rest.slice(taken);
  }
  return lines.join("\n");
}

const JOINTS: ReadonlySet<string> = new Set("_-./:");

/** Least width of a column that gives way; of sentences on a narrow paper. */
const NARROWEST = 12;

/**
 * Widths of the columns' contents. Where their sum is too much, the widest column that may give way gives way first, then titles of several
 * words are broken into lines, then optional columns are left out: these first where a column has a width of comfort.
 */
function fitWidths(columns: readonly Column[], rows: readonly (readonly string[])[], paper: number): Fit {
  const content = columns.map((_, k) => rows.reduce((width, row) => Math.max(width, widthOf(row[k]!)), 0));
  let kept = columns.map((_, k) => k);
  for (;;) {
    const shown = kept.map((k) => ({ ...columns[k]!, content: content[k]! }));
    const widths = shown.map(({ content: own, title }) => Math.max(own, widthOf(title)));
    const optional = kept.findLast((k) => columns[k]!.isOptional === true);
    const comforts = shown.map(({ comfort }) => comfort ?? NARROWEST);
    giveWay(widths, paper, (k) => (shown[k]!.excess === undefined ? Infinity : comforts[k]!));
    if (optional === undefined || shown.every(({ comfort }) => comfort === undefined)) {
      giveWay(widths, paper, (k) => (shown[k]!.excess === undefined ? Infinity : NARROWEST));
      giveWay(widths, paper, (k) =>
        shown[k]!.excess === undefined ? Math.max(shown[k]!.content, longestWord(shown[k]!.title)) : Infinity,
      );
    }
    if (excessOf(widths, paper) <= 0 || optional === undefined) return { kept, widths };
    kept = kept.filter((k) => k !== optional);
  }
}

/** Takes from the widest column that is wider than its least width, until all fit or none is. */
function giveWay(widths: number[], paper: number, leastOf: (column: number) => number): void {
  for (let excess = excessOf(widths, paper); excess > 0; excess--) {
    const flexible = widths.flatMap((width, k) => (width > leastOf(k) ? [k] : []));
    if (flexible.length === 0) return;
    const widest = flexible.reduce((a, b) => (widths[b]! > widths[a]! ? b : a));
    widths[widest]!--;
  }
}

function excessOf(widths: readonly number[], paper: number): number {
  return widths.reduce((sum, width) => sum + width + GUTTER, -GUTTER) - paper;
}

function longestWord(title: string): number {
  return Math.max(0, ...title.split(" ").map(widthOf));
}

function trimLineEnds(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
