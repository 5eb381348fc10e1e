import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { createNamedRandom } from "../../../src/planner/bench/draw.js";
import { replan } from "../../../src/planner/replan/replan.js";
import { solve, verify } from "../../../src/planner/solve/solve.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import { agents, type Document, estimate, type Row, task } from "../../support/documents.js";

afterAll(closeSolvers);

const IDS = ["a", "b", "c"];
const CALL = { workLimit: 8_000, timeLimitMs: 60_000 } as const;

/** Twelve tasks of about a second, which take b and c a little longer. */
function wave(): Document {
  const tasks = Array.from({ length: 12 }, (_, k) => {
    const estimates = Object.fromEntries(IDS.map((id, j) => [id, estimate(1_000 + 7 * k + 40 * j)]));
    return task(`t${String(k).padStart(2, "0")}`, "", 0, { estimates });
  });
  return { agents: agents({}, {}, {}), tasks, options: { strategy: "maximize_throughput" } };
}

/** What the plan says has happened by then. */
function played({ schedule }: ResultDocument, atMs: number): Row[] {
  return schedule.flatMap(({ task_id, agent_id, start_ms, end_ms }): Row[] => {
    if (start_ms >= atMs) return [];
    const started = { at_ms: start_ms, event: "started", task_id, agent_id };
    return end_ms <= atMs ? [started, { at_ms: end_ms, event: "ended", task_id }] : [started];
  });
}

const NOW_MS = 1_500;

async function replanned(events: (plan: ResultDocument) => Row[], document: Document = wave()) {
  const plan = await solve(document, CALL);
  const next = await replan(plan, document, [...played(plan, NOW_MS), ...events(plan)], CALL);
  const report = verify(next.result, next.problem, { ...CALL, plan, stay: 0.0005 });
  expect([report.verdict, report.message]).not.toContain("invalid");
  const ended = plan.schedule.filter(({ end_ms }) => end_ms <= NOW_MS);
  const running = plan.schedule.filter(({ start_ms, end_ms }) => start_ms < NOW_MS && end_ms > NOW_MS);
  return { plan, ...next, ended, running };
}

describe("replan", () => {
  it("leaves what ended out, lets what runs end, and moves nothing where all went as planned", async () => {
    const { result, ended, running } = await replanned(() => [{ at_ms: NOW_MS, event: "agent_up", agent_id: "a" }]);
    expect(result.stay!.moved).toEqual([]);
    expect(result.schedule).toHaveLength(12 - ended.length);
    expect(running).toHaveLength(3);
    for (const { task_id, agent_id, end_ms } of running) {
      const now = result.schedule.find((entry) => entry.task_id === task_id)!;
      expect([now.agent_id, now.start_ms]).toEqual([agent_id, NOW_MS]);
      expect(now.end_ms).toBeCloseTo(end_ms, 6);
    }
  });

  it("lets what runs go on though its agent was not yet expected, or a pool has less than that", async () => {
    const document: Document = {
      agents: agents({ available_from_ms: 1000 }, {}, {}),
      pools: { gpu: 1 },
      tasks: ["a", "b", "c", "b"].map((id, k) => ({
        ...task(`t${k}`, id, 600, { pinned_agent: id }),
        ...(k > 0 && { uses: { gpu: 1 } }),
      })),
      options: { strategy: "maximize_throughput", load_limit: "none" },
    };
    const plan = await solve(document, CALL);
    const started = (task_id: string, at_ms: number): Row => ({ at_ms, event: "started", task_id });
    const events = [started("t0", 0), started("t1", 100), started("t2", 200)];
    const { result, problem } = await replan(plan, document, events, CALL);
    expect(result.deferred_tasks).toEqual([]);
    const endOf = Object.fromEntries(
      result.schedule.map(({ task_id, start_ms, end_ms }) => [task_id, [start_ms, end_ms]]),
    );
    expect(endOf["t0"]![1]).toBeCloseTo(600, 2);
    expect(endOf["t1"]![1]).toBeCloseTo(700, 2);
    expect(endOf["t2"]![1]).toBeCloseTo(800, 2);
    // The pool is free when what took it has ended.
    expect(endOf["t3"]![0]).toBeGreaterThanOrEqual(700 - 0.01);
    expect(verify(result, problem, { ...CALL, plan, stay: 0.0005 }).verdict).not.toBe("invalid");
  });

  it("never puts off what runs for a rounding of its times", async () => {
    const document: Document = { agents: agents({}), tasks: [task("t1", "a", 1000.3), task("t2", "a", 1000)] };
    document.options = { strategy: "maximize_success", load_limit: "none" };
    const plan = await solve(document, CALL);
    for (const [startMs, nowMs] of [
      [824.350331, 1075],
      [135.554781621172, 197.1],
      [563.983462, 733],
    ]) {
      const events = [
        { at_ms: startMs, event: "started", task_id: "t1" },
        { at_ms: nowMs, event: "agent_up", agent_id: "a" },
      ];
      const { result } = await replan(plan, document, events, CALL);
      expect(result.deferred_tasks).toEqual([]);
    }
  });

  it("says which events there are, and that a slot holds one task", async () => {
    const document = wave();
    const plan = await solve(document, { ...CALL, solver: "greedy" });
    const begin = (task_id: string): Row => ({ at_ms: 0, event: "started", task_id, agent_id: "a" });
    await expect(replan(plan, document, [{ at_ms: 0, event: "start", task_id: "t00" }])).rejects.toThrow(
      '"start" is not one of started, ended, failed, agent_down, agent_up, task_added, task_withdrawn; did you mean "started"?',
    );
    await expect(replan(plan, document, [begin("t00"), begin("t01")])).rejects.toThrow(
      "events[1]: started t01 on a, where t00 has its one slot; say first how that ended",
    );
  });

  it("never puts off what runs, whatever weighs more and whatever limits are left", async () => {
    const document: Document = { agents: agents({ max_tasks: 2, capacity_ms: 2_500 }), tasks: [] };
    document.tasks = [1, 2, 3].map((k) => task(`t${k}`, "a", 1_000, { weight: k === 1 ? 1 : 9 }));
    document.options = { strategy: "maximize_success", load_limit: "2500ms", no_defer: false };
    const plan = await solve({ ...document, tasks: document.tasks }, CALL);
    const events = [
      { at_ms: 0, event: "started", task_id: "t1", agent_id: "a" },
      // It has taken far too long, and more than the limits leave.
      { at_ms: 6_000, event: "agent_up", agent_id: "a" },
    ];
    const { result } = await replan(plan, document, events, { ...CALL, timeLimitMs: 1 });
    expect(result.schedule.map(({ task_id }) => task_id)).toContain("t1");
    expect(result.deferred_tasks.map(({ task_id }) => task_id)).not.toContain("t1");
  });

  it("refuses a plan of another problem", async () => {
    const document = wave();
    const plan = await solve(document, { ...CALL, solver: "greedy" });
    const other = { ...document, tasks: document.tasks.slice(1) };
    await expect(replan(plan, other, [])).rejects.toThrow(/plan\.problem_sha256.*of another one; give the document/);
  });

  it.each([
    [[["started", "t11", 0]], "events[0]: is of t11, which waits for t10; say first that t10 has ended"],
    [[["ended", "t11", 900]], "events[0]: is of t11, which waits for t10; say first that t10 has ended"],
    [[["started", "t09", 10]], "events[0]: is of t09 at 10 ms, before its release at 500 ms; check both times"],
    [
      [
        ["ended", "t00", 900],
        ["ended", "t00", 950],
      ],
      "events[1]: is of t00, which had ended",
    ],
    [
      [
        ["task_withdrawn", "t00", 1],
        ["started", "t00", 2],
      ],
      "events[1]: is of t00, which was withdrawn or has no attempt left",
    ],
  ])("refuses %j, which cannot have happened", async (rows, rule) => {
    const document = wave();
    document.tasks[11]!["depends_on"] = ["t10"];
    document.tasks[9]!["release_ms"] = 500;
    const plan = await solve(document, { ...CALL, solver: "greedy", workLimit: 100 });
    const events = rows.map(([event, task_id, at_ms]) => ({ event, task_id, at_ms }));
    await expect(replan(plan, document, events)).rejects.toThrow(rule);
  });

  it("refuses a price of moves that would reward them", async () => {
    const document = wave();
    const plan = await solve(document, { ...CALL, solver: "greedy", workLimit: 100 });
    await expect(replan(plan, document, [], { stay: -5 })).rejects.toThrow("options.stay: -5 is not a share from 0 to");
  });

  it("leaves the problem of what is left the time of the problem before", async () => {
    const document = wave();
    const plan = await solve(document, { ...CALL, solver: "greedy" });
    const { problem } = await replan(plan, document, []);
    expect(problem.options?.time_limit_ms).toBe(10_000);
  });

  it("gives the work of an agent that is down to others, what it was doing included, and keeps theirs", async () => {
    const { plan, result, ended } = await replanned(() => [{ at_ms: NOW_MS, event: "agent_down", agent_id: "b" }]);
    const gone = new Set(ended.map(({ task_id }) => task_id));
    const lost = plan.schedule.filter(({ agent_id, task_id }) => agent_id === "b" && !gone.has(task_id));
    const moved = result.stay!.moved.map(({ task_id }) => task_id);
    expect(result.agent_assignments["b"]).toEqual([]);
    for (const { task_id } of lost) expect(moved).toContain(task_id);
    expect(result.deferred_tasks).toEqual([]);
  });

  it("takes work off an agent that is slow", async () => {
    const { plan, result } = await replanned(({ schedule }) => {
      const late = schedule.find(({ agent_id, start_ms }) => agent_id === "c" && start_ms > 0)!;
      // What c does takes ten times as long as predicted, and it is still at it; the others end what they do.
      const others = schedule.filter(({ agent_id, start_ms }) => agent_id !== "c" && start_ms > 0 && start_ms < NOW_MS);
      const atMs = 10 * late.end_ms;
      const ends = others.map(({ task_id, end_ms }): Row => ({ at_ms: end_ms, event: "ended", task_id }));
      return [...ends, { at_ms: atMs, event: "agent_up", agent_id: "a" }];
    });
    expect(plan.agent_assignments["c"]!.length).toBeGreaterThan(2);
    expect(result.agent_assignments["c"]).toHaveLength(1);
  });

  it("places a task that came, drops one that is not wanted, and blocks what waits for one that is lost", async () => {
    const document = wave();
    document.tasks[11]!["depends_on"] = ["t10"];
    // What has ended can no longer be withdrawn.
    document.tasks[10]!["release_ms"] = NOW_MS;
    const added = task("t99", "", 0, { estimates: document.tasks[0]!.estimates });
    const { result } = await replanned(
      () => [
        { at_ms: NOW_MS, event: "task_added", task: added },
        { at_ms: NOW_MS, event: "task_withdrawn", task_id: "t10" },
      ],
      document,
    );
    const placed = result.schedule.map(({ task_id }) => task_id);
    expect(placed).toContain("t99");
    expect(placed).not.toContain("t10");
    expect(result.deferred_tasks.map(({ task_id }) => task_id)).toEqual(["t11"]);
  });

  it.each<[Row, string]>([
    [{ at_ms: 1, event: "started", task_id: "t0O" }, '"t0O" is not a task of the problem'],
    [{ at_ms: 1, event: "agent_down", agent_id: "z" }, '"z" is not an agent of the problem'],
    [{ at_ms: 1, event: "gone" }, "events[0]"],
    [{ at_ms: -1, event: "agent_up", agent_id: "a" }, "at_ms"],
  ])("refuses %j", async (event, message) => {
    const document = wave();
    const plan = await solve(document, { ...CALL, solver: "greedy" });
    await expect(replan(plan, document, [event])).rejects.toThrow(message);
  });

  it("plans the whole anew where what is near leaves out what may be placed, as far as there is time", async () => {
    const random = createNamedRandom("tight replan", 5);
    const tasks = Array.from({ length: 14 }, (_, k) => {
      const depends_on = k > 0 && random.unit() < 0.5 ? [`t${random.below(k)}`] : [];
      const drawn = IDS.map((id, j) => [
        id,
        estimate(10 + random.below(20), { success_probability: 0.6 + 0.13 * j, cost: 1 + 2 * j + random.below(2) }),
      ]);
      return task(`t${k}`, "", 0, { depends_on, estimates: Object.fromEntries(drawn) as Row });
    });
    const limits = IDS.map(() => ({ max_tasks: 7 }));
    const options = { strategy: "maximize_success", budget: 34, load_limit: "none" } as const;
    const document: Document = { agents: agents(...limits), tasks, options };
    const plan = await solve(document, CALL);
    const events = [{ at_ms: 0, event: "agent_down", agent_id: "b" }];
    const call = { ...CALL, workLimit: 600_000 };
    const near = await replan(plan, document, events, { ...call, workLimit: 5_000 });
    const { result, problem } = await replan(plan, document, events, call);
    expect(verify(result, problem, { ...call, plan, stay: 0.0005 }).verdict).not.toBe("invalid");
    expect(near.result.attempts.map(({ stage }) => stage)).toEqual(["near"]);
    expect([near.result.deferred_tasks.length, result.deferred_tasks.length]).toEqual([3, 2]);
    // Near the plan before nothing is searched for a bound: each task at its best is one, and `verify` knows it too.
    const { value, bound, bound_by, gap } = near.result.objective;
    expect([bound! >= value!, bound_by, gap! >= 0]).toEqual([true, "relaxation", true]);
    const again = { ...call, workLimit: 5_000, plan, stay: 0.0005 };
    expect(verify(near.result, near.problem, again).verdict).not.toBe("invalid");
  });

  it("searches the whole where it is given more time, and keeps the plan that is better at the price of its changes", async () => {
    const document = wave();
    const plan = await solve(document, CALL);
    const events = [{ at_ms: 10, event: "agent_down", agent_id: "b" }];
    const far = { ...CALL, workLimit: 400_000, stay: 0.0005 };
    const near = await replan(plan, document, events, { ...far, timeLimitMs: 150 });
    const whole = await replan(plan, document, events, far);
    expect(near.result.attempts.map(({ stage }) => stage)).toEqual(["near"]);
    expect(whole.result.attempts.length).toBeGreaterThan(1);
    expect(verify(whole.result, whole.problem, { ...far, plan }).verdict).not.toBe("invalid");
    const cost = ({ result }: typeof near): number =>
      result.objective.value! * (1 + far.stay * result.stay!.tasks_moved);
    expect(cost(whole)).toBeLessThanOrEqual(cost(near) * (1 + 1e-6));
    expect(whole.result.objective.bound).toBeGreaterThan(near.result.objective.bound!);
    // No change is worth this price, so that the plan before stands as far as it can.
    const kept = await replan(plan, document, [{ at_ms: 10, event: "agent_up", agent_id: "b" }], { ...far, stay: 1 });
    expect(kept.result.stay!.tasks_moved).toBe(0);
  });

  it("calls a plan that is as good as each task at its best what it is: optimal, ended by no limit", async () => {
    const document = { ...wave(), options: { strategy: "maximize_success", load_limit: "none" } as const };
    const plan = await solve(document, CALL);
    const events = [{ at_ms: 5, event: "task_withdrawn", task_id: "t03" }];
    const near = await replan(plan, document, events, { ...CALL, timeLimitMs: 150 });
    expect(near.result.attempts.map(({ stage }) => stage)).toEqual(["near"]);
    const { termination, limit, objective } = near.result;
    expect([termination, limit, objective.gap! < 1e-9, objective.bound_by]).toEqual([
      "optimal",
      null,
      true,
      "relaxation",
    ]);
    const again = { ...CALL, timeLimitMs: 150, plan, stay: 0.0005 };
    expect(verify(near.result, near.problem, again).verdict).toBe("proved_optimal");
  });
});
