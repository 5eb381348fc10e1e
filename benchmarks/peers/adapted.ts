import { createRequire } from "node:module";
import type { Adapter } from "../../src/engine/exact/messages.js";
import { monotonicNowMs } from "../../src/engine/threads/clock.js";
import { buildPeerProgram, evaluateProgram } from "./peer-program.js";
import { NO_ANSWER, type TimedRunner } from "./runner.js";

/** A solver package that ours uses too, through our adapter: it knows how the package wants to be asked. */
export function adaptedRunner(name: string, version: string, solve: Adapter): TimedRunner {
  return {
    name,
    version,
    supports: () => true,
    solve: (instance, limitMs) => {
      const deadlineMs = monotonicNowMs() + limitMs;
      const { packed, decode } = buildPeerProgram(instance);
      const answer = solve({
        program: packed,
        deadlineMs,
        gap: 0,
        cutoff: null,
        stopAtFirst: false,
        start: null,
        maxSteps: Infinity,
      });
      if (answer.verdict === "error") return Promise.reject(new Error(answer.message));
      if (!("values" in answer)) return Promise.resolve(NO_ANSWER);
      const value = evaluateProgram(packed, answer.values);
      const proven = answer.verdict === "optimal";
      return Promise.resolve({ value, plan: decode(answer.values), bound: proven ? value : null, proven });
    },
  };
}

/** Version of a package the benchmarks or ours depend on. */
export function versionOf(entry: string, name: string): string {
  const require = createRequire(import.meta.url);
  const path = require.resolve(entry);
  const folder = path.slice(0, path.lastIndexOf(`/node_modules/${name}/`) + `/node_modules/${name}/`.length);
  return (require(`${folder}package.json`) as { version: string }).version;
}
