import { joinWords, showUnseen } from "../../domain/index.js";

export { countOf } from "../../domain/index.js";

/** Numbers and words of the Markdown report, for people. */

/** What stands where there is no number. */
export const NOTHING = "–";

function decimal(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text;
}

/** A fraction as per cent with one decimal. */
export function formatPercent(fraction: number | null): string {
  return fraction === null ? NOTHING : `${decimal(100 * fraction, 1)} %`;
}

/** "19 of 24 (79.2 %)"; the share alone where nobody says of how many. */
export function formatShare(rate: number | null, tasks: number | undefined): string {
  if (rate === null || tasks === undefined) return formatPercent(rate);
  return `${Math.round(rate * tasks)} of ${tasks} (${formatPercent(rate)})`;
}

/** A gap (fraction): never 0 where there is one. */
export function formatGap(fraction: number | null): string {
  if (fraction === null) return NOTHING;
  if (fraction === 0) return "0 %";
  return fraction < 1e-4 ? "< 0.01 %" : `${decimal(100 * fraction, 2)} %`;
}

export function withSign(value: number, digits: number): string {
  const text = decimal(value, digits);
  return Number(text) > 0 ? `+${text}` : text;
}

/** Milliseconds as ms, s, min or h, whichever reads best. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return NOTHING;
  if (ms < 999.5) return `${decimal(ms, ms < 10 ? 1 : 0)} ms`;
  if (ms < 59_950) return `${decimal(ms / 1000, 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** At most four significant digits; whole numbers of any size stand as they are. */
export function formatNumber(value: number | null): string {
  if (value === null) return NOTHING;
  if (Number.isInteger(value) || Math.abs(value) >= 10_000) return decimal(value, 0);
  return String(Number(value.toPrecision(4)));
}

/** "wave 2", "waves 1, 2 and 4". */
export function listWaves(waves: readonly number[]): string {
  return `wave${waves.length === 1 ? "" : "s"} ${joinWords(waves.map(String))}`;
}

/** Some examples and how many more there are. */
export function listExamples(examples: readonly string[], count: number): string {
  const shown = examples.slice(0, 3);
  const more = count - shown.length;
  return shown.map(escapeText).join(", ") + (more > 0 && shown.length > 0 ? ` and ${more} more` : "");
}

const MARKUP = /[\\`*[\]|~#]/g;
const OUTER_UNDERSCORE = /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
const LIST_START = /^([-+]|\d+[.)])(?=\s|$)/;

/** Text from outside (ids, reasons) as one line that Markdown shows as it is, in a table too. */
export function escapeText(text: string): string {
  return showUnseen(text.replace(/\s+/g, " "))
    .replace(MARKUP, "\\$&")
    .replace(OUTER_UNDERSCORE, "\\_")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(LIST_START, (mark) => `${mark.slice(0, -1)}\\${mark.slice(-1)}`);
}
