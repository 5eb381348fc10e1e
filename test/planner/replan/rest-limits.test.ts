import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { replan } from "../../../src/planner/replan/replan.js";
import type { SolveCallOptions } from "../../../src/planner/solve/call-options.js";
import { solve, verify } from "../../../src/planner/solve/solve.js";
import { agents, type Document, estimate, type Row, task } from "../../support/documents.js";

afterAll(closeSolvers);

const CALL = { strategy: "maximize_throughput", workLimit: 8_000, timeLimitMs: 60_000 } as const;
const OPTIONS = { load_limit: "none" };

const started = (task_id: string, agent_id: string, at_ms = 0): Row => ({ at_ms, event: "started", task_id, agent_id });
/** Nothing but that time has gone by. */
const at = (at_ms: number): Row => ({ at_ms, event: "agent_up", agent_id: "a" });

/** Planned again; the problem of the rest is read again, by `verify` and by a second call. */
async function rest(document: Document, events: Row[], call: SolveCallOptions = {}) {
  const { strategy = CALL.strategy, ...others } = { ...CALL, ...call };
  const plan = await solve(document, { ...CALL, strategy });
  const { result, problem } = await replan(plan, document, events, others);
  expect(verify(result, problem, { ...others, plan, stay: 0.0005 })).toMatchObject({
    verdict: expect.not.stringMatching("invalid"),
  });
  const next = await replan(result, problem, [at((events.at(-1)!["at_ms"] as number) + 1)], others);
  expect(next.result.termination).not.toBe("error");
  const rows = result.schedule.map(({ task_id, agent_id, start_ms, end_ms }) => [task_id, agent_id, start_ms, end_ms]);
  return { plan, result, problem, rows, reasons: result.deferred_tasks };
}

describe("an agent with several slots of which one works on into an absence, or past its departure", () => {
  const slow = (ms: number, elsewhere: number): Row => ({ a: estimate(ms), b: estimate(elsewhere) });
  const wave = (away: Row, elsewhere: number): Document => ({
    agents: agents({ slots: 2, ...away }, {}),
    tasks: [
      task("t0", "", 0, { estimates: slow(80, 5000) }),
      task("t1", "", 0, { estimates: slow(30, elsewhere), release_ms: 60 }),
    ],
    options: OPTIONS,
  });

  it.each<[string, Row, number, unknown[]]>([
    ["waits for the absence to end", { unavailable: [[100, 300]] }, 5000, ["t1", "a", 300, 330]],
    ["goes where it ends sooner", { unavailable: [[100, 300]] }, 50, ["t1", "b", 110, 160]],
    [
      "waits for the last of two",
      {
        unavailable: [
          [100, 130],
          [150, 300],
        ],
      },
      5000,
      ["t1", "a", 300, 330],
    ],
    ["goes to another where it has left", { available_until_ms: 120 }, 5000, ["t1", "b", 110, 5110]],
  ])("begins nothing else there: what waits %s", async (_, away, elsewhere, row) => {
    const { rows } = await rest(wave(away, elsewhere), [started("t0", "a"), at(110)]);
    expect(rows).toContainEqual(["t0", "a", 110, 220]);
    expect(rows).toContainEqual(row);
  });

  it("has nothing for a task that is pinned to it, once it has left", async () => {
    const document = wave({ available_until_ms: 120 }, 5000);
    document.tasks[1]!["pinned_agent"] = "a";
    const { reasons } = await rest(document, [started("t0", "a"), at(110)]);
    expect(reasons.map(({ task_id }) => task_id)).toEqual(["t1"]);
  });
});

describe("a rest in which every task must run", () => {
  const options = { ...OPTIONS, no_defer: true };

  it.each<[string, Document, Row[]]>([
    [
      "the only agent is down",
      { agents: agents({}), tasks: [task("t0", "a", 50)], options },
      [{ at_ms: 5, event: "agent_down", agent_id: "a" }],
    ],
    [
      "it is down, and times bind",
      { agents: agents({}), tasks: [task("t0", "a", 50, { release_ms: 20 })], options },
      [{ at_ms: 5, event: "agent_down", agent_id: "a" }],
    ],
    [
      "a deadline cannot be kept",
      {
        agents: agents({}, {}),
        tasks: [task("t0", "ab", 50, { deadline_ms: 60, pinned_agent: "a" }), task("t1", "ab", 50)],
        options,
      },
      [at(30)],
    ],
    [
      "what runs is in the way",
      {
        agents: agents({}),
        tasks: [task("t0", "a", 50), task("t1", "a", 50, { deadline_ms: 110 })],
        options,
      },
      [started("t0", "a"), at(80)],
    ],
  ])("is infeasible, with the conflict, where %s", async (_, document, events) => {
    const { result } = await rest(document, events);
    expect(result.termination).toBe("infeasible");
    expect(result.conflict!.tasks.length).toBeGreaterThan(0);
  });

  it("has a plan where there is one", async () => {
    const tasks = [task("t0", "ab", 50), task("t1", "ab", 50, { deadline_ms: 100 }), task("t2", "ab", 50)];
    const { result } = await rest({ agents: agents({}, {}), tasks, options }, [started("t0", "a"), at(30)]);
    expect(result.schedule).toHaveLength(3);
  });
});

describe("the problem of a rest", () => {
  it("can be read where a pin has no room any more", async () => {
    const tasks = [task("t0", "ab", 80, { pinned_agent: "a" }), task("t1", "ab", 50)];
    const document = { agents: agents({ unavailable: [[100, 300]], available_until_ms: 350 }, {}), tasks };
    const { reasons, problem } = await rest({ ...document, options: OPTIONS }, [at(60)]);
    expect(reasons).toEqual([{ task_id: "t0", reason: "no eligible agent is there for long enough" }]);
    expect(problem.tasks[0]).toMatchObject({ eligible_agents: ["a"] });
  });

  it.each<[string, Row]>([
    ["has left", { available_until_ms: 100 }],
    ["is away for all that is left of its time", { unavailable: [[100, 300]], available_until_ms: 300 }],
  ])("can be read where an agent %s", async (_, away) => {
    const tasks = [task("t0", "ab", 40), task("t1", "ab", 50), task("t2", "ab", 200)];
    const { result } = await rest({ agents: agents(away, {}), tasks, options: OPTIONS }, [at(150)]);
    expect(result.agent_assignments).toMatchObject({ a: [] });
    expect(result.schedule).toHaveLength(3);
  });

  it("says of what waits for a withdrawn task that it was withdrawn", async () => {
    const tasks = [task("t0", "a", 40), task("t1", "a", 50, { depends_on: ["t0"] })];
    const events = [{ at_ms: 5, event: "task_withdrawn", task_id: "t0" }];
    const { reasons } = await rest({ agents: agents({}), tasks, options: OPTIONS }, events);
    expect(reasons).toEqual([{ task_id: "t1", reason: "waits for t0, which was withdrawn" }]);
  });
});

describe("a rest in which deferral has a price", () => {
  it.each([{}, { unavailable: [[900, 950]] }])(
    "keeps what runs, and no other task below the gate: %j",
    async (away) => {
      const odds = (success_probability: number): Row => ({ estimates: { a: estimate(50, { success_probability }) } });
      const below = Array.from({ length: 12 }, (_, k) => task(`t${k + 10}`, "", 0, odds(0.4 - 0.01 * k)));
      const document: Document = {
        agents: agents(away),
        tasks: [...below, task("t9", "", 0, odds(0.9))],
        options: OPTIONS,
      };
      const others = { workLimit: 20_000, timeLimitMs: 60_000, deferPenalty: 0.7 } as const;
      const plan = await solve(document, { ...CALL, strategy: "minimize_retries" });
      const events = [started("t10", "a", 1), at(20)];
      const { result, problem } = await replan(plan, document, events, others);
      expect(verify(result, problem, { ...others, plan, stay: 0.0005 }).verdict).not.toBe("invalid");
      expect(result.schedule.map(({ task_id }) => task_id).sort()).toEqual(["t10", "t9"]);
      expect(result.objective.value).toBeCloseTo(11 * 0.7, 9);
    },
  );
});

describe("what runs", () => {
  it.each([
    { away: [], workLimit: 8_000 },
    { away: [[200, 210]], workLimit: 8_000 },
    { away: [[200, 210]], workLimit: 1 },
  ])("stays in the plan though what was planned before it would use up the budget: %o", async ({ away, workLimit }) => {
    // t0 was to run first; t1 started in its place.
    const { plan, rows } = await rest(
      {
        agents: agents({ unavailable: away }),
        tasks: [
          task("t0", "a", 10, { estimates: { a: estimate(10, { cost: 5 }) }, due_ms: 50, priority: 1 }),
          task("t1", "a", 10, { estimates: { a: estimate(10, { cost: 5 }) }, priority: 2 }),
        ],
        options: { ...OPTIONS, budget: 12, max_retries: 2 },
      },
      [started("t1", "a", 2), { at_ms: 4, event: "failed", task_id: "t1" }, started("t1", "a", 5)],
      { strategy: "minimize_cost", workLimit },
    );
    expect(plan.schedule.map(({ task_id }) => task_id)).toEqual(["t0", "t1"]);
    expect(rows).toEqual([["t1", "a", 5, 15]]);
  });

  it("is not what a plan was found without that leaves it out", async () => {
    const { result } = await rest(
      {
        agents: agents({ capacity_ms: 40 }),
        tasks: [
          task("t0", "a", 10, { estimates: { a: estimate(10, { success_probability: 0.5, retries: 1 }) } }),
          task("t1", "a", 20),
        ],
        options: OPTIONS,
      },
      [started("t0", "a"), { at_ms: 5, event: "task_added", task: task("x", "a", 20, { weight: 5 }) }],
      { strategy: "mix" },
    );
    expect(result.schedule.map(({ task_id }) => task_id)).toEqual(["t0", "x"]);
    expect(result.stay).toMatchObject({ value_without: null });
  });

  it("takes of a pool what it takes until it ends, also beside another that takes all of it for a while", async () => {
    const on = (ms: number, agentId: string): Row => ({ estimates: { [agentId]: estimate(ms) } });
    const { rows } = await rest(
      {
        agents: agents({}, {}, {}),
        pools: { gpu: 2 },
        tasks: [
          task("t0", "", 0, { ...on(10, "a"), uses: { gpu: 2 } }),
          task("t1", "", 0, { ...on(30, "b"), uses: { gpu: 2 } }),
          task("t2", "", 0, { ...on(10, "c"), uses: { gpu: 1 } }),
        ],
        options: OPTIONS,
      },
      // Somebody started both though the pool has room for one.
      [started("t0", "a"), started("t1", "b", 1), at(5)],
    );
    expect(rows).toContainEqual(["t2", "c", 31, 41]);
  });
});
