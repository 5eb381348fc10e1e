import {
  distinctDeadlines,
  type GoalForm,
  type Instance,
  label,
  type SettledForm,
  settledSlack,
} from "../../../models/index.js";

/**
 * One row of the relaxation: Σ coefficients[k] · x[pairs[k]] + Σ perDeferral[i] · u[i] ≤ rhs (+ C or L_max for rows of times).
 * x[p] stands for the sum over the slots of the pair, so that a relaxed row holds for every plan of the program.
 */
export interface RelaxedRow {
  readonly name: string;
  readonly rhs: number;
  readonly pairs: Int32Array;
  readonly coefficients: Float64Array;
  readonly perDeferral: Float64Array | null;
  /** The variable on the right-hand side, null for plain rows. */
  readonly time: "makespan" | "maxLoad" | null;
  /** Of rows that hold an agent's slots against a time: the agent; null for all others. */
  readonly slotsOf: number | null;
}

/**
 * The rows a Lagrangian bound may price, for the stage `goal` after `settled`: (2)–(6), settled goals, and for goals of
 * times per agent and per task
 *   makespan[j]: Σ_i b[i,j]/slots_j · x[i,j] ≤ C         task_end[i]:  Σ_j (available_from_j + b[i,j]) x[i,j] ≤ C
 *   max_load[j]: Σ_i b[i,j]/slots_j · x[i,j] ≤ L_max     task_load[i]: Σ_j b[i,j] x[i,j] ≤ L_max
 * (the fullest slot is at least the mean of the agent's slots, and no shorter than any task in it).
 *
 * @param withTasks whether with the rows of times per task, of which there are as many as tasks; only a linear program prices them
 */
export function relaxedRows(
  instance: Instance,
  goal: GoalForm,
  settled: readonly SettledForm[],
  withTasks = true,
): RelaxedRow[] {
  const rows = [...agentRows(instance, true), ...otherRows(instance, settled)];
  // A goal that rewards a full emptiest slot is not bounded by the fullest one: only multipliers of 0 hold for it.
  if (goal.minLoad !== 0) return rows;
  if (goal.makespan > 0) {
    rows.push(...slotMeanRows(instance, "makespan", "makespan"));
    if (withTasks)
      rows.push(...taskRows(instance, "task_end", "makespan", (agent) => instance.availableFromMs[agent]!));
  }
  if (goal.maxLoad > 0) {
    rows.push(...slotMeanRows(instance, "max_load", "maxLoad"));
    if (withTasks) rows.push(...taskRows(instance, "task_load", "maxLoad", () => 0));
  }
  return rows;
}

/** The rows but for those of times and the load rows, which cost memory for every pair. */
export function rowsBesideLoads(instance: Instance, settled: readonly SettledForm[]): RelaxedRow[] {
  return [...agentRows(instance, false), ...otherRows(instance, settled)];
}

function otherRows(instance: Instance, settled: readonly SettledForm[]): RelaxedRow[] {
  const rows = [...deadlineRows(instance), ...settled.map((one) => settledRow(instance, one))];
  if (mayDefer(instance, settled)) rows.push(...dependencyRows(instance));
  if (instance.budget < Infinity) {
    rows.push(pairRow("budget", instance.budget, allPairs(instance), (pair) => instance.cost[pair]!));
  }
  return rows;
}

function agentRows(instance: Instance, withLoads: boolean): RelaxedRow[] {
  if (!withLoads && instance.maxTasks.every((most) => most === Infinity)) return [];
  const rows: RelaxedRow[] = [];
  pairsByAgent(instance).forEach((pairs, agent) => {
    const agentId = instance.agentIds[agent]!;
    const limit = instance.slots[agent]! * instance.loadLimitMs[agent]!;
    if (withLoads && limit < Infinity)
      rows.push(pairRow(label("load", agentId), limit, pairs, (pair) => instance.busyMs[pair]!));
    const count = instance.maxTasks[agent]!;
    if (count < Infinity) rows.push(pairRow(label("count", agentId), count, pairs, () => 1));
  });
  return rows;
}

/** Whether a plan may leave out a task that has a pair: until then a task that waits for another has it placed. */
function mayDefer({ deferral }: Instance, settled: readonly SettledForm[]): boolean {
  const zero = settled.find(({ goal }) => goal.name === "deferral");
  return deferral.kind !== "forbidden" && (zero === undefined || zero.value > 0);
}

/** Entries that the rows of dependencies may have together; with more they are left out. */
const MAX_DEPENDENCY_ENTRIES = 400_000;

/** depends[i,k]: row (6) without u: Σ_j x[i,j] ≤ Σ_j x[k,j] for every k that i waits for. */
function dependencyRows({ numTasks, taskIds, pairStart, dependsStart, dependsOn }: Instance): RelaxedRow[] {
  const rows: RelaxedRow[] = [];
  let numEntries = 0;
  for (let task = 0; task < numTasks; task++) {
    const own = pairStart[task + 1]! - pairStart[task]!;
    if (own === 0) continue;
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
      const before = dependsOn[d]!;
      const numPairs = own + pairStart[before + 1]! - pairStart[before]!;
      numEntries += numPairs;
      if (numEntries > MAX_DEPENDENCY_ENTRIES) return [];
      const pairs = Int32Array.from({ length: numPairs }, (_, k) =>
        k < own ? pairStart[task]! + k : pairStart[before]! + k - own,
      );
      rows.push(
        pairRow(label("depends", taskIds[task]!, taskIds[before]!), 0, pairs, (pair) =>
          pair >= pairStart[task]! && pair < pairStart[task + 1]! ? 1 : -1,
        ),
      );
    }
  }
  return rows;
}

/** Entries that the deadline rows may have together, about: each has up to all pairs of its agent. */
const MAX_DEADLINE_ENTRIES = 400_000;

/** Of instances under way whose rows are small: every goal of a wave asks for the same ones again. */
const deadlineRowsOf = new WeakMap<Instance, readonly RelaxedRow[]>();

function deadlineRows(instance: Instance): readonly RelaxedRow[] {
  const known = deadlineRowsOf.get(instance);
  if (known !== undefined) return known;
  const rows = buildDeadlineRows(instance);
  if (instance.numPairs <= MAX_DEADLINE_ENTRIES) deadlineRowsOf.set(instance, rows);
  return rows;
}

/** deadline[j,D]: row (5) summed over the slots of agent j; where deadlines are many, for some of them. */
function buildDeadlineRows(instance: Instance): RelaxedRow[] {
  if (instance.deadlineMs.every((deadline) => deadline === Infinity)) return [];
  const mostOfAgent = Math.max(4, Math.floor((2 * MAX_DEADLINE_ENTRIES) / Math.max(1, instance.numPairs)));
  return pairsByAgent(instance).flatMap((pairs, agent) =>
    spreadOut(distinctDeadlines(instance, agent), mostOfAgent).map((deadline) => {
      const due = pairs.filter((pair) => instance.deadlineMs[instance.pairTask[pair]!]! <= deadline);
      const room = instance.slots[agent]! * Math.max(0, deadline - instance.availableFromMs[agent]!);
      return pairRow(
        label("deadline", instance.agentIds[agent]!, deadline),
        room,
        due,
        (pair) => instance.busyMs[pair]!,
      );
    }),
  );
}

/** At most so many of the values, evenly, the last among them. */
function spreadOut(values: readonly number[], most: number): readonly number[] {
  if (values.length <= most) return values;
  return Array.from({ length: most }, (_, k) => values[Math.ceil(((k + 1) * values.length) / most) - 1]!);
}

function settledRow(instance: Instance, { goal, value }: SettledForm): RelaxedRow {
  const sign = goal.sense === "min" ? 1 : -1;
  const { perPair, perDeferral } = goal;
  const rhs = sign * (value - goal.constant) + settledSlack(instance, goal, value);
  const pairs = perPair === null ? new Int32Array(0) : allPairs(instance);
  const row = pairRow(label("goal", goal.name), rhs, pairs, (pair) => sign * perPair![pair]!);
  return perDeferral === null ? row : { ...row, perDeferral: perDeferral.map((coefficient) => sign * coefficient) };
}

function slotMeanRows(instance: Instance, family: string, time: "makespan" | "maxLoad"): RelaxedRow[] {
  return pairsByAgent(instance).map((pairs, agent) => {
    const slots = instance.slots[agent]!;
    const row = pairRow(label(family, instance.agentIds[agent]!), 0, pairs, (pair) => instance.busyMs[pair]! / slots);
    return { ...row, time, slotsOf: agent };
  });
}

function taskRows(
  instance: Instance,
  family: string,
  time: "makespan" | "maxLoad",
  startMs: (agent: number) => number,
): RelaxedRow[] {
  return instance.taskIds.map((taskId, task) => {
    const [from, to] = [instance.pairStart[task]!, instance.pairStart[task + 1]!];
    const pairs = new Int32Array(to - from);
    for (let k = 0; k < pairs.length; k++) pairs[k] = from + k;
    const end = (pair: number): number => startMs(instance.pairAgent[pair]!) + instance.busyMs[pair]!;
    return { ...pairRow(label(family, taskId), 0, pairs, end), time };
  });
}

function pairRow(name: string, rhs: number, pairs: Int32Array, coefficient: (pair: number) => number): RelaxedRow {
  const coefficients = new Float64Array(pairs.length);
  for (let k = 0; k < pairs.length; k++) coefficients[k] = coefficient(pairs[k]!);
  return { name, rhs, pairs, coefficients, perDeferral: null, time: null, slotsOf: null };
}

function allPairs(instance: Instance): Int32Array {
  const pairs = new Int32Array(instance.numPairs);
  for (let pair = 0; pair < pairs.length; pair++) pairs[pair] = pair;
  return pairs;
}

/** Eligible pairs of each agent, ascending. O(pairs). */
function pairsByAgent({ numAgents, numPairs, pairAgent }: Instance): Int32Array[] {
  const counts = new Int32Array(numAgents);
  for (let pair = 0; pair < numPairs; pair++) counts[pairAgent[pair]!]! += 1;
  const lists = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let pair = 0; pair < numPairs; pair++) {
    const agent = pairAgent[pair]!;
    lists[agent]![counts[agent]!++] = pair;
  }
  return lists;
}
