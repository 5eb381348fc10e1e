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
  /** What gives way where the table is too wide: `shorten` cuts the middle out (ids), `wrap` breaks lines (sentences). */
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
  for (const row of safeRows) {
    table.push(row.map((cell, k) => (columns[k]!.excess === "shorten" ? shorten(cell, widths[k]!) : cell)));
  }
  return trimLineEnds(table.toString());
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
