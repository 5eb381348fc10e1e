import { nativeRunner, type NativeSolver } from "./native.js";
import type { TimedRunner } from "./runner.js";

const CBC: NativeSolver = {
  name: "cbc",
  versionWords: ["-quit"],
  versionPattern: /Version:\s*(\S+)/,
  words: (lpFile, solutionFile, limitMs, seed) => {
    const options = [
      "-timeMode",
      "elapsed",
      "-sec",
      String(limitMs / 1000),
      "-ratio",
      "0",
      "-randomCbcSeed",
      String(seed),
    ];
    return [lpFile, ...options, "-solve", "-solution", solutionFile];
  },
  read: (solution, output, numVariables) => {
    const [head = "", ...lines] = solution.split("\n");
    if (!/objective value/.test(head) || /no integer solution|[Ii]nfeasible/.test(head)) return null;
    const values = new Float64Array(numVariables);
    for (const line of lines) {
      const match = /^\s*\**\s*\d+\s+x(\d+)\s+(\S+)/.exec(line);
      if (match !== null) values[Number(match[1])] = Number(match[2]);
    }
    const bound = /^(?:Lower|Upper) bound:\s+(\S+)/m.exec(output)?.[1];
    return { values, proven: head.startsWith("Optimal"), bound: bound === undefined ? null : Number(bound) };
  },
};

/** COIN-OR CBC, where it is on the PATH. */
export function load(): Promise<TimedRunner> {
  return Promise.resolve(nativeRunner(CBC));
}
