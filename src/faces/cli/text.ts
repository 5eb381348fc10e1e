import { showUnseen } from "../../domain/index.js";
import { charactersOf, takeWidth, widthOf } from "./display-width.js";
import type { Paint } from "./paint.js";

/** Shortens to `width` places by leaving out the middle, because ids differ at their ends. */
export function shorten(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const characters = charactersOf(text);
  const head = takeWidth(characters, Math.floor((width - 1) / 2));
  const tail = takeWidth([...characters].reverse(), width - 1 - widthOf(head));
  return `${head}…${charactersOf(tail).reverse().join("")}`;
}

/** Breaks text at spaces into lines of at most `width` places; a longer word stands on its own line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Text in lines no longer than the paper is wide. */
export function paragraph(text: string, { width }: Pick<Paint, "width">): string {
  return wrap(showUnseen(text), width).join("\n");
}

/** Number formats, made when first used: the first one loads the locale data, which a JSON answer never needs. */
const formats = new Map<string, Intl.NumberFormat>();

function format(value: number, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.NumberFormat("en", { ...options, useGrouping: false });
  formats.set(key, known);
  return known.format(Math.abs(value) < ROUNDING ? 0 : value);
}

/** What is smaller is the rounding of a sum. */
const ROUNDING = 1e-14;

const SIX_DIGITS = { maximumSignificantDigits: 6 };
const TWO_DIGITS = { maximumSignificantDigits: 2 };
const ONE_DECIMAL = { maximumFractionDigits: 1 };

/** Six significant digits, and never fewer than the whole part has; `–` where there is no number. */
export function formatNumber(value: number | null): string {
  if (value === null) return "–";
  return Math.abs(value) < 1e5 ? format(value, SIX_DIGITS) : format(value, ONE_DECIMAL);
}

/** Milliseconds with one decimal, without the unit. */
export function formatMs(value: number | null): string {
  return value === null ? "–" : format(value, ONE_DECIMAL);
}

/** A fraction as per cent with one decimal. */
export function formatShare(value: number | null): string {
  return value === null ? "–" : `${format(value * 100, ONE_DECIMAL)} %`;
}

/** A gap (fraction) as per cent with two significant digits, so that a small gap never reads as none. */
export function formatGap(value: number | null): string {
  return value === null ? "–" : `${format(value * 100, TWO_DIGITS)} %`;
}
