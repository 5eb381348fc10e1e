import { type Assignment, DEFERRED, findPair, type Goal, type Instance } from "../../../models/index.js";
import type { FullProblem } from "../../domain/index.js";
import { BrokenRows } from "./broken-rows.js";

/**
 * Why each placed task has its agent, in a few words: its place among the agents that may take it, by what the goal counts of a pair, and
 * the limit that keeps the best one from it. O(pairs + slots of the best agents).
 *
 * @returns one entry per task, null where it is deferred
 */
export function shortReasons(
  problem: FullProblem,
  instance: Instance,
  plan: Assignment,
  goal: Goal,
): (string | null)[] {
  const rows = new BrokenRows(instance, plan);
  const worth = worthOfPairs(instance, goal);
  return problem.tasks.map(({ pinnedAgent }, task) => {
    const agent = plan.agentOf[task]!;
    if (agent === DEFERRED) return null;
    if (pinnedAgent !== null) return "pinned";
    const [from, to] = [instance.pairStart[task]!, instance.pairStart[task + 1]!];
    if (to - from === 1) return "no other agent can";
    const own = worth(findPair(instance, task, agent)!);
    const better = Array.from({ length: to - from }, (_, k) => from + k)
      .filter((pair) => worth(pair) > own)
      .sort((a, b) => worth(b) - worth(a));
    const place = `${better.length === 0 ? "best" : ordinal(better.length + 1)} of ${to - from}`;
    if (better.length === 0) return place;
    const best = instance.pairAgent[better[0]!]!;
    const full = rows.byPlacingOn(task, best);
    if (full.length > 0) return `${place}; ${full[0]} is full`;
    return leavesTooSoon(instance, plan, best, better[0]!)
      ? `${place}; departure[${instance.agentIds[best]}] leaves no room`
      : place;
  });
}

/** Whether an agent that leaves has less time, absences taken off, than its tasks and one more take. O(tasks + absences) */
function leavesTooSoon(instance: Instance, plan: Assignment, agent: number, pair: number): boolean {
  const { timing, availableFromMs, slots, busyMs } = instance;
  const untilMs = timing?.availableUntilMs[agent] ?? Infinity;
  if (timing === null || untilMs === Infinity) return false;
  let openMs = untilMs - availableFromMs[agent]!;
  for (let k = timing.absenceStart[agent]!; k < timing.absenceStart[agent + 1]!; k++) {
    openMs -= Math.max(0, Math.min(timing.absenceToMs[k]!, untilMs) - timing.absenceFromMs[k]!);
  }
  const neededMs = plan.agentOf.reduce(
    (sum, other, task) => (other === agent ? sum + busyMs[findPair(instance, task, agent)!]! : sum),
    busyMs[pair]!,
  );
  return neededMs > slots[agent]! * openMs;
}

/** How good a pair is, more is better: what it adds to the goal; where the goal counts no pairs, how short it is. */
function worthOfPairs({ busyMs }: Instance, { perPair, sense }: Goal): (pair: number) => number {
  if (perPair === null) return (pair) => -busyMs[pair]!;
  return (pair) => (sense === "max" ? perPair[pair]! : -perPair[pair]!);
}

function ordinal(place: number): string {
  const isTeen = place % 100 >= 11 && place % 100 <= 13;
  const ending = isTeen ? "th" : (["th", "st", "nd", "rd"][place % 10] ?? "th");
  return `${place}${ending}`;
}
