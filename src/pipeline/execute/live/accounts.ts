import {
  type Agent,
  type Estimate,
  type FullProblem,
  ModelError,
  type PlannedTaskRecord,
  type Task,
} from "../../../domain/index.js";
import { busyTimeMs, ineligibility } from "../../../planner/index.js";
import { WaveCalendar } from "./wave-calendar.js";

/** What an agent has been given in this wave. */
interface Account {
  readonly agent: Agent;
  readonly taskIds: Set<string>;
  busyMs: number;
}

/** What the agents' max_tasks and capacity are used for: by the plan, and by what was moved since. One a wave. */
export class AgentAccounts {
  /** When its agents may start attempts. */
  readonly calendar: WaveCalendar;
  readonly #tasks: Map<string, Task<Estimate>>;
  readonly #accounts: ReadonlyMap<string, Account>;

  /** @throws ModelError where the plan is not one of this problem */
  constructor(problem: Pick<FullProblem, "tasks" | "agents" | "pools">, planned: readonly PlannedTaskRecord[]) {
    const { tasks, agents } = problem;
    this.#tasks = new Map(tasks.map((task) => [task.taskId, task]));
    this.calendar = new WaveCalendar(problem, (taskId) => this.task(taskId));
    this.#accounts = new Map(
      agents.map((agent): [string, Account] => [agent.agentId, { agent, taskIds: new Set(), busyMs: 0 }]),
    );
    for (const { taskId, agentId } of planned) {
      const account = this.#accounts.get(agentId);
      const estimate = this.#tasks.get(taskId)?.estimates[agentId];
      if (account === undefined || estimate === undefined)
        throw new ModelError(`${taskId} is planned on ${agentId}, which the problem does not know`);
      account.taskIds.add(taskId);
      account.busyMs += busyTimeMs(estimate);
    }
  }

  /** A task comes while the wave runs. */
  welcome(task: Task<Estimate>): void {
    this.#tasks.set(task.taskId, task);
  }

  /** @throws ModelError where the problem does not have it */
  task(taskId: string): Task<Estimate> {
    const task = this.#tasks.get(taskId);
    if (task === undefined) throw new ModelError(`${taskId} is not in the problem`);
    return task;
  }

  /** Whether an attempt that begins at `startMs` is eligible, in time, while the agent is there, and within its own limits. */
  canTake(agentId: string, taskId: string, startMs: number): boolean {
    const account = this.#accounts.get(agentId);
    if (account === undefined) return false;
    const { agent, taskIds, busyMs } = account;
    const task = this.task(taskId);
    if (ineligibility(task, agent) !== null) return false;
    const { durationMs } = task.estimates[agentId]!;
    if (this.calendar.startMs(taskId, agentId, startMs, true) > startMs) return false;
    if (!this.calendar.endsInTime(taskId, agentId, startMs)) return false;
    if (task.deadlineMs !== null && startMs + durationMs > task.deadlineMs) return false;
    if (agent.maxTasks !== null && !taskIds.has(taskId) && taskIds.size + 1 > agent.maxTasks) return false;
    return agent.capacityMs === null || busyMs + durationMs <= agent.slots * agent.capacityMs;
  }

  /** Books another attempt on an agent. */
  add(agentId: string, taskId: string): void {
    const account = this.#accounts.get(agentId);
    if (account === undefined) throw new ModelError(`${agentId} is not in the problem`);
    account.taskIds.add(taskId);
    account.busyMs += this.task(taskId).estimates[agentId]!.durationMs;
  }

  /** Books that a task which was not started leaves an agent. */
  remove(agentId: string, taskId: string): void {
    const account = this.#accounts.get(agentId);
    if (account === undefined || !account.taskIds.delete(taskId)) return;
    account.busyMs -= busyTimeMs(this.task(taskId).estimates[agentId]!);
  }
}
