import type { Program, Row, Sense } from "../../../models/program.js";

/** [objective coefficient, lower, upper, "int" or "real"]. */
export type VariableSpec = readonly [cost: number, lower: number, upper: number, kind: "int" | "real"];
/** [lower, coefficients of all variables in order, upper]. */
export type RowSpec = readonly [lower: number, coefficients: readonly number[], upper: number];

/** A program from dense rows; zero coefficients are left out. */
export function makeProgram(
  sense: Sense,
  variables: readonly VariableSpec[],
  rows: readonly RowSpec[],
  objectiveConstant = 0,
): Program {
  return {
    name: "test",
    sense,
    objectiveName: "value",
    variableNames: variables.map((_, k) => `v${k}`),
    lower: Float64Array.from(variables, ([, lower]) => lower),
    upper: Float64Array.from(variables, ([, , upper]) => upper),
    isInteger: Uint8Array.from(variables, ([, , , kind]) => (kind === "int" ? 1 : 0)),
    objective: Float64Array.from(variables, ([cost]) => cost),
    objectiveConstant,
    rows: rows.map(([lower, coefficients, upper], r): Row => {
      const indices = [...coefficients.keys()].filter((k) => coefficients[k] !== 0);
      return { name: `row${r}`, lower, upper, indices, coefficients: indices.map((k) => coefficients[k]!) };
    }),
  };
}

/** Generalized assignment, min form, too hard for any backend in a second: tasks × agents with tight capacities. */
export function makeHardAssignment(numTasks: number, numAgents: number, random: () => number): Program {
  const pairs = Array.from({ length: numTasks * numAgents }, (_, p) => ({
    task: Math.floor(p / numAgents),
    agent: p % numAgents,
    load: 5 + Math.floor(20 * random()),
  }));
  const capacity = Math.floor((0.75 * 15 * numTasks) / numAgents);
  return makeProgram(
    "min",
    pairs.map(({ load }) => [60 - 2 * load + Math.floor(10 * random()), 0, 1, "int"]),
    [
      ...Array.from({ length: numTasks }, (_, i): RowSpec => [1, pairs.map(({ task }) => (task === i ? 1 : 0)), 1]),
      ...Array.from({ length: numAgents }, (_, j): RowSpec => [
        -Infinity,
        pairs.map(({ agent, load }) => (agent === j ? load : 0)),
        capacity,
      ]),
    ],
  );
}
