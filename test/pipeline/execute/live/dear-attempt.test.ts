import { expect, it } from "vitest";
import type { Executor } from "../../../../src/pipeline/execute/executor.js";
import { Purse } from "../../../../src/pipeline/execute/live/purse.js";
import { agentOf, execute, planned } from "../plans.js";

it("books every attempt that has ended before another one starts: the last of them may have cost all that was left", async () => {
  const dear = new Set(["b1"]);
  let release = (): void => undefined;
  const together = new Promise<void>((resolve) => (release = resolve));
  let numStarted = 0;
  const made: string[] = [];
  const executor: Executor = {
    ...{ name: "together", execution: "real", time: "wall" },
    execute: async ({ taskId }) => {
      made.push(taskId);
      if (++numStarted === 2) setImmediate(release);
      await together;
      return { succeeded: true, cost: dear.has(taskId) ? 60 : 1 };
    },
  };
  const plan = [
    planned("a1", "a", 0, { cost: 1 }),
    planned("a2", "a", 10, { cost: 1 }),
    planned("b1", "b", 0, { cost: 1 }),
    planned("b2", "b", 10, { cost: 1 }),
  ];
  const { notStarted } = await execute(plan, [agentOf("a"), agentOf("b")], executor, { purse: new Purse(30) });
  expect(made).toEqual(["a1", "b1"]);
  expect(notStarted.map(({ taskId, reason }) => [taskId, reason])).toEqual(
    ["a2", "b2"].map((taskId) => [taskId, "the budget of 30 does not pay for it: 61 is spent"]),
  );
});
