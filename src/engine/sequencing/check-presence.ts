import type { SequencingProblem } from "./sequencing-problem.js";

/** Time of an agent within [from, to]; written apart from the search. */
export function presence(
  { absences, availableFromMs }: SequencingProblem,
  agent: number,
  from: number,
  to: number,
): number {
  const start = Math.max(from, availableFromMs[agent]!);
  const end = Math.min(to, absences?.availableUntilMs[agent] ?? Infinity);
  let time = Math.max(0, end - start);
  for (let k = absences?.intervalStart[agent] ?? 0; k < (absences?.intervalStart[agent + 1] ?? 0); k++) {
    time -= Math.max(0, Math.min(end, absences!.toMs[k]!) - Math.max(start, absences!.fromMs[k]!));
  }
  return time;
}
