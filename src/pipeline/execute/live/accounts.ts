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

/** Sums of times round. */
const ROUNDING = 1e-9;

/** What an agent has been given in this wave. */
interface Account {
  readonly agent: Agent;
  /** What each of its tasks is expected to take there. */
  readonly tasksMs: Map<string, number>;
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
      agents.map((agent): [string, Account] => [agent.agentId, { agent, tasksMs: new Map(), busyMs: 0 }]),
    );
    for (const { taskId, agentId } of planned) {
      if (this.#tasks.get(taskId)?.estimates[agentId] === undefined)
        throw new ModelError(`${taskId} is planned on ${agentId}, which the problem does not know`);
      this.plan(agentId, taskId);
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
    const { agent, tasksMs, busyMs } = account;
    const task = this.task(taskId);
    if (ineligibility(task, agent) !== null) return false;
    const { durationMs } = task.estimates[agentId]!;
    if (this.calendar.startMs(taskId, agentId, startMs, true) > startMs) return false;
    if (!this.calendar.endsInTime(taskId, agentId, startMs)) return false;
    if (task.deadlineMs !== null && startMs + durationMs > task.deadlineMs) return false;
    if (agent.maxTasks !== null && !tasksMs.has(taskId) && tasksMs.size + 1 > agent.maxTasks) return false;
    return agent.capacityMs === null || busyMs + durationMs <= agent.slots * agent.capacityMs;
  }

  /** Whether the agent has been given more than its limits allow. */
  isOver(agentId: string): boolean {
    const account = this.#accounts.get(agentId);
    if (account === undefined) return false;
    const { agent, tasksMs, busyMs } = account;
    const mostMs = agent.capacityMs === null ? Infinity : agent.slots * agent.capacityMs;
    return tasksMs.size > (agent.maxTasks ?? Infinity) || busyMs > mostMs * (1 + ROUNDING);
  }

  /** Books a planned task on an agent, with the retries that are expected. */
  plan(agentId: string, taskId: string): void {
    this.#book(agentId, taskId, busyTimeMs(this.task(taskId).estimates[agentId]!));
  }

  /** Books another attempt on an agent. */
  add(agentId: string, taskId: string): void {
    this.#book(agentId, taskId, this.task(taskId).estimates[agentId]!.durationMs);
  }

  #book(agentId: string, taskId: string, neededMs: number): void {
    const account = this.#accounts.get(agentId);
    if (account === undefined) throw new ModelError(`${agentId} is not in the problem`);
    account.tasksMs.set(taskId, (account.tasksMs.get(taskId) ?? 0) + neededMs);
    account.busyMs += neededMs;
  }

  /** Books that a task which was not started leaves an agent. */
  remove(agentId: string, taskId: string): void {
    const account = this.#accounts.get(agentId);
    const neededMs = account?.tasksMs.get(taskId);
    if (account === undefined || neededMs === undefined) return;
    account.tasksMs.delete(taskId);
    account.busyMs -= neededMs;
  }
}
