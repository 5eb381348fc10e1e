import { type DiffReport, parseResult } from "../../domain/schemas/index.js";
import { diffResults } from "./diff-results.js";

/**
 * Two results of `solve` side by side: what moved, what it costs and gains, and what both bounds prove of the best values.
 *
 * @throws InputError where one of them is not a result
 */
export function diff(first: unknown, other: unknown): DiffReport {
  return diffResults(parseResult(first, "first result"), parseResult(other, "other result"));
}
