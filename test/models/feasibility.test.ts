import { describe, expect, it } from "vitest";
import { finestStep, settledSlack } from "../../models/build.js";
import { findViolations } from "../../models/feasibility.js";
import { DEFERRED, type Instance } from "../../models/instance.js";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import { goalChain } from "../../models/strategy.js";
import { goldenInstance, timedInstance } from "../support/small-instance.js";

const due = (...deadlines: number[]): Instance => ({ ...goldenInstance(), deadlineMs: Float64Array.from(deadlines) });
const violationsOf = (instance: Instance, agentOf: number[], slotOf: number[]) =>
  findViolations(instance, { agentOf: Int32Array.from(agentOf), slotOf: Int32Array.from(slotOf) });
const deadlinesOf = (instance: Instance, agentOf: number[], slotOf: number[]) =>
  violationsOf(instance, agentOf, slotOf)
    .filter(({ row }) => row.startsWith("deadline"))
    .map(({ row, message }) => `${row}: ${message}`);

/** Busy times: t1 440 on ada, 420 on bob; t2 735 on bob; t3 900 on ada, 220 on bob, who comes at 100. */
describe("deadlines of a plan without start times", () => {
  it.each<[string, number[], number[], number[], string[]]>([
    [
      "count what is due by each on its slot, in their order",
      [500, 1000, 800],
      [1, 1, 1],
      [0, 0, 0],
      [
        "deadline[bob,0,500]: busy 420 ms before 500 ms, room for 400 ms",
        "deadline[bob,0,1000]: busy 1375 ms before 1000 ms, room for 900 ms",
      ],
    ],
    ["look at each slot alone", [500, 1000, 950], [0, 1, 0], [0, 0, 1], []],
    [
      "add up what shares a slot",
      [500, 1000, 950],
      [0, 1, 0],
      [0, 0, 0],
      ["deadline[ada,0,950]: busy 1340 ms before 950 ms, room for 950 ms"],
    ],
    [
      "say equal ones once",
      [600, 2000, 600],
      [1, 1, 1],
      [0, 0, 0],
      ["deadline[bob,0,600]: busy 640 ms before 600 ms, room for 500 ms"],
    ],
    ["leave out what is deferred or never due", [1, Infinity, Infinity], [DEFERRED, 1, 1], [DEFERRED, 0, 0], []],
    [
      "leave no room before the agent comes",
      [50, Infinity, Infinity],
      [1, DEFERRED, DEFERRED],
      [0, DEFERRED, DEFERRED],
      ["deadline[bob,0,50]: busy 420 ms before 50 ms, room for 0 ms"],
    ],
  ])("%s", (_, deadlines, agentOf, slotOf, expected) => {
    expect(deadlinesOf(due(...deadlines), agentOf, slotOf)).toEqual(expected);
  });

  it("are those of an instance with times too, as long as nothing has a start", () => {
    const timed = { ...timedInstance(), deadlineMs: Float64Array.of(500, 1000, 800) };
    expect(deadlinesOf(timed, [1, 1, 1], [0, 0, 0])).toHaveLength(2);
  });
});

describe("where a task is", () => {
  const messagesOf = (instance: Instance, agentOf: number[], slotOf: number[]) =>
    violationsOf(instance, agentOf, slotOf).map(({ row, message }) => `${row}: ${message}`);

  it.each<[number[], number[], string]>([
    [[DEFERRED, 7, DEFERRED], [DEFERRED, 0, DEFERRED], "assign[t2]: placed on 7, not eligible"],
    [[0, DEFERRED, DEFERRED], [2, DEFERRED, DEFERRED], "assign[t1]: slot 2 does not exist"],
    [[0, DEFERRED, DEFERRED], [-1, DEFERRED, DEFERRED], "assign[t1]: slot -1 does not exist"],
  ])("%j, slots %j", (agentOf, slotOf, message) => {
    expect(messagesOf(goldenInstance(), agentOf, slotOf)).toEqual([message]);
  });

  it("may be nowhere only where deferral is allowed", () => {
    const strict: Instance = { ...goldenInstance(), deferral: { kind: "forbidden" } };
    const none = [DEFERRED, DEFERRED, DEFERRED];
    expect(messagesOf(strict, none, none)).toHaveLength(3);
    expect(messagesOf(strict, none, none)[0]).toBe("assign[t1]: deferred though deferral is forbidden");
    expect(messagesOf(goldenInstance(), none, none)).toEqual([]);
  });
});

describe("how much worse a plan may be on a settled goal", () => {
  const instance = goldenInstance();
  const [deferral, success] = goalChain(instance, STRATEGY_MODELS.maximize_success).goals;

  it("is never a hundredth of the lightest task", () => {
    expect(finestStep(deferral!)).toBe(0.01);
    expect(finestStep({ ...deferral!, perDeferral: Float64Array.of(0, -3, 8) })).toBe(0.03);
    expect([finestStep(success!), finestStep({ ...deferral!, makespan: 1 })]).toEqual([Infinity, Infinity]);
    expect(finestStep({ ...deferral!, perPair: Float64Array.of(1) })).toBe(Infinity);
  });

  it("is nothing on whole numbers, and small beside the value elsewhere", () => {
    expect(settledSlack(instance, deferral!, 4)).toBe(0);
    const slack = settledSlack(instance, success!, -4);
    expect([slack > 0, slack < 1e-3, settledSlack(instance, success!, 4)]).toEqual([true, true, slack]);
  });
});
