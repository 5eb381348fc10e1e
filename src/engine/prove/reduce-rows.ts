import { FEASIBILITY_TOLERANCE, findPair, type Instance, isPlaceable } from "../../../models/index.js";
import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import type { RelaxedRow } from "../bounds/relaxation.js";
import type { SideRows } from "../tree/side-rows.js";

/** Each row less the least that every task can take in it. O(entries of the rows + pairs), where a row has no price per deferral. */
export function reduceRows(
  instance: Instance,
  problem: GeneralizedAssignment,
  taskOf: Int32Array,
  rows: readonly RelaxedRow[],
): SideRows {
  const numPairs = problem.pairAgent.length;
  const placeOf = new Int32Array(instance.numTasks).fill(-1);
  taskOf.forEach((task, k) => (placeOf[task] = k));
  const room = new Float64Array(rows.length);
  const whole = new Float64Array(instance.numPairs);
  const entries: { readonly at: number; readonly row: number; readonly coefficient: number }[] = [];
  for (const [r, row] of rows.entries()) {
    row.pairs.forEach((pair, k) => (whole[pair] = row.coefficients[k]!));
    room[r] = row.rhs + FEASIBILITY_TOLERANCE * Math.max(1, Math.abs(row.rhs));
    for (let task = 0; task < instance.numTasks; task++) {
      if (!isPlaceable(instance, task)) room[r]! -= row.perDeferral?.[task] ?? 0;
    }
    const touched = row.perDeferral === null ? [...new Set(row.pairs.map((pair) => instance.pairTask[pair]!))] : taskOf;
    for (const task of touched) {
      const k = placeOf[task]!;
      if (k < 0) continue;
      const [from, to] = [problem.pairStart[k]!, problem.pairStart[k + 1]!];
      const own: number[] = [];
      for (let at = from; at < to; at++) {
        const agent = problem.pairAgent[at]!;
        const pair = agent === instance.numAgents ? undefined : findPair(instance, task, agent);
        own.push(pair === undefined ? (row.perDeferral?.[task] ?? 0) : whole[pair]!);
      }
      if (own.length === 0) continue;
      const least = Math.min(...own);
      room[r]! -= least;
      own.forEach((coefficient, n) => {
        if (coefficient > least) entries.push({ at: from + n, row: r, coefficient: coefficient - least });
      });
    }
    for (const pair of row.pairs) whole[pair] = 0;
  }
  entries.sort((a, b) => a.at - b.at || a.row - b.row);
  const start = new Int32Array(numPairs + 1);
  for (const { at } of entries) start[at + 1]!++;
  for (let at = 0; at < numPairs; at++) start[at + 1]! += start[at]!;
  return {
    room,
    start,
    row: Int32Array.from(entries, ({ row }) => row),
    coefficient: Float64Array.from(entries, ({ coefficient }) => coefficient),
  };
}
