import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { explain } from "../../../src/planner/ask/explain.js";
import { replan } from "../../../src/planner/replan/replan.js";
import { solve } from "../../../src/planner/solve/solve.js";
import { agents, estimate, NOW, task } from "../../support/documents.js";

afterAll(closeSolvers);

const both = (better: number) => ({
  estimates: { a: estimate(100, { success_probability: better }), b: estimate(100, { success_probability: 0.5 }) },
});
const wave = (presence: Record<string, unknown>) => ({
  agents: agents(presence, {}),
  tasks: [0.9, 0.8, 0.7].map((better, k) => task(`t${k}`, "", 0, both(better))),
  options: { load_limit: "none", strategy: "maximize_success" },
});
const TIME = { timeLimitMs: 20_000 };

it("says what an agent's departure is worth", async () => {
  const document = wave({ available_until_ms: 250, unavailable: [[0, 50]] });
  const { limits } = await explain(await solve(document, { now: NOW }), document, TIME);
  // All three on a instead of two; without the absence there are two all the same.
  expect(limits.map(({ limit }) => limit)).toEqual(["departure[a]"]);
  expect(limits[0]).toMatchObject({ used: 250, allowed: 250, one_more: null, price_per_unit: null });
  expect(limits[0]!.lifted.gains).toBeCloseTo(0.2, 9);
});

it("says what an agent's absences are worth, also where only its own limits are asked for", async () => {
  const document = wave({ available_until_ms: 250, unavailable: [[60, 160]] });
  const result = await solve(document, { now: NOW });
  // Nothing fits before or behind the absence: all on b. Without it two are on a, without the departure all three.
  expect(result.objective.value).toBeCloseTo(1.5, 9);
  const { limits } = await explain(result, document, { ...TIME, agent: "a" });
  expect(limits.map(({ limit, used, allowed }) => [limit, used, allowed])).toEqual([
    ["departure[a]", 0, 250],
    ["absences[a]", null, null],
  ]);
  expect(limits[0]!.lifted.gains).toBeCloseTo(0.9, 9);
  expect(limits[1]!.lifted.gains).toBeCloseTo(0.7, 9);
  expect((await explain(result, document, { ...TIME, agent: "b" })).limits).toEqual([]);
});

it("advises of the rest of a wave no time that is over", async () => {
  const document = {
    agents: agents({}, { available_from_ms: 500 }),
    tasks: [
      task("done", "a", 100, { eligible_agents: ["a"] }),
      task("open", "a", 100, { eligible_agents: ["a"] }),
      task("late", "b", 100, { eligible_agents: ["b"], deadline_ms: 300 }),
    ],
    options: { load_limit: "none", strategy: "maximize_success" },
  };
  const flagsOf = async (result: Awaited<ReturnType<typeof solve>>, problem: unknown) => {
    const { deferred } = await explain(result, problem, { ...TIME, task: "late" });
    return deferred[0]!.cures.map(({ flags }) => flags).filter((flags) => flags?.includes("available_from_ms"));
  };
  const plan = await solve(document, { now: NOW });
  expect(await flagsOf(plan, document)).toEqual(["--agent 'b.available_from_ms=0'"]);
  const events = [
    { at_ms: 0, event: "started", task_id: "done" },
    { at_ms: 120, event: "ended", task_id: "done" },
  ];
  const { result, problem } = await replan(plan, document, events, { now: NOW, timeLimitMs: 10_000 });
  expect(await flagsOf(result, problem)).toEqual(["--agent 'b.available_from_ms=120'"]);
});
