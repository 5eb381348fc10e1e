import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { dagDocument } from "../../../src/planner/bench/dag-document.js";
import { createNamedRandom } from "../../../src/planner/bench/draw.js";
import { generateDag } from "../../../src/planner/bench/generate-dag.js";
import { deferredIds, solveVerified } from "../../support/documents.js";

afterAll(closeSolvers);

describe("a wave with too little room, in which tasks wait for others", () => {
  it(
    "leaves out as little as HiGHS, which is asked where a task may be deferred with all that wait for it",
    { timeout: 60_000 },
    async () => {
      const wave = dagDocument(
        generateDag("random", { numTasks: 24, numAgents: 3 }, 1, createNamedRandom("rooms", 2)),
        {
          options: { no_defer: false, load_limit: "none" },
        },
      );
      const document = { ...wave, agents: wave.agents.map((agent) => ({ ...agent, capacity_ms: 4_000 })) };
      const common = { strategy: "maximize_success", timeLimitMs: 60_000 } as const;
      const ours = await solveVerified(document, { ...common, workLimit: 800_000 });
      const asked = ours.attempts.filter(
        ({ stage, solver }) => stage === "without order: deferral" && solver === "highs",
      );
      expect(asked.map(({ termination, value }) => [termination, value])).toEqual([["optimal", 18]]);
      expect([ours.termination, deferredIds(ours).length]).toEqual(["optimal", 18]);
    },
  );
});
