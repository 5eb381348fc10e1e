import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeLpText } from "./lp-text.js";
import { buildPeerProgram, evaluateProgram } from "./peer-program.js";
import { NO_ANSWER, type TimedRunner } from "./runner.js";

/** A point read from the solver's own file. */
interface NativePoint {
  readonly values: Float64Array;
  readonly proven: boolean;
  readonly bound: number | null;
}

export interface NativeSolver {
  readonly name: string;
  /** Words that print the version, and where it stands in what they print. */
  readonly versionWords: readonly string[];
  readonly versionPattern: RegExp;
  words(lpFile: string, solutionFile: string, limitMs: number, seed: number): readonly string[];
  /** Null where the file holds no integral point. */
  read(solution: string, output: string, numVariables: number): NativePoint | null;
}

/** A solver on the PATH, asked through an LP file in a temporary folder. @throws Error where it is not installed */
export function nativeRunner(solver: NativeSolver): TimedRunner {
  const probe = spawnSync(solver.name, [...solver.versionWords], { encoding: "utf8", input: "" });
  if (probe.error !== undefined) throw new Error(`${solver.name} is not on the PATH`, { cause: probe.error });
  const version = solver.versionPattern.exec(probe.stdout)?.[1] ?? "unknown";
  return {
    name: solver.name,
    version,
    supports: () => true,
    solve: (instance, limitMs, seed) => {
      const sinceMs = performance.now();
      const { packed, decode } = buildPeerProgram(instance);
      const folder = mkdtempSync(join(tmpdir(), "phase19-peer-"));
      try {
        const [lpFile, solutionFile] = [join(folder, "p.lp"), join(folder, "p.sol")];
        writeFileSync(lpFile, writeLpText(packed));
        const leftMs = Math.max(10, limitMs - (performance.now() - sinceMs));
        const words = solver.words(lpFile, solutionFile, leftMs, seed);
        const { stdout, error } = spawnSync(solver.name, [...words], { encoding: "utf8", maxBuffer: 1e9, input: "" });
        if (error !== undefined) throw error;
        const point = solver.read(readIfThere(solutionFile), stdout, packed.numVariables);
        if (point === null) return Promise.resolve(NO_ANSWER);
        const value = evaluateProgram(packed, point.values);
        const bound = point.proven ? value : point.bound;
        return Promise.resolve({ value, plan: decode(point.values), bound, proven: point.proven });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}

/** A solver without a point may write no file at all. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
