import { type Assignment, DEFERRED, findPair, findViolations, type Instance, isWithin } from "../../../models/index.js";
import { ModelError } from "../../domain/index.js";
import { checkSchedule, followersOf, type OrderedWave, type Schedule, scheduleWave } from "../../planner/index.js";
import { KeptOrder } from "./kept-order.js";

/** Price of leaving the plan for one task, in units of weighted success probability: a change must be worth something. */
const DEFAULT_MOVE_PRICE = 0.01;

export interface RebalanceOptions {
  /** Busy time per slot an agent may have, milliseconds; default no bound. */
  readonly loadBoundMs?: number;
  /** Ids of agents that are down: whatever is not fixed leaves them, and nothing goes to them. */
  readonly unavailable?: ReadonlySet<string>;
  /** Ids of tasks that stay where they are: finished and running work. */
  readonly fixed?: ReadonlySet<string>;
  /** Default .01 of weighted success probability. */
  readonly movePrice?: number;
}

interface TaskMove {
  readonly taskId: string;
  readonly fromAgentId: string;
  readonly toAgentId: string;
  /** Price of a move and the weighted success probability it loses (negative where it gains). */
  readonly price: number;
  readonly reason: string;
}

export interface Rebalanced {
  readonly assignment: Assignment;
  /** The whole wave laid out in time anew. */
  readonly schedule: Schedule;
  readonly moves: readonly TaskMove[];
  /** Tasks of unavailable agents that no other agent can take, and what waits for them. */
  readonly deferred: readonly { readonly taskId: string; readonly reason: string }[];
  /** Agents that stay over the bound, and why. */
  readonly unresolved: readonly { readonly agentId: string; readonly reason: string }[];
}

interface Option {
  readonly task: number;
  readonly agent: number;
  /** Busy time the move takes off the agent. */
  readonly relievedMs: number;
  readonly price: number;
}

/** The plan being changed. */
interface Draft {
  readonly instance: Instance;
  readonly agentOf: Int32Array;
  readonly slotOf: Int32Array;
  readonly isFixed: Uint8Array;
  readonly isDown: Uint8Array;
  /** Null where only slots and loads bind: then times are laid out at the end. */
  readonly times: KeptOrder | null;
  readonly boundMs: number;
  readonly movePrice: number;
  /** Rows the plan broke before: moves must break no other. */
  readonly brokenRows: ReadonlySet<string>;
}

/**
 * Takes work off agents over a load bound, or off agents that are down, with as few moves as it can: the cheapest single
 * move that suffices, else the one that relieves most, and so on (fewest where the other agents have room). A move keeps
 * eligibility, pins, capacity, max_tasks, budget, load limits and deadlines, and takes nobody else over the bound. All
 * times are laid out anew; where releases, absences, departures, pools or dependencies bind, in the order of the plan, and a move that would
 * break one of these is none. O(moves · pairs · slots · the check of a plan), mostly far less.
 *
 * @throws ModelError where the new schedule fails its check
 */
export function rebalance(
  wave: OrderedWave,
  instance: Instance,
  plan: Assignment,
  options: RebalanceOptions,
): Rebalanced {
  const draft = openDraft(instance, plan, options);
  const moves: TaskMove[] = [];
  const deferred: { taskId: string; reason: string }[] = [];
  const unresolved: { agentId: string; reason: string }[] = [];
  const isTroubled = (agent: number): boolean => excessMs(draft, agent) > 0;
  const agents = [...instance.agentIds.keys()].filter(isTroubled);
  agents.sort((a, b) => draft.isDown[b]! - draft.isDown[a]! || excessMs(draft, b) - excessMs(draft, a) || a - b);
  for (const agent of agents) {
    while (isTroubled(agent)) {
      const move = moveOne(draft, agent);
      if (move === null) break;
      moves.push(move);
    }
    if (!isTroubled(agent)) continue;
    const agentId = instance.agentIds[agent]!;
    if (draft.isDown[agent]) deferred.push(...deferRest(draft, agent));
    else unresolved.push({ agentId, reason: `${Math.round(excessMs(draft, agent))} ms over the bound can go nowhere` });
  }
  const assignment = planOf(draft);
  const schedule = scheduleWave(wave, instance, assignment);
  const [fault = newlyBroken(draft)?.message] = checkSchedule(instance, assignment, schedule);
  if (fault !== undefined) throw new ModelError(`the rebalanced schedule is wrong: ${fault}`);
  return { assignment, schedule, moves, deferred, unresolved };
}

function openDraft(instance: Instance, plan: Assignment, options: RebalanceOptions): Draft {
  const { timing } = instance;
  const isFixed = Uint8Array.from(instance.taskIds, (taskId) => Number(options.fixed?.has(taskId) === true));
  if (timing !== null && plan.startMs === undefined)
    throw new ModelError("a plan of a wave with timing has no start times");
  const draft = {
    // What only an agent that is down can take waits, also where the plan had to place every task.
    instance: { ...instance, deferral: { kind: "first" as const } },
    isFixed,
    times: timing === null ? null : new KeptOrder(instance, timing, plan.startMs!, isFixed),
    agentOf: plan.agentOf.slice(),
    slotOf: plan.slotOf.slice(),
    isDown: Uint8Array.from(instance.agentIds, (agentId) => Number(options.unavailable?.has(agentId) === true)),
    boundMs: options.loadBoundMs ?? Infinity,
    movePrice: options.movePrice ?? DEFAULT_MOVE_PRICE,
  };
  const broken = [plan, planOf(draft)].flatMap((one) => findViolations(instance, one).map(({ row }) => row));
  return { ...draft, brokenRows: new Set(broken) };
}

/** The plan as it is now, with its times where these bind. */
function planOf({ agentOf, slotOf, times }: Pick<Draft, "agentOf" | "slotOf" | "times">): Assignment {
  return times === null ? { agentOf, slotOf } : { agentOf, slotOf, startMs: times.startsOf({ agentOf, slotOf }) };
}

/** A row that the plan kept before; null where none is broken now. */
function newlyBroken(draft: Draft): { readonly message: string } | null {
  const violations = findViolations(draft.instance, planOf(draft));
  return violations.find(({ row }) => !draft.brokenRows.has(row)) ?? null;
}

/** Busy time that must leave the agent, 0 where none must. */
function excessMs(draft: Draft, agent: number): number {
  const { instance } = draft;
  if (draft.isDown[agent]) return freeTasks(draft, agent).reduce((sum, task) => sum + busyMs(draft, task, agent), 0);
  const limitMs = instance.slots[agent]! * draft.boundMs;
  const load = loadMs(draft, agent);
  return isWithin(load, limitMs) ? 0 : load - limitMs;
}

/** The cheapest move that is enough, else the one that relieves most; null where nothing can move. */
function moveOne(draft: Draft, agent: number): TaskMove | null {
  const excess = excessMs(draft, agent);
  const isEnough = ({ relievedMs }: Option): boolean => isWithin(excess, relievedMs);
  const options = listOptions(draft, agent).sort((a, b) => {
    const [enoughA, enoughB] = [isEnough(a), isEnough(b)];
    if (enoughA !== enoughB) return enoughA ? -1 : 1;
    const byRelief = enoughA ? 0 : b.relievedMs - a.relievedMs;
    return byRelief || a.price - b.price || a.task - b.task || a.agent - b.agent;
  });
  const { instance } = draft;
  for (const option of options) {
    if (!tryPlace(draft, option)) continue;
    const fromAgentId = instance.agentIds[agent]!;
    const over = draft.isDown[agent] ? "is down" : `is ${Math.round(excess)} ms over its bound`;
    return {
      taskId: instance.taskIds[option.task]!,
      ...{ fromAgentId, toAgentId: instance.agentIds[option.agent]!, price: option.price },
      reason: `${fromAgentId} ${over}; the move takes ${Math.round(option.relievedMs)} ms off it`,
    };
  }
  return null;
}

/** Every pair a task of the agent could move to without taking another agent over the bound. */
function listOptions(draft: Draft, agent: number): Option[] {
  const { instance, movePrice } = draft;
  const { pairStart, pairAgent, success, weight } = instance;
  const load = Float64Array.from(instance.agentIds, (_, other) => loadMs(draft, other));
  return freeTasks(draft, agent).flatMap((task) => {
    const own = findPair(instance, task, agent)!;
    const options: Option[] = [];
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const other = pairAgent[pair]!;
      if (other === agent || draft.isDown[other]) continue;
      if (!isWithin(load[other]! + instance.busyMs[pair]!, instance.slots[other]! * draft.boundMs)) continue;
      const price = movePrice + weight[task]! * (success[own]! - success[pair]!);
      options.push({ task, agent: other, relievedMs: instance.busyMs[own]!, price });
    }
    return options;
  });
}

/** Puts the task on the emptiest slot of the agent that breaks no row; leaves everything as it was where none does. */
function tryPlace(draft: Draft, { task, agent }: Option): boolean {
  const { instance, agentOf, slotOf } = draft;
  const [ownAgent, ownSlot] = [agentOf[task]!, slotOf[task]!];
  const slotLoad = new Float64Array(instance.slots[agent]!);
  agentOf.forEach((other, i) => {
    if (other === agent) slotLoad[slotOf[i]!]! += busyMs(draft, i, agent);
  });
  agentOf[task] = agent;
  for (const slot of [...slotLoad.keys()].sort((a, b) => slotLoad[a]! - slotLoad[b]! || a - b)) {
    slotOf[task] = slot;
    if (newlyBroken(draft) === null) return true;
  }
  agentOf[task] = ownAgent;
  slotOf[task] = ownSlot;
  return false;
}

/** What cannot leave an agent that is down waits, and what depends on it waits too. */
function deferRest(draft: Draft, agent: number): { taskId: string; reason: string }[] {
  const { instance, agentOf, slotOf } = draft;
  const followers = followersOf(instance);
  const agentId = instance.agentIds[agent]!;
  const open = freeTasks(draft, agent).map((task) => ({
    task,
    reason: `${agentId} is down and no other agent can take it`,
  }));
  const deferred: { taskId: string; reason: string }[] = [];
  for (let entry = open.shift(); entry !== undefined; entry = open.shift()) {
    const { task, reason } = entry;
    if (agentOf[task] === DEFERRED) continue;
    agentOf[task] = DEFERRED;
    slotOf[task] = DEFERRED;
    deferred.push({ taskId: instance.taskIds[task]!, reason });
    const waits = `it depends on ${instance.taskIds[task]}, which is deferred`;
    open.push(...followers[task]!.map((follower) => ({ task: follower, reason: waits })));
  }
  return deferred;
}

function freeTasks({ agentOf, isFixed }: Draft, agent: number): number[] {
  return [...agentOf.keys()].filter((task) => agentOf[task] === agent && !isFixed[task]);
}

function loadMs(draft: Draft, agent: number): number {
  return draft.agentOf.reduce((sum, other, task) => (other === agent ? sum + busyMs(draft, task, agent) : sum), 0);
}

function busyMs({ instance }: Draft, task: number, agent: number): number {
  const pair = findPair(instance, task, agent);
  if (pair === undefined)
    throw new ModelError(`${instance.taskIds[task]} is on ${instance.agentIds[agent]}, which is not eligible`);
  return instance.busyMs[pair]!;
}
