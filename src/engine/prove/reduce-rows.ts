import { FEASIBILITY_TOLERANCE, findPair, type Instance, isPlaceable } from "../../../models/index.js";
import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import type { RelaxedRow } from "../bounds/relaxation.js";
import type { SideRows } from "../tree/side-rows.js";

/** Each row less the least that every task can take in it. O(pairs · rows). */
export function reduceRows(
  instance: Instance,
  problem: GeneralizedAssignment,
  taskOf: Int32Array,
  rows: readonly RelaxedRow[],
): SideRows {
  const numPairs = problem.pairAgent.length;
  const room = new Float64Array(rows.length);
  const entries: { readonly row: number; readonly coefficients: Float64Array }[] = rows.map((row, r) => {
    const whole = new Float64Array(instance.numPairs);
    row.pairs.forEach((pair, k) => (whole[pair] = row.coefficients[k]!));
    const coefficients = new Float64Array(numPairs);
    room[r] = row.rhs + FEASIBILITY_TOLERANCE * Math.max(1, Math.abs(row.rhs));
    for (let task = 0; task < instance.numTasks; task++) {
      if (!isPlaceable(instance, task)) room[r]! -= row.perDeferral?.[task] ?? 0;
    }
    taskOf.forEach((task, k) => {
      const [from, to] = [problem.pairStart[k]!, problem.pairStart[k + 1]!];
      let least = Infinity;
      for (let at = from; at < to; at++) {
        const agent = problem.pairAgent[at]!;
        const pair = agent === instance.numAgents ? undefined : findPair(instance, task, agent);
        coefficients[at] = pair === undefined ? (row.perDeferral?.[task] ?? 0) : whole[pair]!;
        least = Math.min(least, coefficients[at]!);
      }
      for (let at = from; at < to; at++) coefficients[at]! -= least;
      if (from < to) room[r]! -= least;
    });
    return { row: r, coefficients };
  });
  const [start, rowOf, coefficient]: [Int32Array, number[], number[]] = [new Int32Array(numPairs + 1), [], []];
  for (let at = 0; at < numPairs; at++) {
    for (const { row, coefficients } of entries) {
      if (coefficients[at]! <= 0) continue;
      rowOf.push(row);
      coefficient.push(coefficients[at]!);
    }
    start[at + 1] = rowOf.length;
  }
  return { room, start, row: Int32Array.from(rowOf), coefficient: Float64Array.from(coefficient) };
}
