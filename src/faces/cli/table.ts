import { showUnseen } from "../../domain/index.js";
import Table from "cli-table3";
import type { Paint } from "./paint.js";
import { shorten } from "./text.js";

/** Widest line of a table, so that it fits a usual terminal. */
export const MAX_WIDTH = 100;
const GUTTER = 2;

export interface Column {
  readonly title: string;
  readonly align?: "right";
  /** What gives way where the table is too wide: `shorten` cuts the middle out of ids that still differ then, `wrap` breaks lines (sentences). */
  readonly excess?: "shorten" | "wrap";
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

/** Rows under bold titles, columns two spaces apart, no line wider than `MAX_WIDTH`. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], paint: Paint): string {
  const safeRows = rows.map((row) => row.map(showUnseen));
  const widths = fitWidths(columns, safeRows);
  const table = new Table({
    chars: NO_LINES,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
    head: columns.map(({ title }) => paint.bold(title)),
    colWidths: columns.map(({ excess }, k) => (excess === "wrap" ? widths[k]! : null)),
    colAligns: columns.map(({ align }) => align ?? "left"),
    wordWrap: true,
  });
  const fit = columns.map(({ excess }, k) =>
    excess === "shorten"
      ? shortenColumn(
          safeRows.map((row) => row[k]!),
          widths[k]!,
        )
      : null,
  );
  for (const row of safeRows) table.push(row.map((cell, k) => fit[k]?.(cell) ?? cell));
  return trimLineEnds(table.toString());
}

/** Cuts the middle out, unless two cells that differ would then look the same: these are broken into lines, whole. */
function shortenColumn(cells: readonly string[], width: number): (cell: string) => string {
  const cut = (cell: string): string => shorten(cell, width);
  const different = new Set(cells);
  const isAmbiguous = new Set([...different].map(cut)).size < different.size;
  return isAmbiguous ? (cell) => breakAnywhere(cell, width) : cut;
}

function breakAnywhere(text: string, width: number): string {
  const characters = [...text];
  const lines = Math.ceil(characters.length / width);
  return Array.from({ length: lines }, (_, k) => characters.slice(k * width, (k + 1) * width).join("")).join("\n");
}

const NARROWEST = 12;

/** Widths of the columns' contents; where their sum is too much, the widest column that may give way gives way first. */
function fitWidths(columns: readonly Column[], rows: readonly (readonly string[])[]): number[] {
  const widths = columns.map(({ title }, k) =>
    rows.reduce((width, row) => Math.max(width, row[k]!.length), title.length),
  );
  let excess = widths.reduce((sum, width) => sum + width + GUTTER, -GUTTER) - MAX_WIDTH;
  while (excess > 0) {
    const flexible = columns.flatMap((column, k) => (column.excess && widths[k]! > NARROWEST ? [k] : []));
    if (flexible.length === 0) break;
    const widest = flexible.reduce((a, b) => (widths[b]! > widths[a]! ? b : a));
    widths[widest]!--;
    excess--;
  }
  return widths;
}

function trimLineEnds(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
