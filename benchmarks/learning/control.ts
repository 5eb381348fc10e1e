import type { Agent, Task } from "../../src/domain/problem.js";
import { OptimizerPolicy } from "./optimizer-policy.js";
import { startingHistory } from "./starting-history.js";
import type { HiddenTask } from "./truth.js";
import { type Alarm, Watch } from "./watch.js";
import { CHANGE_WAVE, TASKS_PER_WAVE, type World } from "./worlds.js";

/** Tasks of each wave that the control gives to the agent that will change. */
const CONTROL_TASKS = 30;
/** Waves after the change within which the monitor must have named it, that of the change included. */
export const NAMING_WAVES = 5;

/**
 * The monitor's power where the plan does not flee: 30 tasks a wave stay with the agent that changes. Predictions are
 * learned until the wave before the change and then frozen, so that what is missed is the change and nothing else.
 */
export async function playControl(world: World, waves: readonly (readonly HiddenTask[])[]): Promise<Alarm[]> {
  const { change } = world.truth;
  if (change === null) throw new Error(`nobody changes in ${world.world}`);
  const policy = new OptimizerPolicy(world, startingHistory(world), {
    ...{ learnsUntil: change.wave - 1, exploration: 0 },
    change: {
      agents: (agents) => agents.map((agent) => withRoom(agent, change.agentId)),
      tasks: (tasks) => tasks.map((task, i) => pinSome(task, i, change.agentId)),
    },
  });
  const watch = new Watch(waves.length);
  for (const [k, tasks] of waves.slice(0, CHANGE_WAVE - 1 + NAMING_WAVES).entries()) {
    const { record } = await policy.play(k + 1, tasks);
    watch.observe(record);
  }
  return watch.alarms;
}

function withRoom(agent: Agent, agentId: string): Agent {
  return agent.agentId === agentId ? { ...agent, maxTasks: CONTROL_TASKS } : agent;
}

/** The first 30 of the wave: kinds are in random order, so any will do. */
function pinSome(task: Task, i: number, agentId: string): Task {
  return i < Math.min(CONTROL_TASKS, TASKS_PER_WAVE) ? { ...task, pinnedAgent: agentId } : task;
}
