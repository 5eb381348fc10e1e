import type { PatternRow } from "../../domain/schemas/index.js";

/** A pattern before it is numbered. */
export type Pattern = Omit<PatternRow, "execution" | "timestamp" | "pattern_id" | "run_id">;

/** Trust in a pattern of n tasks is n / (n + 10): the predictor counts a fully trusted one as ten trials. */
const PATTERN_SCALE = 10;

export function trust(tasks: number): number {
  return tasks / (tasks + PATTERN_SCALE);
}
