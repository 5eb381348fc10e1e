import type { SolveOptions } from "../../domain/index.js";
import type { ProgressEvent } from "../../engine/index.js";
import type { LiveScreen } from "./live-screen.js";
import { formatGap, formatNumber } from "./text.js";

export interface SolveLine {
  readonly hear: (event: ProgressEvent) => void;
  /** Takes the line away. */
  readonly stop: () => void;
}

const REFRESH_MS = 200;

/**
 * The live line of one solve: value, bound, gap, time of the limit and the stage that runs. It starts after 0.2 s, so that a
 * short solve shows none; where `screen` is null it shows nothing.
 *
 * @param elapsedMs time since the command began, which the limit counts
 */
export function createSolveLine(
  screen: LiveScreen | null,
  { strategy, timeLimitMs }: Pick<SolveOptions, "strategy" | "timeLimitMs">,
  elapsedMs: () => number,
): SolveLine {
  if (screen === null) return { hear: () => undefined, stop: () => undefined };
  let last: ProgressEvent | null = null;
  const limit = seconds(timeLimitMs);
  const draw = (): void => {
    const { value = null, bound = null, gap = null, stage = "reading" } = last ?? {};
    const numbers = `value ${formatNumber(value)} · bound ${formatNumber(bound)} · gap ${formatGap(gap)}`;
    screen.show(`${strategy} · ${numbers} · ${seconds(elapsedMs())} of ${limit} s · ${stage}`);
  };
  const timer = setInterval(draw, REFRESH_MS).unref();
  return {
    hear: (event) => (last = event),
    stop: () => {
      clearInterval(timer);
      screen.clear();
    },
  };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(ms < 100_000 ? 1 : 0);
}
