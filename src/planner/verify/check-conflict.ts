import type { Instance } from "../../../models/index.js";
import type { Conflict, FullProblem } from "../../domain/index.js";
import { timesOf } from "../instance/build-timing.js";
import { limitsInForce, nameOfLimit } from "../instance/restrict.js";
import type { CheckList } from "./report.js";

/**
 * Whether a conflict names tasks and agents of the wave and limits in force on it, each once. Whether they clash is not
 * recomputed: that is as hard as solving.
 *
 * @param instance of the problem, with its load limits; its times are read anew, since it has none where no task can be placed
 */
export function checkConflict(
  { tasks, agents, limits }: Conflict,
  problem: FullProblem,
  instance: Instance,
  list: CheckList,
): void {
  checkNames("tasks of the conflict", tasks, instance.taskIds, "in the problem", list);
  checkNames("agents of the conflict", agents, instance.agentIds, "in the problem", list);
  const timed = { ...instance, timing: timesOf(problem) };
  const inForce = limitsInForce(timed).map((limit) => nameOfLimit(timed, limit));
  checkNames("limits of the conflict", limits, inForce, "a limit in force", list);
}

function checkNames(
  name: string,
  stated: readonly string[],
  known: readonly string[],
  what: string,
  list: CheckList,
): void {
  const open = new Set(known);
  const all = new Set(known);
  const faults = stated.flatMap((one) => {
    if (open.delete(one)) return [];
    return [all.has(one) ? `${one} appears twice` : `${one} is not ${what}`];
  });
  list.check(name, faults.length === 0, faults.join("; ") || "those of the problem");
}
