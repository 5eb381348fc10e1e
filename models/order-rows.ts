/**
 * Row (5) in full: the rows of programs with start times, a disjunctive program with big M (Manne, Operations Research 8, 1960), for
 * instances with timing.
 *
 *   S[i] ∈ [0, E_i]     start of task i, ms; E_i: its latest end, the smaller of its deadline and the horizon H
 *   p[i,k] ∈ {0,1}      task k starts after task i has ended                 i ≠ k share an agent or a pool
 *   f[i,k] ∈ {0,1}      task i starts no later than task k                   i < k share a pool
 *   g[i,j,a] ∈ {0,1}    task i ends before absence a of agent j begins       (i,j) ∈ E
 *   r[k,i] ∈ [0,1]      task k runs when task i starts                       i ≠ k share a pool
 *
 * H = the last release, arrival and end of an absence, plus the longest busy time of every task. Among the best plans there is one in
 * which no task can start sooner: there each start is one of these times or the end of another task, so it ends by H.
 */
import type { Instance, Timing } from "./instance.js";
import { label } from "./names.js";
import { LinearExpression, type ProgramBuilder } from "./program.js";
import { addPair, type AssignmentVariables } from "./variables.js";

/** The variables of times, with what their rows need. */
export interface OrderVariables {
  /** S[i]. */
  readonly start: Int32Array;
  /** E_i, milliseconds. */
  readonly latestMs: Float64Array;
}

interface OrderProgram extends OrderVariables {
  readonly builder: ProgramBuilder;
  readonly instance: Instance;
  readonly timing: Timing;
  readonly x: AssignmentVariables;
  /** p[i,k] at i · numTasks + k, declared when first asked for. */
  readonly after: Map<number, number>;
}

/** Declares S and adds rows (12)–(19). O(tasks² · slots). */
export function addOrderRows(
  builder: ProgramBuilder,
  instance: Instance,
  timing: Timing,
  x: AssignmentVariables,
): OrderVariables {
  const horizonMs = findHorizonMs(instance, timing);
  const latestMs = instance.deadlineMs.map((deadline) => Math.min(deadline, horizonMs));
  const start = Int32Array.from(instance.taskIds, (taskId, i) =>
    builder.addVariable(label("S", taskId), Math.min(timing.releaseMs[i]!, latestMs[i]!), latestMs[i]!, false),
  );
  const program: OrderProgram = { builder, instance, timing, x, start, latestMs, after: new Map() };
  for (let task = 0; task < instance.numTasks; task++) {
    addWindowRows(program, task);
    addPrecedenceRows(program, task);
    addAbsenceRows(program, task);
  }
  addSlotRows(program);
  addPoolRows(program);
  return { start, latestMs };
}

/** (7) makespan[i]: S[i] + Σ_j b[i,j] x[i,j] ≤ C + E_i u[i]. */
export function addLastEndRows(
  builder: ProgramBuilder,
  instance: Instance,
  x: AssignmentVariables,
  { start, latestMs }: OrderVariables,
  c: number,
): void {
  for (let task = 0; task < instance.numTasks; task++) {
    const end = endOf(instance, x, start, task, 1).add(c, -1);
    addDeferral(end, x, task, -latestMs[task]!);
    builder.addRow(label("makespan", instance.taskIds[task]!), end, -Infinity, 0);
  }
}

function findHorizonMs(instance: Instance, timing: Timing): number {
  let horizonMs = 0;
  for (const times of [timing.releaseMs, instance.availableFromMs, timing.absenceToMs]) {
    for (const time of times) horizonMs = Math.max(horizonMs, time);
  }
  for (let task = 0; task < instance.numTasks; task++) {
    let longest = 0;
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      longest = Math.max(longest, instance.busyMs[pair]!);
    }
    horizonMs += longest;
  }
  return horizonMs;
}

/**
 * (12) end[i]:     S[i] + Σ_j (b[i,j] − min(E_i, leaves_j)) x[i,j] ≤ E_i u[i]
 * (13) arrival[i]: S[i] ≥ Σ_j available_from_j x[i,j]
 */
function addWindowRows({ builder, instance, timing, x, start, latestMs }: OrderProgram, task: number): void {
  const taskId = instance.taskIds[task]!;
  const end = new LinearExpression().add(start[task]!, 1);
  const arrival = new LinearExpression().add(start[task]!, 1);
  for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
    const agent = instance.pairAgent[pair]!;
    addPair(end, x, pair, instance.busyMs[pair]! - Math.min(latestMs[task]!, timing.availableUntilMs[agent]!));
    addPair(arrival, x, pair, -instance.availableFromMs[agent]!);
  }
  addDeferral(end, x, task, -latestMs[task]!);
  builder.addRow(label("end", taskId), end, -Infinity, 0);
  builder.addRow(label("arrival", taskId), arrival, 0, Infinity);
}

/** (14) precedes[k,i]: S[i] ≥ S[k] + Σ_j b[k,j] x[k,j] − E_k u[i] for every k that i depends on. */
function addPrecedenceRows({ builder, instance, x, start, latestMs }: OrderProgram, task: number): void {
  for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
    const before = instance.dependsOn[d]!;
    const wait = endOf(instance, x, start, before, -1).add(start[task]!, 1);
    addDeferral(wait, x, task, latestMs[before]!);
    builder.addRow(label("precedes", instance.taskIds[before]!, instance.taskIds[task]!), wait, 0, Infinity);
  }
}

/**
 * (15) before_absence[i,j,a]: S[i] + b[i,j] ≤ from_a + E_i (1 − g[i,j,a]) + E_i (1 − x[i,j])
 *      after_absence[i,j,a]:  S[i] ≥ to_a (x[i,j] − g[i,j,a])
 */
function addAbsenceRows({ builder, instance, timing, x, start, latestMs }: OrderProgram, task: number): void {
  const latest = latestMs[task]!;
  for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
    const agent = instance.pairAgent[pair]!;
    for (let a = timing.absenceStart[agent]!; a < timing.absenceStart[agent + 1]!; a++) {
      const indices = [instance.taskIds[task]!, instance.agentIds[agent]!, a - timing.absenceStart[agent]!] as const;
      const g = builder.addBinary(label("g", ...indices));
      const before = new LinearExpression().add(start[task]!, 1).add(g, latest);
      addPair(before, x, pair, latest);
      const limit = timing.absenceFromMs[a]! - instance.busyMs[pair]! + 2 * latest;
      builder.addRow(label("before_absence", ...indices), before, -Infinity, limit);
      const after = new LinearExpression().add(start[task]!, 1).add(g, timing.absenceToMs[a]!);
      addPair(after, x, pair, -timing.absenceToMs[a]!);
      builder.addRow(label("after_absence", ...indices), after, 0, Infinity);
    }
  }
}

/** (16) slot[i,k,j,s]: x[i,j,s] + x[k,j,s] ≤ 1 + p[i,k] + p[k,i]; of tasks that wait for each other row (14) says it. */
function addSlotRows(program: OrderProgram): void {
  const { builder, instance, x } = program;
  for (let i = 0; i < instance.numTasks; i++) {
    for (let k = i + 1; k < instance.numTasks; k++) {
      if (waitsFor(instance, i, k) || waitsFor(instance, k, i)) continue;
      forEachShared(instance, i, k, (pairI, pairK, agent) => {
        for (let slot = 0; slot < x.numOfPair[pairI]!; slot++) {
          const both = new LinearExpression().add(x.firstOfPair[pairI]! + slot, 1).add(x.firstOfPair[pairK]! + slot, 1);
          both.add(after(program, i, k), -1).add(after(program, k, i), -1);
          const name = label("slot", instance.taskIds[i]!, instance.taskIds[k]!, instance.agentIds[agent]!, slot);
          builder.addRow(name, both, -Infinity, 1);
        }
      });
    }
  }
}

/**
 * (18) pool[q,i]: Σ_k use[k,q] r[k,i] ≤ limit_q − use[i,q], over the other tasks k that use pool q, with
 *      first[i,k]: S[k] ≥ S[i] − E_i (1 − f[i,k])   and   second[i,k]: S[i] ≥ S[k] − E_k f[i,k]
 *      runs[k,i]:  r[k,i] ≥ (k starts first) − p[k,i] − u[k] − u[i]
 */
function addPoolRows(program: OrderProgram): void {
  const { builder, instance, timing } = program;
  const firsts = new Map<number, number>();
  const runs = new Map<number, number>();
  timing.poolNames.forEach((name, pool) => {
    const users = usersOf(timing, instance.numTasks, pool);
    for (const [i, own] of users) {
      const used = new LinearExpression();
      for (const [k, amount] of users) {
        if (i === k) continue;
        const at = k * instance.numTasks + i;
        if (!runs.has(at)) runs.set(at, addRun(program, firsts, k, i));
        used.add(runs.get(at)!, amount);
      }
      builder.addRow(label("pool", name, instance.taskIds[i]!), used, -Infinity, timing.poolLimit[pool]! - own);
    }
    addOrderOfStarts(program, firsts, [...users.keys()]);
  });
}

/** (19) sequence[i,k,l]: 0 ≤ f[i,k] + f[k,l] − f[i,l] ≤ 1, so that tasks that start together have one order. */
function addOrderOfStarts(program: OrderProgram, firsts: Map<number, number>, users: readonly number[]): void {
  const { builder, instance } = program;
  const f = (i: number, k: number): number => firstOf(program, firsts, i, k);
  users.forEach((i, a) => {
    users.slice(a + 1).forEach((k, b) => {
      for (const l of users.slice(a + b + 2)) {
        const name = label("sequence", ...[i, k, l].map((task) => instance.taskIds[task]!));
        builder.addRow(name, new LinearExpression().add(f(i, k), 1).add(f(k, l), 1).add(f(i, l), -1), 0, 1);
      }
    });
  });
}

/** r[k,i] and its row. */
function addRun(program: OrderProgram, firsts: Map<number, number>, k: number, i: number): number {
  const { builder, instance, x } = program;
  const names = [instance.taskIds[k]!, instance.taskIds[i]!] as const;
  const run = builder.addVariable(label("r", ...names), 0, 1, false);
  const row = new LinearExpression().add(run, 1).add(after(program, k, i), 1);
  addDeferral(row, x, k, 1);
  addDeferral(row, x, i, 1);
  const f = firstOf(program, firsts, Math.min(i, k), Math.max(i, k));
  // f says that the task with the lower index starts first.
  row.add(f, k < i ? -1 : 1);
  builder.addRow(label("runs", ...names), row, k < i ? 0 : 1, Infinity);
  return run;
}

/** f[i,k] with the rows that give it its meaning. */
function firstOf(
  { builder, instance, start, latestMs }: OrderProgram,
  firsts: Map<number, number>,
  i: number,
  k: number,
) {
  const known = firsts.get(i * instance.numTasks + k);
  if (known !== undefined) return known;
  const names = [instance.taskIds[i]!, instance.taskIds[k]!] as const;
  const f = builder.addBinary(label("f", ...names));
  firsts.set(i * instance.numTasks + k, f);
  const difference = (): LinearExpression => new LinearExpression().add(start[k]!, 1).add(start[i]!, -1);
  builder.addRow(label("first", ...names), difference().add(f, -latestMs[i]!), -latestMs[i]!, Infinity);
  builder.addRow(label("second", ...names), difference().add(f, -latestMs[k]!), -Infinity, 0);
  return f;
}

/** p[i,k] with its row (17) after[i,k]: S[k] ≥ S[i] + Σ_j b[i,j] x[i,j] − E_i (1 − p[i,k]). */
function after({ builder, instance, x, start, latestMs, after: known }: OrderProgram, i: number, k: number): number {
  const at = i * instance.numTasks + k;
  const declared = known.get(at);
  if (declared !== undefined) return declared;
  const names = [instance.taskIds[i]!, instance.taskIds[k]!] as const;
  const p = builder.addBinary(label("p", ...names));
  known.set(at, p);
  const wait = endOf(instance, x, start, i, -1).add(start[k]!, 1).add(p, -latestMs[i]!);
  builder.addRow(label("after", ...names), wait, -latestMs[i]!, Infinity);
  return p;
}

/** sign · (S[i] + Σ_j b[i,j] x[i,j]). */
function endOf(
  instance: Instance,
  x: AssignmentVariables,
  start: Int32Array,
  task: number,
  sign: 1 | -1,
): LinearExpression {
  const end = new LinearExpression().add(start[task]!, sign);
  for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
    addPair(end, x, pair, sign * instance.busyMs[pair]!);
  }
  return end;
}

function addDeferral(expression: LinearExpression, x: AssignmentVariables, task: number, coefficient: number): void {
  const deferral = x.deferral[task];
  if (typeof deferral === "number") expression.add(deferral, coefficient);
}

function waitsFor({ dependsStart, dependsOn }: Instance, task: number, other: number): boolean {
  return dependsOn.subarray(dependsStart[task]!, dependsStart[task + 1]!).includes(other);
}

/** Pairs of two tasks with the same agent; both lists ascend by agent. */
function forEachShared(
  { pairStart, pairAgent }: Instance,
  i: number,
  k: number,
  visit: (pairI: number, pairK: number, agent: number) => void,
): void {
  let [a, b] = [pairStart[i]!, pairStart[k]!];
  while (a < pairStart[i + 1]! && b < pairStart[k + 1]!) {
    const [agentA, agentB] = [pairAgent[a]!, pairAgent[b]!];
    if (agentA === agentB) visit(a, b, agentA);
    if (agentA <= agentB) a += 1;
    if (agentB <= agentA) b += 1;
  }
}

/** Tasks that use the pool, with their amounts. */
function usersOf({ useStart, usePool, useAmount }: Timing, numTasks: number, pool: number): Map<number, number> {
  const users = new Map<number, number>();
  for (let task = 0; task < numTasks; task++) {
    for (let use = useStart[task]!; use < useStart[task + 1]!; use++) {
      if (usePool[use] === pool) users.set(task, useAmount[use]!);
    }
  }
  return users;
}
