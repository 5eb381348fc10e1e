import type { StrategyName } from "../../domain/index.js";

/** A strategy that the monitor sees failing its goal now. */
export interface FailingStrategy {
  readonly strategy: StrategyName;
  /** Half a sentence with its numbers, such as `planned 0.92, achieved 0.61 over 40 tasks`. */
  readonly reason: string;
  /** The last wave in which it missed its goal. */
  readonly lastMissed: number;
}

/** Waves a failing strategy sits out: so long the predictions behind it learn from others' waves. */
const RECOVERY_WAVES = 3;

/**
 * Of the strategies failing now, those that have not sat out `RECOVERY_WAVES` waves since they last missed their goal.
 * One that misses it again after its release sits out again; one whose evidence no longer holds is not named at all.
 *
 * @param wavesSince how many waves have ended after that wave
 */
export function leftOut(
  failing: readonly FailingStrategy[],
  wavesSince: (wave: number) => number,
): readonly FailingStrategy[] {
  return failing.filter(({ lastMissed }) => wavesSince(lastMissed) < RECOVERY_WAVES);
}
