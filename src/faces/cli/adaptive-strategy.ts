import type { SolveOptions, StrategyName } from "../../domain/index.js";
import type { Notes } from "./notes.js";
import type { SolveInput } from "./solve-input.js";

/** A document is the first wave of its mission. */
const FIRST_WAVE = 1;

/**
 * The strategy of `--strategy adaptive` for one wave, as a run chooses it: by what strategies earned in the real waves of
 * the learned state. Says which and why.
 */
export async function chooseAdaptively(
  { wave, state }: Pick<SolveInput, "wave" | "state">,
  options: Pick<SolveOptions, "weights" | "seed" | "exploration">,
  notes: Notes,
): Promise<StrategyName> {
  const { StrategyChooser } = await import("../../pipeline/index.js");
  const { EMPTY_STATE } = await import("../../domain/schemas/index.js");
  const { strategy, reason } = new StrategyChooser(options.weights).choose({
    ...{ state: state ?? EMPTY_STATE, execution: "real", wave: wave ?? FIRST_WAVE, failing: [] },
    ...{ seed: options.seed, exploration: options.exploration },
  });
  notes.warn(`--strategy adaptive: ${strategy}; ${reason}`);
  return strategy;
}
