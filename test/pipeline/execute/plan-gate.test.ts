import { describe, expect, it } from "vitest";
import { PLAIN_AGENT, PLAIN_PROBLEM, PLAIN_TASK } from "../../../src/domain/problem.js";
import { InputError } from "../../../src/domain/errors.js";
import { applyGate } from "../../../src/pipeline/execute/gate.js";
import { applyGateToProblem, checkApproved } from "../../../src/pipeline/execute/plan-gate.js";

const RISKY = { ...PLAIN_TASK, riskLevel: "HIGH", confidence: 0.95 } as const;
const PROBLEM = {
  ...PLAIN_PROBLEM,
  agents: [{ ...PLAIN_AGENT, agentId: "a" }],
  tasks: [
    { ...PLAIN_TASK, taskId: "easy", riskLevel: "LOW", confidence: 0.9, dependsOn: [] },
    { ...RISKY, taskId: "risky", dependsOn: [] },
    { ...RISKY, taskId: "held", held: "waits for its wave", dependsOn: [] },
    { ...PLAIN_TASK, taskId: "refused", riskLevel: "LOW", confidence: 0.9, dependsOn: [] },
  ],
} as const;
const STATUSES = new Map([["refused", "REJECTED"]]);

describe("applyGateToProblem", () => {
  it("holds back what the gate defers, and keeps an older reason", () => {
    const { problem } = applyGateToProblem(PROBLEM, STATUSES, { mode: "live", wave: 3 });
    expect(problem.tasks.map(({ held }) => held)).toEqual([
      null,
      expect.stringContaining("explicit approval"),
      "waits for its wave",
      'Phase 16 gave it the status "REJECTED", not APPROVED.',
    ]);
    expect(problem.agents).toBe(PROBLEM.agents);
  });

  it("reports every decision, and what a live gate would say to a rehearsal", () => {
    const { problem, gate } = applyGateToProblem(PROBLEM, STATUSES, { mode: "rehearse", wave: 3 });
    expect(gate.map((row) => [row.task_id, row.approval, row.live_approval])).toEqual([
      ["easy", "approved", "approved"],
      ["risky", "approved", "deferred"],
      ["held", "approved", "deferred"],
      ["refused", "deferred", "deferred"],
    ]);
    expect(gate[0]!.reason).toContain("the live gate would approve it");
    expect(problem.tasks[1]!.held).toBeNull();
  });
});

describe("hold", () => {
  const holdAt = (row: { riskLevel: string; confidence: number; approvalStatus: string | null }) =>
    (["live", "rehearse"] as const).map((mode) => applyGate([{ taskId: "t", wave: 1, ...row }], { mode })[0]!.hold);

  it("tells what holds a task back, whatever the reason says and in a rehearsal too", () => {
    const row = { riskLevel: "HIGH", confidence: 0.95, approvalStatus: null };
    expect(holdAt(row)).toEqual(["approval", "approval"]);
    expect(holdAt({ ...row, confidence: 0.5 })).toEqual(["confidence", "confidence"]);
    expect(holdAt({ ...row, riskLevel: "low" })).toEqual(["unknown_word", "unknown_word"]);
    expect(holdAt({ ...row, approvalStatus: "approved" })).toEqual(["unknown_word", "unknown_word"]);
    expect(holdAt({ ...row, approvalStatus: "so it is not guessed" })).toEqual(["unknown_word", "unknown_word"]);
    expect(holdAt({ ...row, approvalStatus: "REJECTED" })).toEqual(["status", "status"]);
    expect(holdAt({ ...row, riskLevel: "LOW" })).toEqual([undefined, undefined]);
  });
});

describe("checkApproved", () => {
  const messageOf = (approved: readonly string[]): string => {
    try {
      checkApproved(["parse", "fetch"], approved);
    } catch (error) {
      if (error instanceof InputError) return error.message;
      throw error;
    }
    return "";
  };

  it("accepts tasks that are there", () => expect(messageOf(["fetch", "parse"])).toBe(""));

  it("names a stranger and what it may have meant", () => {
    const message = messageOf(["fetch", "prase"]);
    expect(message).toContain("options.approved");
    expect(message).toContain('"prase" is no task of the task file; did you mean');
    expect(message).toContain('"parse"');
  });

  it.each(["dir/x", "dir\\x", "approved.json", "list.c", "a.jsonl"])("takes %s alone for a file", (word) => {
    expect(messageOf([word])).toContain("is neither a file that exists nor a task");
  });

  it.each([["a.jsonlog"], ["v1.x now"], ["a.json", "fetch"]])("takes %s for a task", (...words) => {
    expect(messageOf(words)).toContain("is no task of the task file");
  });
});
