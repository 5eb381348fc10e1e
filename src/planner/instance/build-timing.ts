import type { Timing } from "../../../models/index.js";
import type { FullProblem } from "../../domain/index.js";

/** What of the instance decides whether anything of the times binds. */
export interface PlaceablePairs {
  readonly pairStart: Int32Array;
  readonly pairAgent: Int32Array;
  readonly dependsStart: Int32Array;
}

/** Releases, departures, absences and pools of a wave; null where none of them touches a task that can be placed. O(pairs + uses). */
export function buildTiming(problem: FullProblem, pairs: PlaceablePairs): Timing | null {
  return isTimed(problem, pairs) ? timesOf(problem) : null;
}

/** Releases, departures, absences and pools of a wave, whatever they touch. O(agents + absences + uses). */
export function timesOf(problem: FullProblem): Timing {
  return { ...absencesOf(problem), ...poolsOf(problem), ...releasesOf(problem) };
}

function isTimed({ tasks, agents }: FullProblem, { pairStart, pairAgent, dependsStart }: PlaceablePairs): boolean {
  const comesAndGoes = agents.map(
    ({ availableUntilMs, unavailable }) => availableUntilMs !== null || unavailable.length > 0,
  );
  return tasks.some((task, index) => {
    const [first, end] = [pairStart[index]!, pairStart[index + 1]!];
    if (first === end) return false;
    if (dependsStart[index]! < dependsStart[index + 1]! || task.releaseMs > 0) return true;
    return Object.keys(task.uses).length > 0 || pairAgent.subarray(first, end).some((agent) => comesAndGoes[agent]!);
  });
}

function releasesOf({ tasks }: FullProblem): Pick<Timing, "releaseMs"> {
  return { releaseMs: Float64Array.from(tasks, ({ releaseMs }) => releaseMs) };
}

function absencesOf({
  agents,
}: FullProblem): Pick<Timing, "availableUntilMs" | "absenceStart" | "absenceFromMs" | "absenceToMs"> {
  const absences = agents.flatMap(({ unavailable }) => unavailable);
  return {
    availableUntilMs: Float64Array.from(agents, ({ availableUntilMs }) => availableUntilMs ?? Infinity),
    absenceStart: startsOf(agents.map(({ unavailable }) => unavailable.length)),
    absenceFromMs: Float64Array.from(absences, ([from]) => from),
    absenceToMs: Float64Array.from(absences, ([, to]) => to),
  };
}

function poolsOf({
  tasks,
  pools,
}: FullProblem): Pick<Timing, "poolNames" | "poolLimit" | "useStart" | "usePool" | "useAmount"> {
  const poolNames = Object.keys(pools);
  const indexOf = new Map(poolNames.map((name, index) => [name, index]));
  const uses = tasks.map((task) => Object.entries(task.uses));
  return {
    poolNames,
    poolLimit: Float64Array.from(poolNames, (name) => pools[name]!),
    useStart: startsOf(uses.map((list) => list.length)),
    usePool: Int32Array.from(uses.flat(), ([name]) => indexOf.get(name)!),
    useAmount: Float64Array.from(uses.flat(), ([, amount]) => amount),
  };
}

/** Where each list begins among all of them, and where the last ends. */
function startsOf(lengths: readonly number[]): Int32Array {
  const starts = new Int32Array(lengths.length + 1);
  lengths.forEach((length, k) => (starts[k + 1] = starts[k]! + length));
  return starts;
}
