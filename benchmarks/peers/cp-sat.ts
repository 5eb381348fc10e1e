import type { PackedProgram } from "../../src/engine/exact/packed-program.js";
import { versionOf } from "./adapted.js";
import { buildPeerProgram, evaluateProgram, type PeerProgram } from "./peer-program.js";
import { importPeer, NO_ANSWER, type TimedRunner } from "./runner.js";

/** What is used of the package. */
interface CpSatResponse {
  readonly status?: string;
  readonly solution?: readonly (number | string | bigint)[];
  readonly bestObjectiveBound?: number;
}
interface CpSat {
  loadModule(): Promise<unknown>;
  createModel(proto: object): Promise<Uint8Array>;
  solve(model: Uint8Array, parameters: object): Promise<{ readonly response: CpSatResponse | null }>;
}

/** Real coefficients in rows become whole thousandths, rounded so that a plan of the rounded rows keeps the real ones. */
const ROW_SCALE = 1_000;
const OBJECTIVE_SCALE = 1_000_000;
/** Stands for infinity: far beyond any activity, far below the largest integer. */
const FAR = 2 ** 50;

/** OR-Tools CP-SAT in WebAssembly, one worker. */
export async function load(): Promise<TimedRunner> {
  const { CpSat } = await importPeer<{ CpSat: CpSat }>("or-tools-wasm/cp-sat");
  await CpSat.loadModule();
  return {
    name: "cp-sat",
    version: versionOf("or-tools-wasm/cp-sat", "or-tools-wasm"),
    supports: () => true,
    solve: async (instance, limitMs, seed) => {
      const sinceMs = performance.now();
      const program = buildPeerProgram(instance);
      const model = await CpSat.createModel(toProto(program));
      const maxTimeInSeconds = Math.max(0.01, (limitMs - (performance.now() - sinceMs)) / 1000);
      const { response } = await CpSat.solve(model, { maxTimeInSeconds, numWorkers: 1, randomSeed: seed });
      const hasPlan = response?.status === "OPTIMAL" || response?.status === "FEASIBLE";
      // A bound on rounded numbers is none on the real ones.
      const bound = program.isWhole && response?.bestObjectiveBound !== undefined ? response.bestObjectiveBound : null;
      if (!hasPlan || response.solution === undefined) return { ...NO_ANSWER, bound };
      const values = Float64Array.from(response.solution, Number);
      const value = evaluateProgram(program.packed, values);
      return { value, plan: program.decode(values), bound, proven: program.isWhole && response.status === "OPTIMAL" };
    },
  };
}

function toProto({ packed, isWhole }: PeerProgram): object {
  const scale = isWhole ? 1 : OBJECTIVE_SCALE;
  const sign = packed.sense === "min" ? 1 : -1;
  const costed = Array.from(packed.objective.keys()).filter((k) => packed.objective[k] !== 0);
  return {
    variables: Array.from(packed.lower, (lower, k) => ({ domain: [lower, Math.min(FAR, packed.upper[k]!)] })),
    constraints: Array.from({ length: packed.numRows }, (_, row) => toConstraint(packed, row, isWhole ? 1 : ROW_SCALE)),
    objective: {
      vars: costed,
      coeffs: costed.map((k) => sign * Math.round(packed.objective[k]! * scale)),
      scalingFactor: sign / scale,
    },
  };
}

function toConstraint(packed: PackedProgram, row: number, scale: number): object {
  const [from, to] = [packed.rowStart[row]!, packed.rowStart[row + 1]!];
  const vars = Array.from(packed.indices.subarray(from, to));
  const own = packed.coefficients.subarray(from, to);
  const [lower, upper] = [packed.rowLower[row]!, packed.rowUpper[row]!];
  const isChoice = lower === 1 && upper === 1 && own.every((one) => one === 1);
  if (isChoice) return { exactlyOne: { literals: vars } };
  if (lower > -Infinity && upper < Infinity && lower !== upper) throw new Error("a row with two sides");
  // Rounded up against an upper side, down against a lower one.
  const round = upper < Infinity ? Math.ceil : Math.floor;
  const coeffs = Array.from(own, (one) => round(one * scale));
  const domain = [
    lower === -Infinity ? -FAR : Math.ceil(lower * scale),
    upper === Infinity ? FAR : Math.floor(upper * scale),
  ];
  return { linear: { vars, coeffs, domain } };
}
