import { type DeferralRecord, followersOf } from "../../domain/index.js";
import type { PlannedTask } from "../files/phase16.js";
import { type EvaluatedWave, readEvaluatedWaves } from "./evaluated-waves.js";

/** What `evaluate` booked of the waves before one that is to be planned. */
export interface EarlierWaves {
  /** Ascending; none where nothing was evaluated before this wave. */
  readonly waves: readonly number[];
  readonly finishedTaskIds: ReadonlySet<string>;
  /** Failed, put off or not reported: not completed, whatever an older history says of the id. */
  readonly unfinishedTaskIds: ReadonlySet<string>;
  /** Tasks that a plan put off and that another plan may take; with the number of waves that put them off. */
  readonly carried: ReadonlyMap<string, number>;
  /** Tasks of a plan that nobody reported on. Whether they ran is not known, so they are not planned again. */
  readonly unreported: readonly string[];
}

/**
 * The waves before `wave` in an evaluated tree.
 *
 * @param directory the output directory of `evaluate`; it need not exist
 * @throws InputError where the tree is damaged
 */
export async function readEarlierWaves(
  directory: string,
  wave: number,
  tasks: readonly PlannedTask[],
): Promise<EarlierWaves> {
  const evaluated = await readEvaluatedWaves(directory);
  return earlierWaves(
    evaluated.filter(({ wave: { record } }) => record.wave < wave),
    tasks,
  );
}

/** O(tasks of the waves + dependencies) */
export function earlierWaves(evaluated: readonly EvaluatedWave[], tasks: readonly PlannedTask[]): EarlierWaves {
  const finished = new Set<string>();
  const failed = new Set<string>();
  const putOff = new Map<string, Pick<DeferralRecord, "stage">>();
  const waited = new Map<string, number>();
  for (const { wave } of evaluated) {
    for (const { taskId, succeeded } of wave.record.tasks) (succeeded ? finished : failed).add(taskId);
    for (const { taskId, stage } of wave.record.deferrals) {
      putOff.set(taskId, { stage });
      waited.set(taskId, (waited.get(taskId) ?? 0) + 1);
    }
  }
  for (const taskId of finished) for (const others of [failed, putOff]) others.delete(taskId);
  for (const taskId of failed) putOff.delete(taskId);
  const unreported = [...putOff].filter(([, { stage }]) => stage === "unreported").map(([taskId]) => taskId);
  const open = [...putOff].filter(([, { stage }]) => stage === "plan").map(([taskId]) => taskId);
  const held = [...putOff].filter(([, { stage }]) => stage !== "plan" && stage !== "unreported");
  const carried = withoutHopeless(open, new Set([...failed, ...held.map(([taskId]) => taskId)]), tasks);
  return {
    waves: evaluated.map(({ wave }) => wave.record.wave),
    finishedTaskIds: finished,
    unfinishedTaskIds: new Set([...failed, ...putOff.keys()]),
    carried: new Map(carried.map((taskId) => [taskId, waited.get(taskId)!])),
    unreported: unreported.sort(),
  };
}

/** Without tasks that wait, directly or not, for one that is lost: no plan can take them. A task that the file no longer has is left out too. */
function withoutHopeless(
  open: readonly string[],
  lost: ReadonlySet<string>,
  tasks: readonly PlannedTask[],
): readonly string[] {
  const present = new Set(tasks.map(({ task }) => task.taskId));
  const hopeless = followersOf(
    lost,
    tasks.map(({ task }) => task),
  );
  return open.filter((taskId) => present.has(taskId) && !hopeless.has(taskId));
}

/** The task file with the tasks that earlier waves put off as tasks of this one. */
export function carryInto(
  wave: number,
  tasks: readonly PlannedTask[],
  carried: ReadonlyMap<string, number>,
): readonly PlannedTask[] {
  if (carried.size === 0 || !tasks.some((planned) => planned.wave === wave)) return tasks;
  return tasks.map((planned) => {
    const waves = carried.get(planned.task.taskId);
    if (waves === undefined || planned.wave >= wave) return planned;
    const { task } = planned;
    return { ...planned, wave, task: { ...task, wavesWaited: task.wavesWaited + waves } };
  });
}
