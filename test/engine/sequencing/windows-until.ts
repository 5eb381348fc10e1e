import type { WindowsCertificate } from "../../../src/engine/sequencing/bound-certificate.js";
import { certifiedBound } from "../../../src/engine/sequencing/check-bound-certificate.js";
import { buildSequencingProblem, type SequencingArrays } from "../../../src/engine/sequencing/sequencing-problem.js";

/** Busy times by task and agent, NaN where the agent cannot take the task; and what differs from a plain problem. */
export type Shape = Partial<SequencingArrays> & { readonly busy: readonly (readonly number[])[] };

/** A problem of some busy times. */
export function problemOf({ busy, ...own }: Shape) {
  const numAgents = busy[0]!.length;
  const pairs = busy.map((times) => times.flatMap((ms, agent) => (Number.isNaN(ms) ? [] : [{ agent, ms }])));
  const start = [0];
  for (const here of pairs) start.push(start.at(-1)! + here.length);
  return buildSequencingProblem({
    ...{ numTasks: busy.length, numAgents, agentSlots: busy[0]!.map(() => 1), availableFromMs: busy[0]!.map(() => 0) },
    ...{
      pairStart: start,
      pairAgent: pairs.flat().map(({ agent }) => agent),
      busyMs: pairs.flat().map(({ ms }) => ms),
    },
    ...{ dependencies: [], releaseMs: busy.map(() => 0), deadlineMs: busy.map(() => Infinity) },
    ...own,
  });
}

/** The bound by an end that is refuted, 0 where it is not. */
export function until(shape: Shape, latestEndMs: number, own: Partial<WindowsCertificate> = {}): number {
  const certificate = { kind: "windows", latestEndMs, refuted: [], prices: null, pricings: [], ...own } as const;
  return certifiedBound(problemOf(shape), certificate);
}

/** Absences of each agent, and when each leaves. */
export function awayOf(intervals: readonly (readonly (readonly [number, number])[])[], leaves: readonly number[]) {
  const all = intervals.flat();
  const starts = [0];
  for (const here of intervals) starts.push(starts.at(-1)! + here.length);
  return {
    absences: {
      ...{ availableUntilMs: Float64Array.from(leaves), intervalStart: Int32Array.from(starts) },
      ...{ fromMs: Float64Array.from(all, ([from]) => from), toMs: Float64Array.from(all, ([, to]) => to) },
    },
  };
}
