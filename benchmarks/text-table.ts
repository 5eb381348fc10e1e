/** A Markdown table, columns padded so that it reads as text too; every column but the first is right-aligned. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, k) => Math.max(3, title.length, ...rows.map((row) => (row[k] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, k) => (k === 0 ? (cells[k] ?? "").padEnd(width) : (cells[k] ?? "").padStart(width))).join(" | ")} |`;
  const rule = widths.map((width, k) => (k === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(header), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 5, useGrouping: false });

/** Five significant digits; whole numbers of any size stand as they are. */
export function formatNumber(value: number): string {
  return Math.abs(value) >= 10_000 ? value.toFixed(0) : number.format(value);
}

/** Below this a fraction is rounding. */
const ROUNDING = 1e-9;

/** A fraction as per cent, with two decimals below 10 %. */
export function formatPercent(fraction: number): string {
  const percent = 100 * fraction;
  if (Math.abs(fraction) <= ROUNDING) return "0 %";
  if (Math.abs(percent) < 0.005) return "< 0.01 %";
  return `${percent.toFixed(Math.abs(percent) < 10 ? 2 : 0)} %`;
}

/** Milliseconds without noise digits. */
export function formatMs(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : ms.toFixed(0);
}
