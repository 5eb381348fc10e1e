import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { checkOutputs } from "../../support/check-outputs.js";
import { copyFixture, readLines, readTree, runIn } from "../../support/pipeline-runs.js";

afterAll(closeSolvers);

interface AuditRow {
  readonly wave: number;
  readonly decision: string;
  readonly reason: string;
  readonly input: { readonly cost: number; readonly tasks_moved: number };
}

it("explores wave by wave, says so in the audit trail and counts the cost, the same again for the same seed", async () => {
  const root = copyFixture("demo");
  const options = { numWaves: 2, exploration: 0.02, workLimit: 100_000, fresh: true };
  const { summary, waves, runId } = await runIn(root, options);
  const place = join(root, "phase19");
  expect(checkOutputs(place)).toEqual([]);
  const rows = readLines<AuditRow>(place, "audit.jsonl").filter(({ decision }) => decision === "plan_explored");
  expect(rows.map(({ wave }) => wave)).toEqual(waves.map(({ wave }) => wave));
  const total = rows.reduce((sum, { input }) => sum + input.cost, 0);
  expect(summary!.exploration).toEqual({
    cap: 0.02,
    waves: rows.filter(({ input }) => input.tasks_moved > 0).length,
    tasks_moved: rows.reduce((sum, { input }) => sum + input.tasks_moved, 0),
    total_cost: expect.closeTo(total, 12),
    mean_cost: expect.closeTo(total / rows.length, 12),
  });
  expect(summary!.exploration!.tasks_moved).toBeGreaterThan(0);
  expect(rows.every(({ input }) => input.cost <= 0.02)).toBe(true);
  const files = readTree(place);
  expect(files.get("PHASE_19_AUTONOMOUS_OPTIMIZATION.md")).toMatch(/\*\*Exploration:\*\* \d+ tasks? moved to learn/);
  expect((await runIn(root, options)).runId).toBe(runId);
  expect(readTree(place)).toEqual(files);

  const plain = await runIn(root, { ...options, exploration: 0 });
  expect(plain.runId).not.toBe(runId);
  expect(plain.summary!.exploration).toBeNull();
  expect(plain.waves.every(({ exploration }) => exploration === null)).toBe(true);
  expect(readLines<AuditRow>(place, "audit.jsonl").some(({ decision }) => decision === "plan_explored")).toBe(false);
});

it("refuses a cap that is no fraction, by name", () => {
  expect(() => runIn("nowhere", { exploration: 1.5 })).toThrow(/exploration: 1\.5 is greater than 1; give a fraction/);
});
