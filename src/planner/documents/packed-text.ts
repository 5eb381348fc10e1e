import { createHash } from "node:crypto";
import { EstimateWriter, numbersOfShape } from "./canonical-estimates.js";
import type { EstimateShape } from "./estimate-numbers.js";

/**
 * The canonical text of a problem with its estimates as numbers: what takes little time to gather and to hand to another thread. Writing and
 * hashing the text takes ten times as long.
 */
export interface PackedText {
  /** What stands before, between and behind the estimates of the tasks: one more than there are tasks with numbers. */
  readonly texts: readonly string[];
  /** The agents of each of these tasks in the order of the text; tasks with the same agents share one list. */
  readonly ids: readonly (readonly string[])[];
  /** Of each estimate. */
  readonly shapes: Uint8Array;
  /** Of all estimates. */
  readonly numbers: Float64Array;
}

/** SHA-256 of the text in hexadecimal. */
export function packedSha256({ texts, ids, shapes, numbers }: PackedText): string {
  const hash = createHash("sha256");
  const writer = new EstimateWriter();
  let [estimate, number] = [0, 0];
  for (const [k, text] of texts.entries()) {
    hash.update(text);
    const own = ids[k];
    if (own === undefined) break;
    const ownShapes = Array.from(shapes.subarray(estimate, (estimate += own.length))) as EstimateShape[];
    const size = ownShapes.reduce<number>((sum, shape) => sum + numbersOfShape(shape), 0);
    const ownNumbers = Array.from(numbers.subarray(number, (number += size)));
    hash.update(writer.writeWhole({ ids: own, shapes: ownShapes, numbers: ownNumbers }));
  }
  return hash.digest("hex");
}
