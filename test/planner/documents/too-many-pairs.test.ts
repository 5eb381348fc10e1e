import { expect, it } from "vitest";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { messageOf } from "../../pipeline/files/scratch.js";

const ids = (count: number): string[] => Array.from({ length: count }, (_, k) => `x_${k}`);

function wave(numTasks: number, numAgents: number) {
  return {
    agents: ids(numAgents).map((id) => ({ agent_id: id })),
    tasks: ids(numTasks).map((id) => ({ task_id: id, risk_level: "LOW", confidence: 0.8 })),
  };
}

it("refuses in one line what no memory holds: every pair gets an estimate", { timeout: 60_000 }, async () => {
  expect(await messageOf(() => parseProblem(wave(5_001, 2_000), "problem.json"))).toBe(
    "problem.json: tasks: 5001 tasks on 2000 agents are 10002000 pairs, and no more than 10000000 are estimated: " +
      "split the wave, or give the eligible pairs alone as InstanceArrays (docs/as-a-library.md)",
  );
  expect(parseProblem(wave(5_000, 2_000), "problem.json").tasks).toHaveLength(5_000);
});
