import { type Child, h } from "./dom.js";

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Child;
  readonly align?: "right";
}

/** A table in a box that scrolls where the screen is narrow. */
export function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): HTMLElement {
  const classOf = ({ align }: Column<Row>): string | null => align ?? null;
  const head = columns.map((column) => h("th", { scope: "col", class: classOf(column) }, column.title));
  const body = rows.map((row) =>
    h("tr", {}, ...columns.map((column) => h("td", { class: classOf(column) }, column.cell(row)))),
  );
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    h("table", {}, h("caption", {}, caption), h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...body)),
  );
}

/** Content that is made when it is first opened. */
export function lazyDetails(title: string, make: () => Node): HTMLElement {
  const details = h("details", {}, h("summary", {}, title));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(make());
  });
  return details;
}
