import { nativeRunner, type NativeSolver } from "./native.js";
import type { TimedRunner } from "./runner.js";

const GLPSOL: NativeSolver = {
  name: "glpsol",
  versionWords: ["--version"],
  versionPattern: /GLPSOL[^\d]*([\d.]+)/,
  words: (lpFile, solutionFile, limitMs, seed) => {
    // It counts whole seconds.
    const seconds = String(Math.max(1, Math.round(limitMs / 1000)));
    return ["--lp", lpFile, "--tmlim", seconds, "--mipgap", "0", "--seed", String(seed), "-w", solutionFile];
  },
  read: (solution, _output, numVariables) => {
    const status = /^s mip \d+ \d+ (\S)/m.exec(solution)?.[1];
    if (status !== "o" && status !== "f") return null;
    const values = new Float64Array(numVariables);
    for (const [, variable, value] of solution.matchAll(/^j (\d+) (\S+)/gm))
      values[Number(variable) - 1] = Number(value);
    return { values, proven: status === "o", bound: null };
  },
};

/** GLPK's own command, where it is on the PATH. */
export function load(): Promise<TimedRunner> {
  return Promise.resolve(nativeRunner(GLPSOL));
}
