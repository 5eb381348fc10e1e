import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { replan } from "../../../src/planner/replan/replan.js";
import { solve } from "../../../src/planner/solve/solve.js";
import { agents, estimate, task } from "../../support/documents.js";

afterAll(closeSolvers);

const document = {
  agents: agents({}, {}),
  tasks: [4, 7, 9].map((time, k) => task(`t${k}`, "", 0, { estimates: { a: estimate(time), b: estimate(2 * time) } })),
};
const options = { strategy: "balance_load", timeLimitMs: 60_000 } as const;
const arrays = { numTasks: 1, numAgents: 1, pairStart: [0, 1], pairAgent: [0], busyMs: [3] };

it.each(["stage", "incumbent", "bound", "end"] as const)(
  "an async listener that fails at %s rejects the call",
  async (kind) => {
    const onProgress = async (event: { readonly kind: string }): Promise<void> => {
      await Promise.resolve();
      if (event.kind === kind) throw new Error("cannot be shown");
    };
    const plan = await solve(document, options);
    await expect(solve(document, { ...options, onProgress })).rejects.toThrow("cannot be shown");
    await expect(solve(arrays, { ...options, onProgress })).rejects.toThrow("cannot be shown");
    // The rest is planned again, not only found to stand.
    const gone = [{ at_ms: 1, event: "agent_down", agent_id: "a" }];
    if (kind === "end") await expect(replan(plan, document, gone, { onProgress })).rejects.toThrow("cannot be shown");
  },
);
