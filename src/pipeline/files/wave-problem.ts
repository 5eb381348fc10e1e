import {
  type Agent,
  type EarlierTaskState,
  type Heuristics,
  type History,
  InputError,
  type Problem,
  recordOf,
  suggestNearest,
  type Task,
} from "../../domain/index.js";
import { selectAgents } from "./agents-file.js";
import { withRiskLevel, type PlannedTask } from "./phase16.js";
import type { Phases } from "./phases.js";
import { checkReferences } from "../../planner/index.js";

export interface WaveChoice {
  /** May be left out where the task file has a single wave. */
  readonly wave?: number | undefined;
  /** Agent ids; default all. */
  readonly agents?: readonly string[] | undefined;
  /** Plan only these tasks of the wave (those the gate let through); default all. */
  readonly taskIds?: ReadonlySet<string> | undefined;
  /** Tasks known to be completed besides those the history says, such as of waves just run. */
  readonly finishedTaskIds?: ReadonlySet<string> | undefined;
  /** Tasks known not to be completed, whatever the history says of their ids; default none. */
  readonly unfinishedTaskIds?: ReadonlySet<string> | undefined;
}

/** What a wave is built from: no pools by default; without `finishedTaskIds` the rows of the history alone say what is completed. */
export type WavePhases = Pick<Phases, "tasks" | "agents" | "history" | "heuristics"> &
  Partial<Pick<Phases, "finishedTaskIds" | "pools">>;

/**
 * One wave of the task file as a problem.
 *
 * @throws InputError: several waves and none chosen, an unknown wave or agent, a risk level outside the three, a
 * dependency on a later wave, on no task at all or in a circle, an impossible pin. O(tasks + history)
 */
export function buildWaveProblem(phases: WavePhases, choice: WaveChoice = {}): Problem {
  const wave = chooseWave(phases.tasks, choice.wave);
  const planned = phases.tasks.filter(
    (entry) => entry.wave === wave && (choice.taskIds?.has(entry.task.taskId) ?? true),
  );
  const agents = selectAgents(phases.agents, choice.agents);
  const places = new Map(planned.map((entry) => [entry.task.taskId, entry.place]));
  const problem: Problem = {
    agents,
    tasks: planned.map((entry) => restrictAgents(withRiskLevel(entry), agents, phases.agents)),
    earlierTasks: recordOf(findEarlierTasks(planned, wave, phases, choice)),
    pools: phases.pools ?? {},
    priorityOrder: phases.heuristics.priorityOrder,
    options: {},
    usesHistory: hasEvidence(phases.history, phases.heuristics),
  };
  checkReferences(problem, "agents", (taskId, field) => `${places.get(taskId)}: ${field}`);
  return problem;
}

/** The waves of a task file, ascending. */
export function listWaves(tasks: readonly PlannedTask[]): number[] {
  return [...new Set(tasks.map((entry) => entry.wave))].sort((a, b) => a - b);
}

/** Whether anything is known that the prior alone, without files, could not rebuild. */
export function hasEvidence(history: History, heuristics: Heuristics): boolean {
  const { successRate, retryRate, confidenceDelta, executionTimeMs } = history.fleet;
  return (
    history.outcomes.length > 0 ||
    history.learned.length > 0 ||
    history.specializations.length > 0 ||
    heuristics.boost !== null ||
    heuristics.retry !== null ||
    [successRate, retryRate, confidenceDelta, executionTimeMs].some((value) => value !== null) ||
    history.agents.some(
      (agent) =>
        agent.successHistory.length > 0 ||
        [agent.successRate, agent.retryRate, agent.confidenceDelta, agent.executionTimeMs].some(
          (value) => value !== null,
        ),
    )
  );
}

function chooseWave(tasks: readonly PlannedTask[], wave: number | undefined): number {
  const waves = listWaves(tasks);
  const [first] = waves;
  if (wave === undefined && first !== undefined && waves.length === 1) return first;
  if (wave !== undefined && waves.includes(wave)) return wave;
  const fault = wave === undefined ? "is missing" : `${wave} is not a wave of the task file`;
  throw new InputError(
    "options.wave",
    `${fault}; the file has ${waves.length === 1 ? "wave" : "waves"} ${waves.join(", ")}: choose one`,
  );
}

/** To name an agent that exists and was not selected is not a mistake; its estimate is not needed, and it is not eligible. */
function restrictAgents(task: Task, selected: readonly Agent[], all: readonly Agent[]): Task {
  if (selected.length === all.length) return task;
  const left = new Set(all.map((agent) => agent.agentId));
  for (const agent of selected) left.delete(agent.agentId);
  return {
    ...task,
    eligibleAgents: task.eligibleAgents?.filter((agentId) => !left.has(agentId)) ?? null,
    estimates: recordOf(Object.entries(task.estimates).filter(([agentId]) => !left.has(agentId))),
  };
}

/** The state of every task outside the plan that one of its tasks waits for. */
function* findEarlierTasks(
  planned: readonly PlannedTask[],
  wave: number,
  phases: WavePhases,
  { finishedTaskIds, unfinishedTaskIds }: WaveChoice,
): Generator<[string, EarlierTaskState]> {
  if (planned.every(({ task }) => task.dependsOn.length === 0)) return;
  const isPlanned = new Set(planned.map((entry) => entry.task.taskId));
  const waveOf = new Map(phases.tasks.map((entry) => [entry.task.taskId, entry.wave]));
  const succeeded = new Set(phases.history.outcomes.filter((row) => row.succeeded).map((row) => row.taskId));
  for (const { task, place } of planned) {
    for (const id of task.dependsOn) {
      if (isPlanned.has(id)) continue;
      const otherWave = waveOf.get(id);
      if (otherWave === undefined) {
        throw new InputError(
          `${place}: depends_on`,
          `"${id}" is not a task of the file; ${suggestNearest(id, [...waveOf.keys()])}`,
        );
      }
      if (otherWave > wave) {
        throw new InputError(
          `${place}: depends_on`,
          `"${id}" is in the later wave ${otherWave}; move one of the two tasks`,
        );
      }
      // A task of this wave that is left out of the plan has not run, whatever an older history says of its id.
      const isRecorded = succeeded.has(id) || (phases.finishedTaskIds?.has(id) ?? false);
      const isKnownOpen = otherWave >= wave || unfinishedTaskIds?.has(id) === true;
      const isFinished = finishedTaskIds?.has(id) === true || (!isKnownOpen && isRecorded);
      yield [id, isFinished ? "finished" : "unfinished"];
    }
  }
}
