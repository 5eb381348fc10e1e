import { z } from "zod";
import { text, strict } from "./fields.js";
import { count } from "./output-fields.js";

/** What a heuristic adds to the chance of success, by one way of finding out. */
export const heuristicUpliftSchema = strict(() => ({
  heuristic_id: text(),
  /** Null where neither way is open. */
  basis: z.enum(["model-adjusted", "randomised hold-out"]).nullable(),
  /** In points of probability, as a fraction in [−1, 1]; null with the reason in `note`. */
  uplift: z.number().min(-1).max(1).nullable(),
  standard_error: z.number().min(0).nullable(),
  /** Attempts (H16_002) or tasks (H16_003) the heuristic was applied to; of a hold-out, the first attempts of both arms. */
  attempts: count(),
  /** Attempts it was withheld from by lot. */
  withheld: count(),
  /** What the outcomes were compared with, or why they could not be, with the numbers there are. */
  note: text(),
}));

export type HeuristicUplift = z.infer<typeof heuristicUpliftSchema>;
