import type { PageWave } from "../../domain/schemas/index.js";

/** Numbers as people read them. */

/** What stands where there is no number. */
const NOTHING = "–";

/** Six significant digits. */
export function number(value: number | null): string {
  if (value === null) return NOTHING;
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 1e6 ? value.toFixed(0) : String(Number(value.toPrecision(6)));
}

/** A fraction as per cent with one decimal. */
export function percent(fraction: number | null): string {
  return fraction === null ? NOTHING : `${(100 * fraction).toFixed(1)} %`;
}

/** A gap: never 0 where there is one. */
export function gap(fraction: number | null): string {
  if (fraction === null) return "not known";
  if (fraction === 0) return "0 %";
  return fraction < 1e-4 ? "under 0.01 %" : `${(100 * fraction).toFixed(2)} %`;
}

/** Milliseconds as ms, s, min or h, whichever reads best. */
export function duration(ms: number | null): string {
  if (ms === null) return NOTHING;
  if (ms < 999.5) return `${ms.toFixed(ms < 10 && ms > 0 ? 1 : 0)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Money in its own unit, with two decimals. */
export function money(value: number | null): string {
  return value === null ? NOTHING : value.toFixed(2);
}

export function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? "" : "s"}`;
}

/** `max_load_ms` → "max load (ms)". */
export function words(name: string): string {
  return name.replace(/_ms$/, " (ms)").replaceAll("_", " ").toLowerCase();
}

/** An instant without fractions of a second. */
export function instant(iso: string | null): string {
  return iso === null ? NOTHING : `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** The number of a wave; a plan need not know its own. */
export function waveNumber({ wave, name }: Pick<PageWave, "wave" | "name">): string {
  return name === "the wave" ? "–" : String(wave);
}
