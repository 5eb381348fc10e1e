import { describe, expect, it } from "vitest";
import type { AttemptRequest, AttemptResult, Executor } from "../../../src/pipeline/execute/executor.js";
import { agentOf, execute, planned, retryOnSpot, scripted, timeline } from "./plans.js";

type Answer = (request: AttemptRequest, signal: AbortSignal) => Promise<AttemptResult>;

function executor(answer: Answer, time: "virtual" | "wall" = "virtual"): Executor {
  return { name: "faulty", execution: "real", time, execute: answer };
}

const after = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Error("told to stop"));
    });
  });

const withMessage = (message: unknown): Error => Object.defineProperty(new Error(), "message", { value: message });

/** Every look at it throws. */
const untouchable = (): object => {
  const refuse = (): never => {
    throw Symbol("do not touch");
  };
  return new Proxy({}, { get: refuse, has: refuse, getPrototypeOf: refuse, ownKeys: refuse });
};

const PLAN = [planned("t", "a", 0), planned("u", "a", 10)];
const rubbish = (value: unknown): Answer => (async () => value) as unknown as Answer;

/** The first attempt at t goes wrong, everything else takes 4 ms. */
const firstWrong = (wrong: Answer): Answer => {
  return async (request, signal) =>
    request.taskId === "t" && request.attempt === 1 ? wrong(request, signal) : { succeeded: true, durationMs: 4 };
};

describe("faulty executors", () => {
  it.each<[string, Answer, RegExp]>([
    ["rejects", () => Promise.reject(new Error("no network")), /^no network$/],
    [
      "throws",
      () => {
        throw new TypeError("");
      },
      /^TypeError$/,
    ],
    ["throws no error", () => Promise.reject({ code: 1 }), /type object/],
    ["throws a symbol", () => Promise.reject(Symbol("s")), /type symbol/],
    ["throws nothing", () => Promise.reject(undefined), /type undefined/],
    ["throws an error with a symbol for a message", () => Promise.reject(withMessage(Symbol("s"))), /type object/],
    ["throws what cannot be looked at", () => Promise.reject(untouchable()), /cannot be looked at/],
    ["answers what cannot be looked at", rubbish(untouchable()), /type symbol/],
    ["throws 5 MB", () => Promise.reject(new Error("é".repeat(2_500_000))), /^é+ … \(cut; it had 5000000 bytes\)$/],
  ])("counts an executor that %s as a failed attempt and goes on", async (_, wrong, message) => {
    const result = await execute(PLAN, [agentOf("a")], executor(firstWrong(wrong)));
    expect(timeline(result)).toEqual(["t a/0 0–10 failed", "t a/0 10–14", "u a/0 14–18"]);
    const [attempt] = result.tasks[0]!.attempts;
    expect(attempt).toMatchObject({ fault: "threw", errorMessage: expect.stringMatching(message) as string });
    expect(Buffer.byteLength(attempt!.errorMessage!)).toBeLessThanOrEqual(16_384);
  });

  it.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /is missing/],
    ["a text", "done", /not an object/],
    ["no verdict", { durationMs: 1 }, /succeeded: is missing/],
    ["a word for a verdict", { succeeded: "yes", durationMs: 1 }, /not true or false/],
    ["no duration in virtual time", { succeeded: true }, /durationMs: is missing/],
    ["a negative duration", { succeeded: true, durationMs: -1 }, /less than 0/],
    ["an infinite duration", { succeeded: true, durationMs: Infinity }, /not a finite number/],
    ["NaN", { succeeded: true, durationMs: NaN }, /durationMs/],
    ["a time beyond all that planning takes", { succeeded: true, durationMs: 1e308 }, /durationMs: 1e\+308 is greater/],
    ["such a cost", { succeeded: true, durationMs: 1, cost: 1e308 }, /cost: 1e\+308 is greater than 1000000000000/],
    ["too large a gain", { succeeded: true, durationMs: 1, confidenceDelta: 1.01 }, /greater than 1/],
    ["a number for retryable", { succeeded: false, durationMs: 1, retryable: 1 }, /retryable/],
    [
      "a trap",
      {
        get succeeded(): boolean {
          throw new Error("trap");
        },
      },
      /trap/,
    ],
  ])("counts %s as rubbish", async (_, value, message) => {
    const result = await execute(PLAN, [agentOf("a")], executor(firstWrong(rubbish(value))));
    expect(timeline(result)).toEqual(["t a/0 0–10 failed", "t a/0 10–14", "u a/0 14–18"]);
    expect(result.tasks[0]!.attempts[0]).toMatchObject({ fault: "rubbish", succeeded: false });
    expect(result.tasks[0]!.attempts[0]!.errorMessage).toMatch(message);
  });

  it("cuts a long message of an attempt that failed", async () => {
    const answer = { succeeded: false, durationMs: 1, errorMessage: "x".repeat(5_000_000) };
    const result = await execute(PLAN, [agentOf("a")], executor(firstWrong(rubbish(answer))));
    expect(result.tasks[0]!.attempts[0]!.errorMessage).toMatch(/^x{16000,} … \(cut; it had 5000000 bytes\)$/);
  });

  it.each(["virtual", "wall"] as const)("ends an attempt that hangs in %s time and tells it", async (time) => {
    let wasTold = false;
    const hang: Answer = (_, signal) => {
      signal.addEventListener("abort", () => (wasTold = true));
      return new Promise(() => {});
    };
    const result = await execute(PLAN, [agentOf("a")], executor(firstWrong(hang), time), { attemptTimeoutMs: 20 });
    expect(result.tasks.map(({ succeeded }) => succeeded)).toEqual([true, true]);
    expect(result.tasks[0]!.attempts[0]).toMatchObject({ fault: "hung", errorMessage: "no answer within 20 ms" });
    expect(wasTold).toBe(true);
    const { durationMs } = result.tasks[0]!.attempts[0]!;
    if (time === "virtual") expect(durationMs).toBe(10);
    else expect(durationMs).toBeGreaterThan(15);
  });

  it("says why a task failed, the executor's words included", async () => {
    const result = await execute(
      [planned("t", "a", 0)],
      [agentOf("a")],
      executor(async () => ({ succeeded: false, durationMs: 1, errorMessage: "disk full" })),
    );
    expect(result.tasks[0]!.failureReason).toBe("enough (last error: disk full)");
  });
});

describe("executeWave in wall time", () => {
  it("runs slots side by side, in order, with measured times and the executor's own durations", async () => {
    const plan = [
      planned("a1", "a", 0),
      planned("a2", "a", 10, { dependsOn: ["b1"] }),
      planned("b1", "b", 0),
      planned("c1", "c", 30),
    ];
    const running = { now: 0, most: 0 };
    const answer: Answer = async ({ taskId }) => {
      running.most = Math.max(running.most, ++running.now);
      await after(30);
      running.now--;
      return taskId === "b1" ? { succeeded: true, durationMs: 5 } : { succeeded: true };
    };
    const agents = [agentOf("a"), agentOf("b"), agentOf("c", 1, 15)];
    const { tasks } = await execute(plan, agents, { name: "real", execution: "real", execute: answer });
    const [a1, a2, b1, c1] = tasks as [(typeof tasks)[0], (typeof tasks)[0], (typeof tasks)[0], (typeof tasks)[0]];
    expect(running.most).toBe(3);
    expect(b1.attempts[0]!.durationMs).toBe(5);
    expect(b1.endMs - b1.startMs).toBeGreaterThan(25);
    expect(a1.attempts[0]!.durationMs).toBe(a1.endMs - a1.startMs);
    expect(a2.startMs).toBeGreaterThanOrEqual(Math.max(a1.endMs, b1.endMs));
    expect(c1.startMs).toBeGreaterThanOrEqual(15);
    expect(c1.startMs).toBeLessThan(a1.endMs);
  });

  it("stops when it is told to: running attempts are told, no new ones start, nobody is waited for", async () => {
    const plan = [planned("a1", "a", 0), planned("a2", "a", 10), planned("b1", "b", 0), planned("c1", "c", 0)];
    const controller = new AbortController();
    const attempted: string[] = [];
    const answer: Answer = async ({ taskId }, signal) => {
      attempted.push(taskId);
      if (taskId === "b1") return after(5).then(() => ({ succeeded: true }));
      await after(5_000, signal);
      return { succeeded: true };
    };
    const agents = [agentOf("a"), agentOf("b"), agentOf("c", 1, 60_000)];
    setTimeout(() => controller.abort(), 25);
    const start = performance.now();
    const result = await execute(plan, agents, executor(answer, "wall"), { signal: controller.signal });
    expect(performance.now() - start).toBeLessThan(500);
    expect(attempted).toEqual(["a1", "b1"]);
    expect(result.wasAborted).toBe(true);
    expect(result.tasks.map(({ succeeded, failureReason }) => [succeeded, failureReason])).toEqual([
      [false, "the run was interrupted"],
      [true, null],
    ]);
    expect(result.tasks[0]!.attempts).toMatchObject([{ fault: "aborted" }]);
    expect(result.notStarted).toEqual([
      { taskId: "a2", reason: "the run was interrupted", canChange: false },
      { taskId: "c1", reason: "the run was interrupted", canChange: false },
    ]);
  });

  it("does not wait for an executor that ignores the interruption", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 5);
    const deaf = executor(() => new Promise(() => {}), "wall");
    const result = await execute([planned("t", "a", 0)], [agentOf("a")], deaf, { signal: controller.signal });
    expect(result.tasks[0]!.attempts).toMatchObject([{ fault: "aborted" }]);
  });

  it("starts nothing where it is interrupted before it begins, and no retry afterwards", async () => {
    const aborted = AbortSignal.abort();
    const late = [planned("t", "a", 0), planned("u", "b", 0)];
    const result = await execute(late, [agentOf("a"), agentOf("b", 1, 60_000)], scripted({}), { signal: aborted });
    expect(result).toMatchObject({ tasks: [], wasAborted: true });
    expect(result.notStarted).toHaveLength(2);
    const controller = new AbortController();
    const failing = executor(async () => {
      controller.abort();
      return { succeeded: false, durationMs: 3 };
    });
    const ended = await execute(PLAN, [agentOf("a")], failing, {
      signal: controller.signal,
      onFailure: retryOnSpot(3),
    });
    expect(ended.tasks).toMatchObject([{ taskId: "t", failureReason: "the run was interrupted", endMs: 3 }]);
    expect(ended.tasks[0]!.attempts).toHaveLength(1);
  });
});
