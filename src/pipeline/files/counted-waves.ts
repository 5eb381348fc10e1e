import { MAX_COUNTED_WAVES } from "../../domain/schemas/index.js";

/** Wave numbers of both, the smallest 20 ascending: the same in whatever parts and order they came. */
export function addWaves(known: readonly number[], more: Iterable<number>): number[] {
  return [...new Set([...known, ...more])].sort((a, b) => a - b).slice(0, MAX_COUNTED_WAVES);
}
