import type * as Files from "../files/index.js";
import type * as Optimizer from "../optimizer/index.js";
import type * as Prediction from "../prediction/index.js";

export interface Engine {
  readonly files: typeof Files;
  readonly prediction: typeof Prediction;
  readonly optimizer: typeof Optimizer;
}

/** Loads the rooms a command needs only once it needs them: `--help` and a misspelt option should not wait for them. */
export async function loadEngine(): Promise<Engine> {
  const [files, prediction, optimizer] = await Promise.all([
    import("../files/index.js"),
    import("../prediction/index.js"),
    import("../optimizer/index.js"),
  ]);
  return { files, prediction, optimizer };
}
