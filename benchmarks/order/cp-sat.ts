import type { DrawnDag } from "../../src/planner/bench/generate-dag.js";
import { importPeer } from "../peers/runner.js";

/** What is used of the package. */
interface CpSat {
  loadModule(): Promise<unknown>;
  createModel(proto: object): Promise<Uint8Array>;
  solve(
    model: Uint8Array,
    parameters: object,
  ): Promise<{
    readonly response: {
      readonly status?: string;
      readonly solution?: readonly (number | string | bigint)[];
      readonly bestObjectiveBound?: number;
    } | null;
  }>;
}

/** Times are whole tenths of a millisecond for it, rounded up. */
const SCALE = 10;

export interface PeerSchedule {
  /** Agent of each task and the order in which they start. */
  readonly agentOf: Int32Array;
  readonly order: readonly number[];
}

interface PeerAnswer {
  readonly schedule: PeerSchedule | null;
  /** No schedule with its times ends earlier, milliseconds; null where it names none. */
  readonly boundMs: number | null;
}

export type CpSatSolver = (dag: DrawnDag, limitMs: number) => Promise<PeerAnswer>;

/** OR-Tools CP-SAT in WebAssembly, one worker, on the flexible job shop with optional intervals: least makespan of a wave. */
export async function loadCpSat(): Promise<CpSatSolver> {
  const { CpSat } = await importPeer<{ CpSat: CpSat }>("or-tools-wasm/cp-sat");
  await CpSat.loadModule();
  return async (dag, limitMs) => {
    const model = await CpSat.createModel(toProto(dag));
    const { response } = await CpSat.solve(model, { maxTimeInSeconds: limitMs / 1000, numWorkers: 1, randomSeed: 1 });
    const hasPlan = response?.status === "OPTIMAL" || response?.status === "FEASIBLE";
    return {
      schedule: hasPlan && response.solution !== undefined ? readSchedule(dag, response.solution.map(Number)) : null,
      boundMs: response?.bestObjectiveBound === undefined ? null : response.bestObjectiveBound / SCALE,
    };
  };
}

/**
 * Variables: the start of task i is 2 i, its end 2 i + 1, the makespan 2 n; then a literal for each eligible pair. An agent's tasks are
 * optional intervals that do not overlap, or no more at once than it has slots.
 */
function toProto({ numTasks, numAgents, slots, busyMs, dependsOn }: DrawnDag): object {
  const pairs = eligiblePairs(busyMs);
  const horizon = Math.ceil(SCALE * pairs.reduce((sum, pair) => sum + busyMs[pair]!, 0));
  const makespan = 2 * numTasks;
  const literalOf = new Map(pairs.map((pair, k) => [pair, makespan + 1 + k]));
  const constraints: object[] = [];
  const intervalsOf = Array.from({ length: numAgents }, (): number[] => []);
  for (const [pair, literal] of literalOf) {
    const task = Math.floor(pair / numAgents);
    intervalsOf[pair % numAgents]!.push(constraints.length);
    const interval = {
      start: variable(2 * task),
      end: variable(2 * task + 1),
      size: { offset: Math.ceil(SCALE * busyMs[pair]!) },
    };
    constraints.push({ enforcementLiteral: [literal], interval });
  }
  for (let task = 0; task < numTasks; task++) {
    const own = pairs.filter((pair) => Math.floor(pair / numAgents) === task);
    constraints.push({ exactlyOne: { literals: own.map((pair) => literalOf.get(pair)!) } });
    for (const before of dependsOn[task]!) constraints.push(notBefore(2 * task, 2 * before + 1, horizon));
    constraints.push(notBefore(makespan, 2 * task + 1, horizon));
  }
  intervalsOf.forEach((intervals, agent) => {
    const cumulative = {
      capacity: { offset: slots[agent]! },
      intervals,
      demands: intervals.map(() => ({ offset: 1 })),
    };
    constraints.push(slots[agent] === 1 ? { noOverlap: { intervals } } : { cumulative });
  });
  const times = Array.from({ length: 2 * numTasks + 1 }, () => ({ domain: [0, horizon] }));
  return {
    variables: [...times, ...pairs.map(() => ({ domain: [0, 1] }))],
    constraints,
    objective: { vars: [makespan], coeffs: [1] },
  };
}

function variable(index: number): object {
  return { vars: [index], coeffs: [1], offset: 0 };
}

function notBefore(later: number, earlier: number, horizon: number): object {
  return { linear: { vars: [later, earlier], coeffs: [1, -1], domain: [0, horizon] } };
}

function eligiblePairs(busyMs: Float64Array): number[] {
  return Array.from(busyMs.keys()).filter((pair) => !Number.isNaN(busyMs[pair]!));
}

function readSchedule({ numTasks, numAgents, busyMs }: DrawnDag, values: readonly number[]): PeerSchedule {
  const agentOf = new Int32Array(numTasks).fill(-1);
  eligiblePairs(busyMs).forEach((pair, k) => {
    if (values[2 * numTasks + 1 + k] === 1) agentOf[Math.floor(pair / numAgents)] = pair % numAgents;
  });
  const order = Array.from(agentOf.keys()).sort((a, b) => values[2 * a]! - values[2 * b]! || a - b);
  return { agentOf, order };
}

/** Makespan of the schedule with the real times: every task in the order of its start, at its earliest time on the slot that is free first. */
export function makespanOf(
  { slots, numAgents, busyMs, dependsOn }: DrawnDag,
  { agentOf, order }: PeerSchedule,
): number {
  const freeAt = Array.from(slots, (count) => new Float64Array(count));
  const endOf = new Float64Array(agentOf.length);
  for (const task of order) {
    const agent = agentOf[task]!;
    const own = freeAt[agent]!;
    const slot = own.indexOf(own.reduce((least, at) => Math.min(least, at), Infinity));
    const ready = dependsOn[task]!.reduce((latest, other) => Math.max(latest, endOf[other]!), own[slot]!);
    own[slot] = endOf[task] = ready + busyMs[task * numAgents + agent]!;
  }
  return endOf.reduce((latest, end) => Math.max(latest, end), 0);
}
