import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../../src/engine/goals/threads.js";
import { AdaptiveScheduler } from "../../../../src/pipeline/execute/adaptive-scheduler.js";
import type { AttemptRequest, AttemptResult, Executor } from "../../../../src/pipeline/execute/executor.js";
import { WaveInbox } from "../../../../src/pipeline/execute/live/inbox.js";
import { solve } from "../../../../src/planner/solve/solve.js";
import { estimate, NOW } from "../../../support/documents.js";

afterAll(closeSolvers);

const row = (taskId: string, durationMs: number, over: object = {}, agents: readonly string[] = ["a"]) => ({
  ...{ task_id: taskId, risk_level: "LOW", confidence: 0.9, ...(agents.length === 1 && { pinned_agent: agents[0] }) },
  ...over,
  estimates: Object.fromEntries(agents.map((id) => [id, estimate(durationMs, { success_probability: 1, retries: 0 })])),
});

interface Wave {
  readonly agents?: readonly object[];
  readonly tasks: readonly object[];
  /** What the inbox is told before the wave begins. */
  readonly tell?: (inbox: WaveInbox, scheduler: AdaptiveScheduler) => void;
  readonly answer?: (request: AttemptRequest) => Partial<AttemptResult>;
  readonly signal?: AbortSignal;
}

async function play({ agents = [{ agent_id: "a" }], tasks, tell, answer = () => ({}), signal }: Wave) {
  const document = { agents, tasks, options: { load_limit: "none" } } as never;
  const result = await solve(document, { now: NOW, strategy: "maximize_throughput", solver: "greedy" });
  const scheduler = AdaptiveScheduler.fromDocument(document, result, { maxRetries: 2 });
  const inbox = new WaveInbox();
  tell?.(inbox, scheduler);
  const executor: Executor = {
    ...{ name: "told", execution: "simulated", time: "virtual" },
    execute: async (request: AttemptRequest) => {
      return { succeeded: true, durationMs: request.expectedDurationMs, ...answer(request) };
    },
  };
  const ran = await scheduler.executeSchedule({ executor, inbox, ...(signal && { signal }) });
  const spans = Object.fromEntries(ran.tasks.map(({ taskId, startMs, endMs }) => [taskId, [startMs, endMs]]));
  return { ran, scheduler, spans, notStarted: ran.notStarted };
}

describe("a task that comes while the wave runs", () => {
  it("is the one that was read, wherever its id stands among the others", async () => {
    const { scheduler, spans } = await play({
      tasks: [row("t0", 100), row("t1", 100)],
      tell: (inbox, own) => inbox.add(own.readTask(row("late", 30)), 50),
    });
    expect(scheduler.readTask(row("z", 30)).taskId).toBe("z");
    expect(spans).toEqual({ t0: [0, 100], t1: expect.anything(), late: expect.anything() });
  });

  it("has every slot of its agents, whether the plan used them or not", async () => {
    const tell = (inbox: WaveInbox, own: AdaptiveScheduler): void => {
      for (const id of ["z1", "z2", "z3"]) inbox.add(own.readTask(row(id, 100)), 10);
    };
    const few = await play({ agents: [{ agent_id: "a", slots: 3 }], tasks: [row("t0", 100)], tell });
    expect(few.spans).toEqual({ t0: [0, 100], z1: [10, 110], z2: [10, 110], z3: [100, 200] });
    const many = await play({ agents: [{ agent_id: "a", slots: 10_000 }], tasks: [row("t0", 100)], tell });
    expect(many.spans).toEqual({ t0: [0, 100], z1: [10, 110], z2: [10, 110], z3: [10, 110] });
  });

  it("may wait for another that comes, whichever of them is told of first", async () => {
    const tell = (inbox: WaveInbox, own: AdaptiveScheduler): void => {
      const [first, second] = [own.readTask(row("z", 50)), own.readTask(row("y", 30, { depends_on: ["z"] }))];
      inbox.add(second, 10);
      inbox.add(first, 200);
    };
    const { spans, notStarted } = await play({ agents: [{ agent_id: "a", slots: 2 }], tasks: [row("t0", 400)], tell });
    expect(notStarted).toEqual([]);
    expect(spans).toEqual({ t0: [0, 400], z: [200, 250], y: [250, 280] });
  });

  it("does not start where the one that it waits for was withdrawn before it came", async () => {
    const tell = (inbox: WaveInbox, own: AdaptiveScheduler): void => {
      const [first, second] = [own.readTask(row("z", 50)), own.readTask(row("y", 30, { depends_on: ["z"] }))];
      inbox.add(second, 10);
      inbox.add(first, 200);
      inbox.withdraw("z", 100);
    };
    const { spans, notStarted } = await play({ agents: [{ agent_id: "a", slots: 2 }], tasks: [row("t0", 400)], tell });
    expect(spans).toEqual({ t0: [0, 400] });
    expect(notStarted.map(({ taskId }) => taskId).sort()).toEqual(["y", "z"]);
  });

  it("may come to a wave without tasks, and waits for an agent that comes later", async () => {
    const agents = [{ agent_id: "a", available_from_ms: 500 }];
    const { spans } = await play({ agents, tasks: [], tell: (inbox, own) => inbox.add(own.readTask(row("z", 100))) });
    expect(spans).toEqual({ z: [500, 600] });
  });

  it("is told of where the wave is over before", async () => {
    const tell = (inbox: WaveInbox, own: AdaptiveScheduler): void => {
      inbox.add(own.readTask(row("z1", 100)), 150);
      inbox.add(own.readTask(row("z2", 100)), 150);
      inbox.withdraw("z2", 160);
    };
    const { spans, notStarted } = await play({ tasks: [row("t0", 100)], tell });
    expect(spans).toEqual({ t0: [0, 100] });
    expect(notStarted).toEqual([
      { taskId: "z1", reason: "the wave was over before it came", canChange: true },
      { taskId: "z2", reason: "it was withdrawn", canChange: false },
    ]);
  });

  it("leaves out what its agent may not take beside it, and says so", async () => {
    const tasks = [row("t0", 100), row("t1", 100, { weight: 1 })];
    const tell = (inbox: WaveInbox, own: AdaptiveScheduler): void =>
      inbox.add(own.readTask(row("z", 100, { weight: 50 })), 20);
    for (const limit of [{ max_tasks: 2 }, { capacity_ms: 200 }]) {
      const { spans, notStarted } = await play({ agents: [{ agent_id: "a", ...limit }], tasks, tell });
      expect(spans).toEqual({ t0: [0, 100], z: [100, 200] });
      const reason = "a has no room for it beside what is planned there now";
      expect(notStarted).toEqual([{ taskId: "t1", reason, canChange: true }]);
    }
    const dueAt200 = tasks.map((one) => ({ ...one, deadline_ms: 200 }));
    const { spans, notStarted } = await play({
      tasks: dueAt200,
      tell: (inbox, own) => inbox.add(own.readTask(row("z", 100, { weight: 50, deadline_ms: 200 })), 20),
    });
    expect(spans).toEqual({ t0: [0, 100], z: [100, 200] });
    expect(notStarted).toEqual([{ taskId: "t1", reason: expect.stringContaining("too late"), canChange: true }]);
  });

  it("sends what it takes the place of to another agent that can take it", async () => {
    const { spans, ran } = await play({
      agents: [
        { agent_id: "a", max_tasks: 2 },
        { agent_id: "b", available_from_ms: 150 },
      ],
      tasks: [row("t0", 100), row("t1", 100, { weight: 1 }, ["a", "b"])],
      tell: (inbox, own) => inbox.add(own.readTask(row("z", 100, { weight: 50 })), 20),
    });
    expect(spans).toMatchObject({ t0: [0, 100], z: [100, 200] });
    expect(ran.tasks.find(({ taskId }) => taskId === "t1")!.agentId).toBe("b");
  });
});

describe("a task that is withdrawn", () => {
  const tasks = [row("t0", 100), row("t1", 50, { release_ms: 500 }), row("held", 10, { held: "no word yet" })];

  it("changes nothing where the wave does not have it", async () => {
    for (const id of ["held", "typo"]) {
      const { spans, notStarted } = await play({ tasks, tell: (inbox) => inbox.withdraw(id, 20) });
      expect([spans, notStarted]).toEqual([{ t0: [0, 100], t1: [500, 550] }, []]);
    }
  });

  it("does not come where it was withdrawn before", async () => {
    const { spans, notStarted } = await play({
      tasks,
      tell: (inbox, own) => {
        inbox.withdraw("z", 20);
        inbox.add(own.readTask(row("z", 20)), 60);
      },
    });
    expect(spans).toEqual({ t0: [0, 100], t1: [500, 550] });
    expect(notStarted).toEqual([{ taskId: "z", reason: "it was withdrawn", canChange: false }]);
  });

  /** t0 fails at once, and its agent is away until 300 ms. */
  const retried = {
    agents: [{ agent_id: "a", unavailable: [[105, 300]] }, { agent_id: "b" }],
    tasks: [row("t0", 100), row("t1", 200, {}, ["b"])],
    answer: ({ taskId, attempt }: AttemptRequest) => (taskId === "t0" && attempt === 1 ? { succeeded: false } : {}),
  };

  it("goes on where an attempt of it was made", async () => {
    const { ran, notStarted } = await play({ ...retried, tell: (inbox) => inbox.withdraw("t0", 150) });
    expect(notStarted).toEqual([]);
    expect(ran.tasks.map(({ taskId, succeeded, attempts }) => [taskId, succeeded, attempts.length])).toEqual([
      ["t0", true, 2],
      ["t1", true, 1],
    ]);
  });

  it("keeps its attempts where the run is interrupted while it waits for another", async () => {
    const interruption = new AbortController();
    const { ran, notStarted } = await play({
      ...retried,
      tasks: [...retried.tasks, row("t2", 10, { depends_on: ["t1"], release_ms: 250 }, ["b"])],
      signal: interruption.signal,
      answer: (request) => {
        if (request.taskId === "t2") interruption.abort();
        return retried.answer(request);
      },
    });
    expect(ran.wasAborted).toBe(true);
    expect(ran.tasks.find(({ taskId }) => taskId === "t0")).toMatchObject({
      ...{ succeeded: false, failureReason: expect.stringContaining("interrupted") },
      attempts: [{ succeeded: false }],
    });
    expect(notStarted.map(({ taskId }) => taskId)).not.toContain("t0");
  });
});
