import { type Assignment, DEFERRED, type Instance, type Timing } from "../../../models/index.js";
import type { DeadlineSchedule } from "./deadline-schedule.js";
import { pathPriorities } from "./path-priorities.js";
import { ANY_PAIR, PlanDecoder } from "./plan-decoder.js";
import { orderBy } from "./plan-search.js";

/** A plan that places urgent tasks as a schedule does, pools allowing, and all others behind, each where it ends first. O(pairs · slots). */
export function planOfSchedule({ wave: { instance, isUrgent }, isIn, pairOf, startMs }: DeadlineSchedule): Assignment {
  const startOf = (task: number): number => (isUrgent[task] === 1 && isIn[task] === 1 ? startMs[task]! : Infinity);
  const order = orderBy(instance, startOf, pathPriorities(instance));
  const decoder = new PlanDecoder({ ...instance, timing: instance.timing ?? untimed(instance) }, "earliest");
  decoder.decode(
    order,
    pairOf.map((pair) => (pair === DEFERRED ? ANY_PAIR : pair)),
  );
  const { agentOf, slotOf, startMs: starts } = decoder.toPlan();
  return instance.timing === null ? { agentOf, slotOf } : { agentOf, slotOf, startMs: starts! };
}

/** Of an instance without timing: nothing but slots and arrivals binds. */
function untimed({ numTasks, numAgents }: Instance): Timing {
  const [none, empty] = [new Int32Array(0), new Float64Array(0)];
  return {
    ...{ releaseMs: new Float64Array(numTasks), availableUntilMs: new Float64Array(numAgents).fill(Infinity) },
    ...{ absenceStart: new Int32Array(numAgents + 1), absenceFromMs: empty, absenceToMs: empty },
    ...{ poolNames: [], poolLimit: empty, useStart: new Int32Array(numTasks + 1), usePool: none, useAmount: empty },
  };
}
