import type { Assignment, BuiltProgram, Program, Row } from "../../../models/index.js";

/** A program in which like tasks are counted together. */
export interface MergedProgram extends BuiltProgram {
  /** Integer variables. */
  readonly numIntegers: number;
}

/**
 * The same program with one integer variable for all like tasks where each had a binary one: tasks are alike where exchanging them leaves the program
 * as it is. Every plan of one is a plan of the other with the same value, so that proofs hold; but there is nothing left to exchange, which
 * branch and bound would do without end (Margot, Symmetry in integer linear programming, 2010). A row of one task, such as its
 * assignment, becomes the sum of those of all like tasks.
 *
 * @returns null where no tasks are alike, or variables of times and order tell all of them apart. O(entries of the program)
 */
export function mergeLikeTasks(built: BuiltProgram): MergedProgram | null {
  const { program, taskOfVariable } = built;
  const variablesOf = groupBy(taskOfVariable);
  const ownerOf = program.rows.map((row) => ownerOfRow(row, taskOfVariable));
  const kinds = kindsOf(program, variablesOf, ownerOf);
  if (kinds.length === variablesOf.size) return null;
  const sizes = new Map(kinds.map((tasks) => [tasks[0]!, tasks.length]));
  const isKept = (variable: number): boolean => taskOfVariable[variable]! < 0 || sizes.has(taskOfVariable[variable]!);
  const kept = Array.from(program.variableNames.keys()).filter(isKept);
  const placeOf = new Int32Array(program.variableNames.length).fill(-1);
  kept.forEach((variable, place) => (placeOf[variable] = place));
  const sizeOf = (variable: number): number => sizes.get(taskOfVariable[variable]!) ?? 1;
  const rows = program.rows.flatMap((row, r) => {
    const owner = ownerOf[r]!;
    if (owner >= 0 && !sizes.has(owner)) return [];
    return [mergedRow(row, placeOf, owner < 0 ? 1 : sizes.get(owner)!)];
  });
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (variable) => values[variable]!);
  const merged: Program = {
    ...program,
    variableNames: kept.map((variable) => program.variableNames[variable]!),
    lower: Float64Array.from(kept, (variable) => program.lower[variable]! * sizeOf(variable)),
    upper: Float64Array.from(kept, (variable) => program.upper[variable]! * sizeOf(variable)),
    isInteger: Uint8Array.from(kept, (variable) => program.isInteger[variable]!),
    objective: pick(program.objective),
    rows,
  };
  return {
    program: merged,
    taskOfVariable: Int32Array.from(kept, (variable) => taskOfVariable[variable]!),
    numIntegers: merged.isInteger.reduce((sum, flag) => sum + flag, 0),
    decode: (values) => built.decode(spread(values, { placeOf, kinds, variablesOf, taskOfVariable })),
    encode: (plan: Assignment) => {
      const point = built.encode(plan);
      return point && gather(point, { placeOf, kinds, variablesOf, taskOfVariable }, kept.length);
    },
  };
}

/** Variables of each task, ascending. */
function groupBy(taskOfVariable: Int32Array): Map<number, number[]> {
  const variablesOf = new Map<number, number[]>();
  taskOfVariable.forEach((task, variable) => {
    if (task < 0) return;
    const own = variablesOf.get(task);
    if (own === undefined) variablesOf.set(task, [variable]);
    else own.push(variable);
  });
  return variablesOf;
}

/** The task that all variables of a row belong to, −1 where they belong to several or to none. */
function ownerOfRow({ indices }: Row, taskOfVariable: Int32Array): number {
  const owner = indices.length === 0 ? -1 : taskOfVariable[indices[0]!]!;
  return indices.every((variable) => taskOfVariable[variable] === owner) ? owner : -1;
}

/** Tasks with equal columns and equal rows of their own; the first of each stands for all. */
function kindsOf(program: Program, variablesOf: Map<number, number[]>, ownerOf: readonly number[]): number[][] {
  const entries: string[][] = program.variableNames.map(() => []);
  const own = new Map<number, string[]>();
  for (const [r, { indices, coefficients, lower, upper }] of program.rows.entries()) {
    const owner = ownerOf[r]!;
    if (owner < 0) indices.forEach((variable, k) => entries[variable]!.push(`${r}*${coefficients[k]!}`));
    else {
      const places = indices.map((variable) => variablesOf.get(owner)!.indexOf(variable));
      const isCount = coefficients.every((coefficient) => coefficient === 1);
      own.set(owner, [...(own.get(owner) ?? []), isCount ? `${lower}<${places.join()}<${upper}` : `row ${r}`]);
    }
  }
  const kinds = new Map<string, number[]>();
  for (const [task, variables] of variablesOf) {
    const columns = variables.map((variable) => {
      const [lower, upper, objective] = [
        program.lower[variable]!,
        program.upper[variable]!,
        program.objective[variable]!,
      ];
      return `${lower}<${program.isInteger[variable]!}<${upper} ${objective}: ${entries[variable]!.join()}`;
    });
    // Other rows of one task than the number of its places may tell apart what their sum does not.
    const rows = own.get(task) ?? [];
    const key = rows.length <= 1 ? `${columns.join(";")}|${rows.join()}` : `task ${task}`;
    const kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, [task]);
    else kind.push(task);
  }
  return Array.from(kinds.values());
}

/** A row over the variables that are kept, `size` times as much where it is the sum of so many rows. */
function mergedRow(row: Row, placeOf: Int32Array, size: number): Row {
  const indices: number[] = [];
  const coefficients: number[] = [];
  row.indices.forEach((variable, k) => {
    if (placeOf[variable]! < 0) return;
    indices.push(placeOf[variable]!);
    coefficients.push(row.coefficients[k]!);
  });
  return { name: row.name, lower: row.lower * size, upper: row.upper * size, indices, coefficients };
}

interface Layout {
  readonly placeOf: Int32Array;
  readonly kinds: readonly (readonly number[])[];
  readonly variablesOf: ReadonlyMap<number, readonly number[]>;
  readonly taskOfVariable: Int32Array;
}

/** A point of the whole program: of like tasks the first ones get the first of the variables that are chosen. */
function spread(values: Float64Array, { placeOf, kinds, variablesOf, taskOfVariable }: Layout): Float64Array {
  const point = new Float64Array(placeOf.length);
  placeOf.forEach((place, variable) => {
    if (taskOfVariable[variable]! < 0) point[variable] = values[place]!;
  });
  for (const tasks of kinds) {
    let next = 0;
    variablesOf.get(tasks[0]!)!.forEach((variable, k) => {
      for (let left = Math.round(values[placeOf[variable]!]!); left > 0 && next < tasks.length; left--) {
        point[variablesOf.get(tasks[next++]!)![k]!] = 1;
      }
    });
  }
  return point;
}

/** The point of the merged program. */
function gather(
  point: Float64Array,
  { placeOf, kinds, variablesOf, taskOfVariable }: Layout,
  size: number,
): Float64Array {
  const values = new Float64Array(size);
  placeOf.forEach((place, variable) => {
    if (taskOfVariable[variable]! < 0) values[place] = point[variable]!;
  });
  for (const tasks of kinds) {
    for (const task of tasks) {
      variablesOf.get(task)!.forEach((variable, k) => {
        values[placeOf[variablesOf.get(tasks[0]!)![k]!]!]! += point[variable]!;
      });
    }
  }
  return values;
}
