import stringWidth from "string-width";

export interface Column<Row> {
  readonly title: string;
  /** Default left. */
  readonly align?: "right";
  /** Text of the cell; what comes from outside must have been escaped. */
  readonly cell: (row: Row) => string;
}

/** A Markdown table whose columns line up when read as text. */
export function markdownTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const widths = columns.map(({ title }, k) =>
    cells.reduce((width, line) => Math.max(width, stringWidth(line[k]!)), Math.max(3, stringWidth(title))),
  );
  const toLine = (texts: readonly string[]): string =>
    `| ${texts.map((text, k) => pad(text, widths[k]!, columns[k]!.align)).join(" | ")} |`;
  const rule = columns.map(({ align }, k) =>
    align === "right" ? `${"-".repeat(widths[k]! - 1)}:` : "-".repeat(widths[k]!),
  );
  return [toLine(columns.map(({ title }) => title)), `| ${rule.join(" | ")} |`, ...cells.map(toLine)].join("\n");
}

function pad(text: string, width: number, align: "right" | undefined): string {
  const space = " ".repeat(width - stringWidth(text));
  return align === "right" ? space + text : text + space;
}
