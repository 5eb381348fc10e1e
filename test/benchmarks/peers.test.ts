import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bundle, bundlePeers } from "../../benchmarks/peers/bundle.js";
import { checkAnswer } from "../../benchmarks/peers/check-answer.js";
import { writeLpText } from "../../benchmarks/peers/lp-text.js";
import { buildPeerProgram, evaluateProgram } from "../../benchmarks/peers/peer-program.js";
import { readRecord, toRecord, writeRecord } from "../../benchmarks/peers/record.js";
import { GRACE_MS, runIsolated } from "../../benchmarks/peers/run-isolated.js";
import type { BenchInstance } from "../../src/planner/bench/bench-instance.js";
import { generatedCases } from "../../src/planner/bench/generated-cases.js";
import { ROOT } from "../source-files.js";

/** Fake runners, as plain modules: each states `solve` and inherits the rest. */
const FAKES = {
  honest: "async (instance) => plan(instance)",
  hangs: "() => { for (;;); }",
  throws: "() => Promise.reject(new Error('out of memory'))",
  dies: "() => process.exit(3)",
  boasts: "async (instance) => ({ ...plan(instance), value: plan(instance).value - 50 })",
  overloads:
    "async (instance) => ({ ...plan(instance), plan: { agentOf: new Int32Array(plan(instance).plan.agentOf.length), slotOf: plan(instance).plan.slotOf } })",
  overproves: "async (instance) => ({ ...plan(instance), bound: plan(instance).value + 50 })",
};
/** Earliest end of the suite's heuristics, written again so that a runner shares nothing with the check. */
const MODULE = (solve: string) => `
const plan = ({ arrays: { strategy, assignment: a } }) => {
  const [load, agentOf] = [new Float64Array(a.numAgents), new Int32Array(a.numTasks)];
  let cost = 0;
  for (let t = 0; t < a.numTasks; t++) {
    let best = -1, least = Infinity;
    for (let p = a.pairStart[t]; p < a.pairStart[t + 1]; p++) {
      const end = load[a.pairAgent[p]] + a.use[p];
      if (end < least) [best, least] = [p, end];
    }
    load[a.pairAgent[best]] += a.use[best];
    agentOf[t] = a.pairAgent[best];
    cost += a.cost[best];
  }
  const value = strategy === "minimize_cost" ? cost : Math.max(...load);
  return { value, plan: { agentOf, slotOf: new Int32Array(a.numTasks) }, bound: null, proven: false };
};
const solve = ${solve};
let calls = 0;
// The first call warms up.
export const load = async () => ({
  name: "fake", version: "1.2.3", supports: () => true,
  solve: (...words) => (calls++ === 0 ? Promise.resolve(null) : solve(...words)),
});
`;

const LIMIT_MS = 100;
let folder = "";
let bundle: Bundle;
let instance: BenchInstance;
beforeAll(async () => {
  await mkdir(join(ROOT, "benchmarks", "dist"), { recursive: true });
  // Inside the checkout, so that modules find their packages; the folder is one that every tool leaves alone.
  folder = await mkdtemp(join(ROOT, "benchmarks", "dist", "test-"));
  bundle = await bundlePeers(folder);
  for (const [name, solve] of Object.entries(FAKES)) await writeFile(join(folder, `${name}.mjs`), MODULE(solve));
  instance = await generatedCases("gap")
    .find(({ name }) => name === "gen-g-5x15")!
    .load();
});
afterAll(() => rm(folder, { recursive: true }));

const run = (name: string) => {
  const runnerUrl = pathToFileURL(join(folder, `${name}.mjs`)).href;
  const job = { runnerUrl, suite: "gap", name: "gen-g-5x15", instancesDir: null, limitMs: LIMIT_MS, seed: 1 } as const;
  return runIsolated(bundle.childFile, job);
};
const key = { runner: "fake", suite: "gap", instance: "gen-g-5x15", limit_ms: LIMIT_MS, seed: 1 } as const;
const record = async (name: string) =>
  toRecord(key, instance, await run(name), { date: "2026-01-01", commit: "c0ffee" });

describe("a runner in a process of its own", () => {
  it("has its answer counted again", async () => {
    const kept = await record("honest");
    expect(kept).toMatchObject({ outcome: "answered", version: "1.2.3", proven: false, fault: null });
    expect(kept.value).toBeGreaterThan(0);
    expect(kept.peak_mb).toBeGreaterThan(10);
    writeRecord(folder, kept);
    expect(readRecord(folder, key)).toEqual(kept);
    expect(readRecord(folder, { ...key, seed: 2 })).toBeNull();
  });

  it("is killed two seconds after its limit where it hangs", async () => {
    const kept = await record("hangs");
    expect(kept).toMatchObject({ outcome: "killed", value: null, version: "1.2.3" });
    expect(kept.wall_ms).toBeGreaterThanOrEqual(LIMIT_MS + GRACE_MS - 5);
    expect(kept.wall_ms).toBeLessThan(LIMIT_MS + GRACE_MS + 1_500);
  });

  it("that throws or dies is a failed run with its reason", async () => {
    expect(await record("throws")).toMatchObject({ outcome: "failed", fault: "out of memory", value: null });
    const dead = await record("dies");
    expect([dead.outcome, dead.fault]).toEqual(["failed", expect.stringContaining("ended with 3 before it answered")]);
  });

  it.each([
    ["boasts", /states \d+, the plan is worth \d+/],
    ["overloads", /agent 0 uses/],
    ["overproves", /states the bound \d+/],
  ])("that %s is rejected", async (name, fault) => {
    const kept = await record(name);
    expect([kept.outcome, kept.value, kept.bound, kept.proven]).toEqual(["rejected", null, null, false]);
    expect(kept.fault).toMatch(fault);
  });
});

describe("programs for peers", () => {
  it("are worth what the plan they decode to is worth", async () => {
    for (const [suite, name] of [
      ["gap", "gen-g-5x15"],
      ["rcmax", "gen-u1-10x100"],
      ["waves", "gen-limited-10x100-1"],
    ] as const) {
      const one = await generatedCases(suite)
        .find((other) => other.name === name)!
        .load();
      const { packed, decode, isWhole } = buildPeerProgram(one);
      expect(isWhole).toBe(suite !== "waves");
      const values = new Float64Array(packed.numVariables);
      // Every task to its first variable; the makespan is what that comes to.
      const seen = new Set<number>();
      for (let row = 0; row < packed.numRows && packed.rowLower[row] === 1; row++) {
        const first = packed.indices[packed.rowStart[row]!]!;
        seen.add(first);
        values[first] = 1;
      }
      const plan = decode(values);
      expect([plan.agentOf.every((agent) => agent === plan.agentOf[0] || suite === "waves"), seen.size]).toEqual([
        true,
        plan.agentOf.length,
      ]);
      const text = writeLpText(packed);
      expect(text.match(/^ [rl]\d+:/gm)).toHaveLength(packed.numRows);
      if (one.arrays === null) continue;
      const { numTasks, numAgents, use } = one.arrays.assignment;
      const load = use.filter((_, pair) => pair % numAgents === 0).reduce((sum, own) => sum + own, 0);
      // The first agent has it all: its row says how much, and beside the makespan nothing is left.
      const activity = Array.from({ length: packed.rowStart[numTasks + 1]! - packed.rowStart[numTasks]! }, (_, k) => {
        const entry = packed.rowStart[numTasks]! + k;
        return packed.coefficients[entry]! * values[packed.indices[entry]!]!;
      }).reduce((sum, term) => sum + term, 0);
      expect(activity).toBe(load);
      if (suite !== "rcmax") continue;
      values[packed.numVariables - 1] = one
        .arrays!.assignment.use.filter((_, pair) => pair % 10 === 0)
        .reduce((sum, use) => sum + use, 0);
      const value = evaluateProgram(packed, values);
      expect(checkAnswer(one, { value, plan, bound: null, proven: false })).toMatchObject({ value, fault: null });
    }
  });
});
