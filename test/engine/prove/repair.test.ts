import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { solveVerified } from "../../support/documents.js";
import { randomDocument } from "../../support/random-problem.js";

afterAll(closeSolvers);

it("ends where no repair keeps the settled goals", { timeout: 30_000 }, async () => {
  // Repairs of this wave's second goals give up the first: each was repaired again until the stack was full.
  const document = randomDocument({ seed: 16, maxTasks: 8, maxAgents: 3, maxPlans: 1e6 });
  const { termination } = await solveVerified(document, { strategy: "minimize_retries" });
  expect(termination).toBe("optimal");
});
