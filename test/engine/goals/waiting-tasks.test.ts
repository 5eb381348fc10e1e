import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { dagDocument } from "../../../src/planner/bench/dag-document.js";
import { createNamedRandom } from "../../../src/planner/bench/draw.js";
import { generateDag } from "../../../src/planner/bench/generate-dag.js";
import { deferredIds, solveVerified } from "../../support/documents.js";

afterAll(closeSolvers);

describe("a wave with too little room, in which tasks wait for others", () => {
  it("is proven to leave out as little as can be, with all that wait for it", { timeout: 60_000 }, async () => {
    const wave = dagDocument(generateDag("random", { numTasks: 24, numAgents: 3 }, 1, createNamedRandom("rooms", 2)), {
      options: { no_defer: false, load_limit: "none" },
    });
    const document = { ...wave, agents: wave.agents.map((agent) => ({ ...agent, capacity_ms: 4_000 })) };
    const common = { strategy: "maximize_success", timeLimitMs: 60_000 } as const;
    const ours = await solveVerified(document, { ...common, workLimit: 800_000 });
    const settled = ours.attempts.filter(({ stage }) => stage === "without order: deferral").at(-1);
    expect(settled).toMatchObject({ termination: "optimal", value: 18 });
    expect([ours.termination, deferredIds(ours).length]).toEqual(["optimal", 18]);
  });
});
