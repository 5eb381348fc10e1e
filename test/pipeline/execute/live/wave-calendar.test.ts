import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { KeyedStream } from "../../../../src/domain/index.js";
import { closeSolvers } from "../../../../src/engine/goals/threads.js";
import { AdaptiveScheduler } from "../../../../src/pipeline/execute/adaptive-scheduler.js";
import type { Executor } from "../../../../src/pipeline/execute/executor.js";
import type { WaveExecution } from "../../../../src/pipeline/execute/settings.js";
import { parseProblem } from "../../../../src/planner/documents/problem-document.js";
import { resolveOptions } from "../../../../src/planner/solve/options.js";
import { fillFromPrior, solve } from "../../../../src/planner/solve/solve.js";
import { agents, estimate, NOW, task } from "../../../support/documents.js";
import { randomTimedDocument } from "../../../support/timed/random-wave.js";
import { untimelyAttempts } from "../../../support/untimely-attempts.js";

afterAll(closeSolvers);

/** Attempts that take a fifth to three times as long as expected; some fail, some because of the agent. */
function unruly(seed: number): Executor {
  return {
    ...{ name: "unruly", execution: "simulated", time: "virtual" },
    execute: async ({ taskId, attempt, expectedDurationMs }) => {
      const luck = new KeyedStream(seed, `${taskId}\0${attempt}`);
      const durationMs = expectedDurationMs * (0.2 + 2.8 * luck.uniform() ** 2);
      const fate = luck.uniform();
      if (fate > 0.2) return { succeeded: true, durationMs };
      return { succeeded: false, durationMs, errorKind: fate < 0.05 ? "agent" : "task" };
    },
  };
}

async function play(document: Parameters<typeof parseProblem>[0], executor: Executor) {
  const result = await solve(document as never, { now: NOW, strategy: "maximize_throughput", workLimit: 20_000 });
  const scheduler = AdaptiveScheduler.fromDocument(document as never, result);
  const ran = await scheduler.executeSchedule({ executor });
  const problem = parseProblem(document, "wave");
  return { ran, result, problem: fillFromPrior(problem, resolveOptions(problem.options, {})) };
}

const as = (durationMs: Readonly<Record<string, number>>): Executor => ({
  ...{ name: "as told", execution: "simulated", time: "virtual" },
  execute: async ({ taskId }) => ({ succeeded: true, durationMs: durationMs[taskId]! }),
});
const on = (agentId: string, durationMs = 100) => ({
  estimates: { [agentId]: estimate(durationMs, { success_probability: 1, retries: 0 }) },
});
const attemptsOf = ({ tasks }: WaveExecution) => tasks.flatMap(({ attempts }) => attempts);
const startsOf = ({ ran }: Awaited<ReturnType<typeof play>>) =>
  Object.fromEntries(ran.tasks.map(({ taskId, startMs }) => [taskId, startMs]));

describe("a wave in which time binds, as it runs", () => {
  it("keeps releases, absences, departures and pools, whatever attempts take and however they end", async () => {
    let numBinding = 0;
    for (let seed = 1; seed <= 16; seed++) {
      const { ran, problem, result } = await play(randomTimedDocument(seed), unruly(seed));
      expect([seed, untimelyAttempts(problem, attemptsOf(ran))]).toEqual([seed, []]);
      expect(ran.tasks.length + ran.notStarted.length).toBe(result.schedule.length);
      if (Object.keys(problem.pools).length > 0) numBinding++;
    }
    expect(numBinding).toBeGreaterThan(2);
  });

  it("waits for a release and an absence though everything before ends early", async () => {
    const wave = {
      agents: agents({ unavailable: [[250, 400]] }),
      tasks: [
        task("t0", "", 0, on("a")),
        task("t1", "", 0, { ...on("a"), depends_on: ["t0"], release_ms: 120 }),
        task("t2", "", 0, { ...on("a"), depends_on: ["t1"] }),
      ],
      options: { load_limit: "none" },
    };
    expect(startsOf(await play(wave, as({ t0: 10, t1: 10, t2: 10 })))).toEqual({ t0: 0, t1: 120, t2: 130 });
    // Late by as much, t2 would reach into the absence.
    expect(startsOf(await play(wave, as({ t0: 150, t1: 30, t2: 10 })))).toEqual({ t0: 0, t1: 150, t2: 400 });
  });

  it("keeps them by the clock too", async () => {
    const wave = {
      agents: agents({ unavailable: [[60, 120]] }, {}),
      pools: { gpu: 1 },
      tasks: ["a", "b", "a", "b"].map((agent, k) =>
        task(`t${k}`, "", 0, { ...on(agent, 25), pinned_agent: agent, uses: { gpu: 1 }, release_ms: 20 * k }),
      ),
      options: { load_limit: "none" },
    };
    const asleep: Executor = {
      ...{ name: "asleep", execution: "real" },
      execute: async () => {
        await setTimeout(20);
        return { succeeded: true };
      },
    };
    const { ran, problem } = await play(wave, asleep);
    expect(untimelyAttempts(problem, attemptsOf(ran))).toEqual([]);
    expect(ran.tasks.map(({ succeeded }) => succeeded)).toEqual([true, true, true, true]);
  });

  it("gives a pool to what the plan has first, though a smaller task could start at once", async () => {
    const wave = {
      agents: agents({}, {}, {}),
      pools: { gpu: 2 },
      tasks: [
        task("t0", "", 0, { ...on("a"), pinned_agent: "a", uses: { gpu: 1 }, deadline_ms: 110 }),
        task("t1", "", 0, { ...on("b"), pinned_agent: "b", uses: { gpu: 2 }, release_ms: 50, deadline_ms: 210 }),
        task("t2", "", 0, { ...on("c", 50), pinned_agent: "c", uses: { gpu: 1 }, release_ms: 90 }),
      ],
      options: { load_limit: "none" },
    };
    const run = await play(wave, as({ t0: 95, t1: 100, t2: 50 }));
    expect(untimelyAttempts(run.problem, attemptsOf(run.ran))).toEqual([]);
    expect(startsOf(run)).toEqual({ t0: 0, t1: 95, t2: 195 });
  });

  it("starts nothing on an agent that has left, and says so", async () => {
    const wave = {
      agents: agents({ available_until_ms: 220 }),
      tasks: [task("t0", "", 0, on("a")), task("t1", "", 0, { ...on("a"), depends_on: ["t0"] })],
      options: { load_limit: "none" },
    };
    const late = await play(wave, as({ t0: 230, t1: 10 }));
    expect(late.ran.notStarted).toEqual([
      { taskId: "t1", reason: "a left at 220 ms, and no other agent can take it", canChange: true },
    ]);
    // While the agent is there it goes on, for what a task takes is only expected.
    expect(startsOf(await play(wave, as({ t0: 180, t1: 10 })))).toEqual({ t0: 0, t1: 180 });
  });

  it("lets another agent take what its own would leave behind", async () => {
    const both = {
      estimates: { a: estimate(100, { success_probability: 1 }), b: estimate(150, { success_probability: 1 }) },
    };
    const wave = {
      agents: agents({ available_until_ms: 220 }, {}),
      tasks: [task("t0", "", 0, { ...on("a"), pinned_agent: "a" }), task("t1", "", 0, { ...both, depends_on: ["t0"] })],
      options: { load_limit: "none" },
    };
    const { ran } = await play(wave, as({ t0: 190, t1: 10 }));
    expect(ran.tasks.map(({ agentId }) => agentId)).toEqual(["a", "b"]);
  });
});
