import type { PackedProgram } from "../../src/engine/exact/packed-program.js";
import { versionOf } from "./adapted.js";
import { buildPeerProgram, evaluateProgram } from "./peer-program.js";
import { importPeer, NO_ANSWER, type TimedRunner } from "./runner.js";

/** What is used of the package. */
interface Yalps {
  solve(
    model: object,
    options: object,
  ): { readonly status: string; readonly result: number; readonly variables: readonly (readonly [number, number])[] };
}

/** Limits of its own that would end it before ours do. */
const OWN_LIMITS = { maxPivots: 1e9, maxIterations: 1e9, tolerance: 0 };

/** YALPS: simplex and branch and cut in JavaScript. Its timeout does not reach into the first relaxation. */
export async function load(): Promise<TimedRunner> {
  const yalps = await importPeer<Yalps>("yalps");
  return {
    name: "yalps",
    version: versionOf("yalps", "yalps"),
    supports: () => true,
    solve: (instance, limitMs) => {
      const sinceMs = performance.now();
      const { packed, decode } = buildPeerProgram(instance);
      const model = toModel(packed);
      const timeout = Math.max(1, limitMs - (performance.now() - sinceMs));
      const solution = yalps.solve(model, { ...OWN_LIMITS, timeout });
      const isPlan = ["optimal", "timedout"].includes(solution.status) && Number.isFinite(solution.result);
      if (!isPlan) return Promise.resolve(NO_ANSWER);
      const values = new Float64Array(packed.numVariables);
      for (const [variable, value] of solution.variables) values[variable] = value;
      const value = evaluateProgram(packed, values);
      const proven = solution.status === "optimal";
      return Promise.resolve({ value, plan: decode(values), bound: proven ? value : null, proven });
    },
  };
}

const OBJECTIVE = -1;

/** Variables and rows by number; every variable of ours is ≥ 0, as the package wants it. */
function toModel(packed: PackedProgram): object {
  const columns: [number, number][][] = Array.from(packed.objective, (cost) => [[OBJECTIVE, cost]]);
  const constraints: [number, object][] = [];
  for (let row = 0; row < packed.numRows; row++) {
    const [lower, upper] = [packed.rowLower[row]!, packed.rowUpper[row]!];
    const sides = { ...(lower > -Infinity && { min: lower }), ...(upper < Infinity && { max: upper }) };
    constraints.push([row, lower === upper ? { equal: lower } : sides]);
    for (let entry = packed.rowStart[row]!; entry < packed.rowStart[row + 1]!; entry++) {
      columns[packed.indices[entry]!]!.push([row, packed.coefficients[entry]!]);
    }
  }
  const binaries = Array.from(packed.isInteger.keys()).filter((k) => packed.isInteger[k] === 1);
  return {
    direction: packed.sense === "min" ? "minimize" : "maximize",
    objective: OBJECTIVE,
    constraints,
    variables: columns.map((column, k) => [k, column]),
    binaries: new Set(binaries),
  };
}
