import { CONFIDENCE_STEPS, type TrialBand, type Trials } from "../../domain/index.js";

/**
 * First steps of the bands above the lowest: below .6, .6 to .8, .8 and more. Within a band trials are known by their mean
 * confidence, on which the baseline is all but linear; three bands keep a long history of many kinds a short file.
 */
const BAND_STARTS = [0.6 * CONFIDENCE_STEPS, 0.8 * CONFIDENCE_STEPS] as const;
const NUM_BANDS = BAND_STARTS.length + 1;

/** Bands that are being filled: trials are counted, not kept. */
export class OpenBands {
  readonly #bands = openBands();

  add({ confidence, count, successes }: Trials): void {
    const step = Math.round(confidence * CONFIDENCE_STEPS);
    const into = this.#bands[bandOf(step)]!;
    into.count += count;
    into.successes += successes;
    into.confidences += step * count;
  }

  /** Ascending by confidence; empty bands are left out. */
  close(): TrialBand[] {
    return this.#bands.filter(({ count }) => count > 0);
  }
}

/** Trials by band, ascending by confidence; empty bands are left out. Whole counts add up exactly. O(trials). */
export function bandTrials(trials: readonly Trials[]): TrialBand[] {
  const open = new OpenBands();
  for (const one of trials) open.add(one);
  return open.close();
}

/** Bands of both together. */
export function mergeBands(a: readonly TrialBand[], b: readonly TrialBand[]): readonly TrialBand[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const open = openBands();
  for (const band of a) addTo(open, bandOf(band.confidences / band.count), band);
  for (const band of b) addTo(open, bandOf(band.confidences / band.count), band);
  return open.filter(({ count }) => count > 0);
}

/** Mean confidence of a band's trials. */
export function meanConfidence({ confidences, count }: TrialBand): number {
  return confidences / (count * CONFIDENCE_STEPS);
}

function bandOf(step: number): number {
  let band = 0;
  while (band < BAND_STARTS.length && step >= BAND_STARTS[band]!) band++;
  return band;
}

interface OpenBand {
  count: number;
  successes: number;
  confidences: number;
}

function openBands(): OpenBand[] {
  return Array.from({ length: NUM_BANDS }, () => ({ count: 0, successes: 0, confidences: 0 }));
}

function addTo(open: readonly OpenBand[], band: number, { count, successes, confidences }: TrialBand): void {
  const into = open[band]!;
  into.count += count;
  into.successes += successes;
  into.confidences += confidences;
}
