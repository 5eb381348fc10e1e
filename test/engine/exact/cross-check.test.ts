import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Program } from "../../../models/program.js";
import { evaluateObjective, isWithinSides } from "../../../src/engine/exact/check-point.js";
import { BACKEND_NAMES } from "../../../src/domain/backends.js";
import { createSolver } from "../../../src/engine/exact/registry.js";
import type { RowSpec, VariableSpec } from "./programs.js";
import { makeProgram } from "./programs.js";

const INF = Infinity;
const NUM_RUNS = 70;

/** Tasks × agents with numbers of every size; with deferral, capacities and either a linear goal or a makespan. */
const smallWave = fc
  .record({ numTasks: fc.integer({ min: 1, max: 4 }), numAgents: fc.integer({ min: 1, max: 3 }) })
  .chain(({ numTasks, numAgents }) => {
    const numPairs = numTasks * numAgents;
    const vector = (length: number) =>
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: length, maxLength: length });
    return fc.record({
      numTasks: fc.constant(numTasks),
      numAgents: fc.constant(numAgents),
      sense: fc.constantFrom("min" as const, "max" as const),
      unit: fc.constantFrom(1, 0.01, 0.37, 1000),
      value: vector(numPairs),
      load: vector(numPairs),
      capacity: fc.array(fc.integer({ min: 0, max: 120 }), { minLength: numAgents, maxLength: numAgents }),
      deferral: fc.option(fc.integer({ min: 1, max: 99 }), { nil: null }),
      isMakespan: fc.boolean(),
    });
  });

type Wave = typeof smallWave extends fc.Arbitrary<infer W> ? W : never;

function buildWave(wave: Wave): Program {
  const { numTasks, numAgents, unit, value, load, capacity, deferral, isMakespan } = wave;
  const sense = isMakespan ? "min" : wave.sense;
  const penalty = (deferral ?? 0) * (sense === "min" ? unit : -unit);
  const tasks = Array.from({ length: numTasks }, (_, i) => i);
  const pairs = Array.from({ length: numTasks * numAgents }, (_, p) => p);
  const variables: VariableSpec[] = [
    ...pairs.map((p): VariableSpec => [isMakespan ? 0 : value[p]! * unit, 0, 1, "int"]),
    ...tasks.map((): VariableSpec => [penalty, 0, deferral === null ? 0 : 1, "int"]),
    ...(isMakespan ? [[1, 0, INF, "real"] as const] : []),
  ];
  const rows: RowSpec[] = [
    ...tasks.map((i): RowSpec => [
      1,
      [...pairs.map((p) => (Math.floor(p / numAgents) === i ? 1 : 0)), ...tasks.map((t) => (t === i ? 1 : 0)), 0],
      1,
    ]),
    ...capacity.map((bound, j): RowSpec => [
      -INF,
      [...pairs.map((p) => (p % numAgents === j ? load[p]! * unit : 0)), ...tasks.map(() => 0), isMakespan ? -1 : 0],
      isMakespan ? 0 : bound * unit,
    ]),
  ];
  return makeProgram(sense, variables, rows.map(([l, a, u]) => [l, a.slice(0, variables.length), u] as const)); // prettier-ignore
}

/** Best value over all binary points; a makespan variable, if any, takes its least value. */
function bruteForce(program: Program): number | null {
  const numBinaries = program.isInteger.reduce((sum, flag) => sum + flag, 0);
  const values = new Float64Array(program.variableNames.length);
  let best: number | null = null;
  for (let bits = 0; bits < 2 ** numBinaries; bits++) {
    for (let k = 0; k < numBinaries; k++) values[k] = Math.floor(bits / 2 ** k) % 2;
    if (values.some((value, k) => value > program.upper[k]!)) continue;
    const loads = program.rows.map((row) =>
      row.indices.reduce((sum, k, t) => sum + (k < numBinaries ? row.coefficients[t]! * values[k]! : 0), 0),
    );
    const hasMakespan = numBinaries < values.length;
    if (hasMakespan) values[numBinaries] = Math.max(0, ...loads.filter((_, r) => program.rows[r]!.upper === 0));
    const isFeasible = program.rows.every((row, r) =>
      isWithinSides(hasMakespan && row.upper === 0 ? 0 : loads[r]!, row.lower, row.upper, 1, 1),
    );
    if (!isFeasible) continue;
    const value = evaluateObjective(program, values);
    if (best === null || (program.sense === "min" ? value < best : value > best)) best = value;
  }
  return best;
}

describe.each(BACKEND_NAMES)("%s against brute force", (backend) => {
  const solver = createSolver(backend);
  afterAll(() => solver.close());

  it("finds the optimum of small waves, or that there is none", async () => {
    await fc.assert(
      fc.asyncProperty(smallWave, async (wave) => {
        const program = buildWave(wave);
        const { outcome } = await solver.solve({ program, timeLimitMs: 5000, gap: 0, relax: false });
        const best = bruteForce(program);
        expect(outcome.status).toBe(best === null ? "infeasible" : "optimal");
        if (outcome.status !== "optimal" || best === null) return;
        const { objective, values } = outcome.point;
        expect(Math.abs(objective - best)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(best)));
        expect(values.every((value, k) => program.isInteger[k] === 0 || Number.isInteger(value))).toBe(true);
      }),
      { numRuns: NUM_RUNS, seed: 19 },
    );
  });

  it.skipIf(!solver.hasCutoff)("finds it with a cutoff that allows it, and nothing with a better one", async () => {
    await fc.assert(
      fc.asyncProperty(smallWave, fc.constantFrom(0.1, 1e-4, 0, -1e-4, -0.1), async (wave, slack) => {
        const program = buildWave(wave);
        const best = bruteForce(program);
        const worse = program.sense === "min" ? 1 : -1;
        const cutoff = (best ?? 0) + worse * slack * Math.max(1, Math.abs(best ?? 0));
        const { outcome } = await solver.solve({ program, timeLimitMs: 5000, gap: 0, relax: false, cutoff });
        expect(outcome.status).toBe(best === null || slack < 0 ? "none_better" : "optimal");
        if (outcome.status !== "optimal" || best === null) return;
        expect(Math.abs(outcome.point.objective - best)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(best)));
      }),
      { numRuns: NUM_RUNS, seed: 20 },
    );
  });
});
