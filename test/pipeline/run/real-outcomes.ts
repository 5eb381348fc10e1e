import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LearnedStateDocument } from "../../../src/domain/schemas/learned-state.js";
import type { AttemptRequest, AttemptResult, Executor } from "../../../src/pipeline/execute/executor.js";

/** Four numbers in [0, 1) that depend on the text alone. */
export function luckOf(text: string): readonly [number, number, number, number] {
  const bytes = createHash("sha256").update(text).digest();
  return [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at) / 2 ** 32) as [number, number, number, number];
}

/** Runs tasks "for real": what comes of an attempt depends on its task and number, on nothing else. */
export function realExecutor(
  change: (request: AttemptRequest, result: AttemptResult) => AttemptResult = (_, result) => result,
): Executor {
  return {
    name: "outcomes by task",
    execution: "real",
    time: "virtual",
    execute: (request) => {
      const [chance, pace, gain] = luckOf(`${request.taskId} ${request.attempt}`);
      return Promise.resolve(
        change(request, {
          succeeded: chance < 0.7,
          durationMs: 20 + 60 * pace,
          confidenceDelta: (gain - 0.4) / 10,
        }),
      );
    },
  };
}

export function readJson<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(...path), "utf8")) as T;
}

export function readRows<T>(...path: string[]): T[] {
  return readFileSync(join(...path), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T);
}

export function stateOf(root: string, file = "learned_state.json"): LearnedStateDocument {
  return readJson(root, "phase19", file);
}
