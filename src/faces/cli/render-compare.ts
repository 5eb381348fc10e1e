import { joinWords, showUnseen } from "../../domain/index.js";
import type { CompareReport } from "../../domain/schemas/index.js";
import { comparisonTables, FOR_PEOPLE, FOR_PROGRAMS } from "./comparison-rows.js";
import type { Paint } from "./paint.js";
import { renderTable, type Column } from "./table.js";
import { wrap } from "./text.js";

/** A comparison as tables of text. */
export function renderComparison(report: CompareReport, paint: Paint): string {
  const tables = comparisonTables(report, FOR_PEOPLE).map(({ columns, rows }) => {
    const shaped = columns.map((title): Column => {
      return title === "plan" || title === "outcome" ? { title, excess: "wrap" } : { title, align: "right" };
    });
    return renderTable(shaped, rows, paint);
  });
  return `${[...tables, ...notesOf(report).map((note) => wrap(note, paint.width).join("\n"))].join("\n\n")}\n`;
}

function notesOf({ goals, words, front }: CompareReport): string[] {
  const weighted = goals.filter(({ unit }) => unit.endsWith("weighted")).map(({ name }) => name);
  const units = `${joinWords(weighted)} are sums over the tasks, each by its weight; “expected” of a result has plain sums and means.`;
  return [...words, units, ...(front === null ? [] : [front.words])];
}

/** As CSV (RFC 4180): plans, then after an empty line the front. */
export function comparisonToCsv(report: CompareReport): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const tables = comparisonTables(report, FOR_PROGRAMS).map(({ columns, rows }) =>
    [columns, ...rows].map((row) => row.map(cell).join(",")).join("\r\n"),
  );
  return `${tables.join("\r\n\r\n")}\r\n`;
}

/** As Markdown tables. */
export function comparisonToMarkdown(report: CompareReport): string {
  const cell = (text: string): string => showUnseen(text).replaceAll("|", "\\|");
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  const tables = comparisonTables(report, FOR_PEOPLE).map(({ columns, rows }) =>
    [line(columns), `|${columns.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n"),
  );
  return `${[...tables, ...notesOf(report)].join("\n\n")}\n`;
}

const STYLE =
  ":root{color-scheme:light dark}body{font:14px system-ui,sans-serif;margin:2rem}.wide{overflow-x:auto}table{border-collapse:collapse;margin:1rem 0}caption{text-align:left}th,td{padding:.3rem .7rem;border-bottom:1px solid #8884;text-align:right;white-space:nowrap}th:first-child,td:first-child{text-align:left}";

/** As one HTML file that loads nothing. */
export function comparisonToHtml(report: CompareReport): string {
  const escape = (text: string): string =>
    showUnseen(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
  const tables = comparisonTables(report, FOR_PEOPLE).map(({ name, columns, rows }) => {
    const head = `<thead><tr>${columns.map((title) => `<th scope="col">${escape(title)}</th>`).join("")}</tr></thead>`;
    const body = rows.map((row) => `<tr>${row.map((text) => `<td>${escape(text)}</td>`).join("")}</tr>`).join("\n");
    const caption = name === "plans" ? "Plans, each by every goal" : "The trade between goals";
    return `<div class="wide" tabindex="0"><table><caption>${caption}</caption>${head}<tbody>\n${body}\n</tbody></table></div>`;
  });
  const notes = notesOf(report).map((note) => `<p>${escape(note)}</p>`);
  const title = "Comparison of strategies";
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body><h1>${title}</h1>
${[...tables, ...notes].join("\n")}
</body></html>
`;
}
