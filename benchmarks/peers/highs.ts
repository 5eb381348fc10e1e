import { versionOf } from "./adapted.js";
import { buildPeerProgram, evaluateProgram } from "./peer-program.js";
import { importPeer, NO_ANSWER, type RunnerAnswer, type TimedRunner } from "./runner.js";

/** What is used of the package. */
interface HighsModel {
  readonly options: { set(options: Readonly<Record<string, boolean | number | string>>): void };
  readonly info: { get(name: string): number | bigint };
  run(): void;
  getModelStatus(): number;
  getSolution(): { readonly colValue: Float64Array };
  dispose(): void;
}
interface Highs {
  readonly constants: { readonly modelStatus: { readonly optimal: number } };
  createModel(data: object): HighsModel;
}

/** Of `primal_solution_status`. */
const FEASIBLE_POINT = 2;
/** Below 1, so that whole-numbered objectives end at the optimum. */
const WHOLE_GAP = 0.999;

/** HiGHS in WebAssembly. */
export async function load(): Promise<TimedRunner> {
  const { default: loadHighs } = await importPeer<{ default: () => Promise<Highs> }>("highs");
  const highs = await loadHighs();
  return {
    name: "highs",
    version: versionOf("highs", "highs"),
    supports: () => true,
    solve: (instance, limitMs, seed) => {
      const sinceMs = performance.now();
      const program = buildPeerProgram(instance);
      const model = highs.createModel(toModelData(program.packed));
      try {
        model.options.set({ output_flag: false, random_seed: seed, mip_rel_gap: 0 });
        model.options.set({ mip_abs_gap: program.isWhole ? WHOLE_GAP : 1e-9 });
        model.options.set({ time_limit: Math.max(0.01, (limitMs - (performance.now() - sinceMs)) / 1000) });
        model.run();
        return Promise.resolve(readAnswer(highs, model, program));
      } finally {
        model.dispose();
      }
    },
  };
}

function toModelData(packed: ReturnType<typeof buildPeerProgram>["packed"]): object {
  return {
    sense: packed.sense === "min" ? 1 : -1,
    numCols: packed.numVariables,
    numRows: packed.numRows,
    colCost: packed.objective,
    colLower: packed.lower,
    colUpper: packed.upper,
    rowLower: packed.rowLower,
    rowUpper: packed.rowUpper,
    matrix: {
      format: "csr",
      numCols: packed.numVariables,
      numRows: packed.numRows,
      starts: packed.rowStart,
      indices: packed.indices,
      values: packed.coefficients,
    },
    integrality: Int32Array.from(packed.isInteger),
  };
}

function readAnswer(highs: Highs, model: HighsModel, program: ReturnType<typeof buildPeerProgram>): RunnerAnswer {
  const bound = Number(model.info.get("mip_dual_bound"));
  const knownBound = Number.isFinite(bound) && Math.abs(bound) < 1e30 ? bound : null;
  if (Number(model.info.get("primal_solution_status")) !== FEASIBLE_POINT) return { ...NO_ANSWER, bound: knownBound };
  const values = Float64Array.from(model.getSolution().colValue);
  return {
    value: evaluateProgram(program.packed, values),
    plan: program.decode(values),
    bound: knownBound,
    proven: model.getModelStatus() === highs.constants.modelStatus.optimal,
  };
}
