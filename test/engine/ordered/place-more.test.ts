import { describe, expect, it } from "vitest";
import { DEFERRED, goalChain, STRATEGY_MODELS } from "../../../models/index.js";
import { climb, isForClimbs } from "../../../src/engine/ordered/climb.js";
import { OrderedWave } from "../../../src/engine/ordered/ordered-wave.js";
import { placeMore } from "../../../src/engine/ordered/place-more.js";
import { Session } from "../../../src/engine/goals/session.js";
import { dagDocument } from "../../../src/planner/bench/dag-document.js";
import { createNamedRandom } from "../../../src/planner/bench/draw.js";
import { generateDag } from "../../../src/planner/bench/generate-dag.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { deferredIds, solveVerified, task } from "../../support/documents.js";
import { planByHeft } from "../../../src/engine/ordered/list-schedules.js";
import { runInSlices } from "../../../src/engine/threads/slices.js";

const shape = { numTasks: 40, numAgents: 4 };

/** A wave whose deadlines are what a list schedule needs, and that schedule. */
async function planted() {
  const dag = generateDag("layers", shape, 1, createNamedRandom("planted", 1));
  const build = (deadlineMs: Float64Array) => {
    const parsed = parseProblem(
      dagDocument(dag, { deadlineMs, options: { no_defer: false, load_limit: "none" } }),
      "dag",
    );
    const options = resolveOptions(parsed.options, { workLimit: 1_000_000, timeLimitMs: 120_000 });
    return { options, instance: buildInstance(fillFromPrior(parsed, options), options) };
  };
  const { instance } = build(new Float64Array(shape.numTasks).fill(Infinity));
  const plan = await runInSlices(planByHeft(instance));
  const endMs = Float64Array.from(plan.startMs!, (start, one) => {
    for (let pair = instance.pairStart[one]!; pair < instance.pairStart[one + 1]!; pair++)
      if (instance.pairAgent[pair] === plan.agentOf[one]) return start + instance.busyMs[pair]!;
    return Infinity;
  });
  return { ...build(endMs.map((end) => 1.1 * end)), plan };
}

describe("placing more of what is left out", () => {
  it("ends with all tasks where a schedule of all is there, from one that places few", async () => {
    const { instance, options, plan } = await planted();
    const context = { now: () => 0, clock: () => performance.now(), startMs: performance.now(), fixedNow: true };
    const chain = goalChain(instance, STRATEGY_MODELS.maximize_success);
    const wave = new OrderedWave(new Session(options, context), instance, chain);
    // Of the tasks of the first layers, which wait for no others, every third one.
    const isIn = (one: number): boolean =>
      instance.dependsStart[one] === instance.dependsStart[one + 1] && one % 3 === 0;
    const only = <T extends Int32Array | Float64Array>(values: T, none: number): T =>
      values.map((value, one) => (isIn(one) ? value : none)) as T;
    const few = {
      agentOf: only(plan.agentOf, DEFERRED),
      slotOf: only(plan.slotOf, DEFERRED),
      startMs: only(plan.startMs!, NaN),
    };
    expect(wave.offer(few, "few")).toBe(true);
    await placeMore(wave);
    expect(wave.best!.plan.agentOf.includes(DEFERRED)).toBe(false);
  });
});

describe("climbs under deadlines", () => {
  it("lower the largest load of a plan towards its bound, all deadlines kept", async () => {
    const { instance, options, plan } = await planted();
    const context = { now: () => 0, clock: () => performance.now(), startMs: performance.now(), fixedNow: true };
    const chain = goalChain(instance, STRATEGY_MODELS.balance_load);
    const wave = new OrderedWave(new Session(options, context), instance, chain);
    expect(wave.offer(plan, "planted")).toBe(true);
    const { values } = wave.best!;
    const before = values[chain.firstIndex]!;
    wave.prove(chain.firstIndex, 0.5 * before, values, "bound");
    expect(isForClimbs(wave)).toBe(true);
    await climb(wave, 0.1);
    expect(wave.best!.values[chain.firstIndex]).toBeLessThan(before);
    expect(wave.best!.plan.agentOf.includes(DEFERRED)).toBe(false);
  });
});

describe("tasks that no plan places", () => {
  it("are left out, and the plan of all others is proven", async () => {
    const estimates = (ms: number) =>
      Object.fromEntries(
        ["a", "b"].map((agent) => [
          agent,
          { success_probability: 1, duration_ms: ms, retries: 0, confidence_delta: 0, cost: 0 },
        ]),
      );
    const document = {
      schema_version: 1,
      options: { load_limit: "none", no_defer: false },
      agents: [{ agent_id: "a" }, { agent_id: "b" }],
      tasks: [
        task("t1", "ab", 10, { estimates: estimates(10) }),
        task("late", "ab", 10, { estimates: estimates(10), deadline_ms: 15, depends_on: ["t1"] }),
        task("behind", "ab", 10, { estimates: estimates(10), depends_on: ["late"] }),
        ...Array.from({ length: 30 }, (_, k) =>
          task(`o${k}`, "ab", 10, { estimates: estimates(k < 2 ? 95 : 10), ...(k > 0 && { depends_on: ["t1"] }) }),
        ),
      ],
    };
    const result = await solveVerified(document, {
      strategy: "maximize_throughput",
      workLimit: 300_000,
      timeLimitMs: 60_000,
    });
    expect(deferredIds(result)).toEqual(["behind", "late"]);
    expect(result).toMatchObject({ termination: "optimal", objective: { value: 240, bound: 240 } });
  });
});
