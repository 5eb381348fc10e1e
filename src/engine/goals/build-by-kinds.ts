import {
  type Assignment,
  type AssignmentVariables,
  type BuiltProgram,
  formOnTasks,
  type Instance,
  label,
  type Program,
  readAssignment,
  selectTasks,
  type SettledGoal,
  type Stage,
  type StrategyModel,
  writeAssignment,
} from "../../../models/index.js";

/**
 * The program of a stage in which like tasks are counted together: where each had a binary variable for a place, all have one that is whole. Exchanging
 * like tasks leaves every row and the goal as they are, so that the plans of one program are those of the other, with the same values; but
 * there is nothing left to exchange, which branch and bound would do without end (Margot, Symmetry in integer linear programming, 2010). It is the
 * program of one task of each kind, `assign` rows and upper bounds as many times as large as the kind has tasks. O(pairs + its entries)
 *
 * @param kinds tasks alike in all that the stage's program asks; no dependencies, and no late agents where a goal has a makespan
 */
export function buildByKinds(
  model: Pick<StrategyModel, "build">,
  instance: Instance,
  kinds: readonly (readonly number[])[],
  { goal, settled }: Stage,
): BuiltProgram {
  const first = kinds.map(([task]) => task!);
  const selected = selectTasks(instance, first);
  const part = model.build(selected, {
    goal: formOnTasks(selected, goal, instance, first),
    settled: settled.map((one): SettledGoal => {
      return { goal: formOnTasks(selected, one.goal, instance, first), value: one.value };
    }),
  });
  const sizes = kinds.map((tasks) => tasks.length);
  const layout = layOut(instance, kinds, part.variables);
  return {
    program: scaled(part.program, selected, part.variables, sizes),
    variables: part.variables,
    decode: (values) => readAssignment(instance, layout.whole, layout.spread(values)),
    encode: (plan) => (part.program.variableNames.length > layout.numOfKinds ? null : layout.gather(instance, plan)),
  };
}

/** Rows that count a task's places, and variables, as many times as large as there are tasks. */
function scaled(program: Program, selected: Instance, x: AssignmentVariables, sizes: readonly number[]): Program {
  const sizeOfRow = new Map(selected.taskIds.map((id, kind) => [label("assign", id), sizes[kind]!]));
  const [lower, upper] = [program.lower.slice(), program.upper.slice()];
  const scale = (variable: number, size: number): void => {
    lower[variable]! *= size;
    upper[variable]! *= size;
  };
  x.firstOfPair.forEach((first, pair) => {
    for (let k = 0; k < x.numOfPair[pair]!; k++) scale(first + k, sizes[selected.pairTask[pair]!]!);
  });
  x.deferral.forEach((variable, kind) => {
    if (variable !== null) scale(variable, sizes[kind]!);
  });
  const rows = program.rows.map((row) => {
    const size = sizeOfRow.get(row.name) ?? 1;
    return size === 1 ? row : { ...row, lower: row.lower * size, upper: row.upper * size };
  });
  return { ...program, lower, upper, rows };
}

/** Where the variables of all tasks would stand, each beside that of its kind. */
function layOut(instance: Instance, kinds: readonly (readonly number[])[], x: AssignmentVariables) {
  const firstOfPair = new Int32Array(instance.numPairs);
  const numOfPair = new Int32Array(instance.numPairs);
  const deferral: (number | null)[] = Array.from({ length: instance.numTasks }, () => null);
  /** Variables of the whole, task by task, for each variable of a kind. */
  const ofKind: number[][] = [];
  let count = 0;
  let pairOfKind = 0;
  for (const [kind, tasks] of kinds.entries()) {
    const numPairs = instance.pairStart[tasks[0]! + 1]! - instance.pairStart[tasks[0]!]!;
    for (const task of tasks) {
      for (let k = 0; k < numPairs; k++) {
        const pair = instance.pairStart[task]! + k;
        const [from, size] = [x.firstOfPair[pairOfKind + k]!, x.numOfPair[pairOfKind + k]!];
        firstOfPair[pair] = count;
        numOfPair[pair] = size;
        for (let s = 0; s < size; s++) (ofKind[from + s] ??= []).push(count++);
      }
      const variable = x.deferral[kind]!;
      if (variable === null) continue;
      deferral[task] = count;
      (ofKind[variable] ??= []).push(count++);
    }
    pairOfKind += numPairs;
  }
  const whole: AssignmentVariables = { firstOfPair, numOfPair, deferral };
  /** Of like tasks the first ones get the first places that are chosen. */
  const spread = (values: Float64Array): Float64Array => {
    const point = new Float64Array(count);
    const next = kinds.map(() => 0);
    const take = (variable: number, kind: number): void => {
      for (let left = Math.round(values[variable]!); left > 0 && next[kind]! < kinds[kind]!.length; left--) {
        point[ofKind[variable]![next[kind]!++]!] = 1;
      }
    };
    let pair = 0;
    for (const [kind, tasks] of kinds.entries()) {
      const last = pair + instance.pairStart[tasks[0]! + 1]! - instance.pairStart[tasks[0]!]!;
      for (; pair < last; pair++) {
        for (let s = 0; s < x.numOfPair[pair]!; s++) take(x.firstOfPair[pair]! + s, kind);
      }
      if (x.deferral[kind] !== null) take(x.deferral[kind]!, kind);
    }
    return point;
  };
  const gather = (all: Instance, plan: Assignment): Float64Array => {
    const point = new Float64Array(count);
    writeAssignment(all, whole, plan, point);
    return Float64Array.from(ofKind, (variables) => variables.reduce((sum, one) => sum + point[one]!, 0));
  };
  return { whole, spread, gather, numOfKinds: ofKind.length };
}
