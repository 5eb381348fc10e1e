import {
  type Goal,
  type Instance,
  isTimed,
  label,
  LinearExpression,
  type Program,
  ProgramBuilder,
} from "../../../models/index.js";
import type { DeferralOption } from "./lagrangian.js";
import type { RelaxedRow } from "./relaxation.js";

export interface LinearRelaxation {
  readonly program: Program;
  /** Multipliers of the relaxed rows from the duals of the program's rows, each ≥ 0. */
  multipliersOf(duals: Float64Array): Float64Array;
}

/**
 * The linear program whose optimal duals are the best multipliers for `rows`: assignment rows (1), the relaxed rows, the
 * goal minimised over 0 ≤ x, u ≤ 1. O(pairs + non-zeros of the rows); yields after each row.
 */
export function* buildLinearRelaxation(
  instance: Instance,
  goal: Goal,
  rows: readonly RelaxedRow[],
  options: readonly DeferralOption[],
): Generator<void, LinearRelaxation> {
  const builder = new ProgramBuilder();
  const sign = goal.sense === "min" ? 1 : -1;
  const x = Array.from({ length: instance.numPairs }, (_, pair) => builder.addVariable(`x${pair}`, 0, 1, false));
  const u = options.map((option, task) => (option.allowed ? builder.addVariable(`u${task}`, 0, 1, false) : null));
  const c = isTimed(goal) ? builder.addVariable("C", 0, Infinity, false) : null;
  const l = isTimed(goal) ? builder.addVariable("L_max", 0, Infinity, false) : null;
  for (let task = 0; task < instance.numTasks; task++) {
    const sum = new LinearExpression();
    for (let p = instance.pairStart[task]!; p < instance.pairStart[task + 1]!; p++) sum.add(x[p]!, 1);
    const deferral = u[task];
    if (typeof deferral === "number") sum.add(deferral, 1);
    builder.addRow(label("assign", instance.taskIds[task]!), sum, 1, 1);
    yield;
  }
  for (const row of rows) {
    const activity = new LinearExpression();
    row.pairs.forEach((pair, k) => activity.add(x[pair]!, row.coefficients[k]!));
    u.forEach((variable, task) => {
      if (variable !== null && row.perDeferral !== null) activity.add(variable, row.perDeferral[task]!);
    });
    if (row.time !== null) activity.add(row.time === "makespan" ? c! : l!, -1);
    builder.addRow(row.name, activity, -Infinity, row.rhs);
    yield;
  }
  const objective = new LinearExpression();
  goal.perPair?.forEach((coefficient, pair) => objective.add(x[pair]!, sign * coefficient));
  u.forEach((variable, task) => {
    if (variable !== null && goal.perDeferral !== null) objective.add(variable, sign * goal.perDeferral[task]!);
  });
  if (c !== null) objective.add(c, goal.makespan);
  if (l !== null) objective.add(l, goal.maxLoad);
  const program = builder.build(`relaxed ${goal.name}`, "min", goal.name, objective);
  const multipliersOf = (duals: Float64Array): Float64Array =>
    Float64Array.from(rows, (_, k) => Math.max(0, -duals[instance.numTasks + k]!));
  return { program, multipliersOf };
}
