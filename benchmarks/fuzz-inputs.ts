import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../src/domain/errors.js";
import { createRandom, type Random } from "../src/domain/random.js";
import { loadOutcomes } from "../src/pipeline/files/reported-outcomes.js";
import { parseLearnedState } from "../src/pipeline/files/learned-state.js";
import { learnFiles } from "../src/pipeline/run/learn-files.js";
import { solve, verify } from "../src/planner/solve/solve.js";
import { randomDocument } from "../test/support/random-problem.js";

/** Inputs of every kind with a few things in them that are wrong, and what the program makes of them. */

export type FuzzKind = "document" | "state" | "result" | "outcomes";
export const FUZZ_KINDS: readonly FuzzKind[] = ["document", "state", "result", "outcomes"];

const STRANGE: readonly unknown[] = [
  ...[
    null,
    true,
    -1,
    0,
    0.5,
    1e308,
    -1e308,
    1e-320,
    2 ** 53,
    4_294_967_296,
    "",
    "x",
    "../x",
    "NaN",
    "\u202e",
    "\ud800",
  ],
  ...[[], [null], {}, { a: 1 }, [[[[[]]]]], "y".repeat(300), "agent_0", "none", "LOW"],
];

type Node = Record<string, unknown> | unknown[];

/** The value with one to three of its parts changed, taken away, doubled or added. */
export function spoil(value: unknown, random: Random): unknown {
  const copy = structuredClone(value);
  for (let k = 1 + random.below(3); k > 0; k--) spoilOne(copy as Node, random);
  return copy;
}

function spoilOne(root: Node, random: Random): void {
  let node = root;
  for (;;) {
    const keys = Object.keys(node);
    if (keys.length === 0) return;
    const key = keys[random.below(keys.length)]! as keyof Node;
    const child = node[key] as unknown;
    if (typeof child === "object" && child !== null && random.unit() < 0.8) {
      node = child as Node;
      continue;
    }
    const strange = structuredClone(STRANGE[random.below(STRANGE.length)]);
    const choice = random.below(4);
    if (choice === 0 && !Array.isArray(node)) delete node[String(key)];
    else if (choice === 1 && !Array.isArray(node)) node[`${String(key)}_`] = strange;
    else if (choice === 2 && Array.isArray(node)) node.push(structuredClone(node[0]));
    else (node as Record<string, unknown>)[String(key)] = strange;
    return;
  }
}

export const smallDocument = (seed: number): Record<string, unknown> =>
  randomDocument({ seed, maxTasks: 5, maxAgents: 3, maxPlans: 1_000 });

const OUTCOMES = ["t1", "t2", "t3"].map((task_id, k) => ({
  ...{ task_id, agent_id: "a", wave: 1, status: "success", attempts: 1 + k, execution_time_ms: 5 },
  ...{
    confidence_before: 0.5,
    confidence_after: 0.6,
    timestamp: "2026-01-01T00:00:00Z",
    heuristics_applied: ["H16_001"],
  },
}));

/** A state that has learned something: an empty one has little that could be spoilt. */
async function learnedState(): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "phase19-fuzz-"));
  try {
    const stateFile = join(folder, "state.json");
    await learnFiles({
      ...{ stateFile, phase18Dir: "fixtures/demo/phase18", phase17Dir: "fixtures/demo/phase17" },
      now: () => new Date("2026-01-01T00:00:00Z"),
    });
    return JSON.parse(readFileSync(stateFile, "utf8")) as unknown;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

let stateLearned: Promise<unknown> | null = null;

/** The text of an input of this kind. */
export function fuzzedText(kind: Exclude<FuzzKind, "state">, seed: number): string {
  const random = createRandom(seed);
  if (kind === "document" || kind === "result") return JSON.stringify(spoil(smallDocument(seed), random));
  return (spoil(OUTCOMES, random) as unknown[]).map((row) => `${JSON.stringify(row)}\n`).join("");
}

/** What is wrong with the answer to a fuzzed input; null where it is an answer, or an error that names place and rule. */
export async function playFuzz(kind: FuzzKind, seed: number): Promise<string | null> {
  try {
    await PLAYERS[kind](seed);
    return null;
  } catch (error) {
    if (error instanceof InputError && error.place !== "" && !error.message.includes("\n")) return null;
    return `${kind} ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

export const QUICK = { strategy: "maximize_success", solver: "greedy", workLimit: 2_000, timeLimitMs: 500 } as const;

const PLAYERS: Readonly<Record<FuzzKind, (seed: number) => Promise<unknown> | unknown>> = {
  document: async (seed) => {
    const result = await solve(JSON.parse(fuzzedText("document", seed)) as unknown, QUICK);
    if (result.termination === "error") throw new Error(`the solve failed: ${result.error}`);
  },
  state: async (seed) => {
    const text = JSON.stringify(spoil(await (stateLearned ??= learnedState()), createRandom(seed)));
    return parseLearnedState(text, "state.json");
  },
  result: async (seed) => {
    const document = smallDocument(seed);
    const result = spoil(JSON.parse(JSON.stringify(await solve(document, QUICK))) as unknown, createRandom(seed));
    return verify(result, document, QUICK);
  },
  outcomes: async (seed) => {
    const folder = mkdtempSync(join(tmpdir(), "phase19-fuzz-"));
    try {
      const outcomes = join(folder, "outcomes.jsonl");
      writeFileSync(outcomes, fuzzedText("outcomes", seed));
      return await loadOutcomes({ outcomes, tasksFile: null, phase16Dir: null, phase18Dir: null }, []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
