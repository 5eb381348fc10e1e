import type { PackedProgram } from "../../src/engine/exact/packed-program.js";
import { versionOf } from "./adapted.js";
import { buildPeerProgram, evaluateProgram } from "./peer-program.js";
import { importPeer, NO_ANSWER, type TimedRunner } from "./runner.js";

/** What is used of the package. */
interface MpResponse {
  readonly status?: string;
  readonly variableValue?: readonly number[];
  readonly bestObjectiveBound?: number;
}
interface MpSolver {
  initMPSolver(): Promise<void>;
  readonly MPSolver: {
    readonly SCIP_MIXED_INTEGER_PROGRAMMING: number;
    solveModelRequest(request: object): Promise<{ readonly response: MpResponse }>;
  };
}

/** SCIP in WebAssembly, as OR-Tools brings it. */
export async function load(): Promise<TimedRunner> {
  const { MPSolver, initMPSolver } = await importPeer<MpSolver>("or-tools-wasm/mp-solver");
  await initMPSolver();
  return {
    name: "scip",
    version: versionOf("or-tools-wasm/mp-solver", "or-tools-wasm"),
    supports: () => true,
    solve: async (instance, limitMs, seed) => {
      const sinceMs = performance.now();
      const program = buildPeerProgram(instance);
      const model = toModel(program.packed);
      const { response } = await MPSolver.solveModelRequest({
        model,
        solverType: MPSolver.SCIP_MIXED_INTEGER_PROGRAMMING,
        solverTimeLimitSeconds: Math.max(0.01, (limitMs - (performance.now() - sinceMs)) / 1000),
        solverSpecificParameters: `limits/gap=0\nrandomization/randomseedshift=${seed}`,
      });
      const isOptimal = response.status === "MPSOLVER_OPTIMAL";
      const values = Float64Array.from(response.variableValue ?? []);
      if ((!isOptimal && response.status !== "MPSOLVER_FEASIBLE") || values.length === 0) return NO_ANSWER;
      return {
        value: evaluateProgram(program.packed, values),
        plan: program.decode(values),
        bound: response.bestObjectiveBound ?? null,
        proven: isOptimal,
      };
    },
  };
}

function toModel(packed: PackedProgram): object {
  return {
    maximize: packed.sense === "max",
    variable: Array.from(packed.lower, (lower, k) => ({
      lowerBound: lower,
      upperBound: packed.upper[k]!,
      objectiveCoefficient: packed.objective[k]!,
      isInteger: packed.isInteger[k] === 1,
    })),
    constraint: Array.from({ length: packed.numRows }, (_, row) => {
      const [from, to] = [packed.rowStart[row]!, packed.rowStart[row + 1]!];
      return {
        varIndex: Array.from(packed.indices.subarray(from, to)),
        coefficient: Array.from(packed.coefficients.subarray(from, to)),
        lowerBound: packed.rowLower[row]!,
        upperBound: packed.rowUpper[row]!,
      };
    }),
  };
}
