import { describe, expect, it } from "vitest";
import { applyGate, type GateOptions, type GateTask } from "../../../src/pipeline/execute/gate.js";

const CONFIDENCES = [0.49, 0.5, 0.51, 0.74, 0.75, 0.76, 0.89, 0.9, 0.91];

/** What the live gate says at each of the confidences: A approved, d deferred. */
const LIVE: readonly (readonly [risk: string, isApproved: boolean, requireApproval: boolean, verdicts: string])[] = [
  ["LOW", false, false, "dAAAAAAAA"],
  ["LOW", true, false, "dAAAAAAAA"],
  ["LOW", false, true, "dAAAAAAAA"],
  ["LOW", true, true, "dAAAAAAAA"],
  ["MEDIUM", false, false, "ddddAAAAA"],
  ["MEDIUM", true, false, "ddddAAAAA"],
  ["MEDIUM", false, true, "ddddddddd"],
  ["MEDIUM", true, true, "ddddAAAAA"],
  ["HIGH", false, false, "ddddddddd"],
  ["HIGH", true, false, "dddddddAA"],
  ["HIGH", false, true, "ddddddddd"],
  ["HIGH", true, true, "dddddddAA"],
  ["CRITICAL", false, false, "ddddddddd"],
  ["CRITICAL", true, false, "ddddddddd"],
  ["low", false, true, "ddddddddd"],
  ["", true, true, "ddddddddd"],
];
const KNOWN_RISKS = ["LOW", "MEDIUM", "HIGH"];
const STATUSES: readonly (readonly [status: string | null, passes: boolean])[] = [
  [null, true],
  ["APPROVED", true],
  ["DEFERRED", false],
  ["NEEDS_REVIEW", false],
  ["REJECTED", false],
  ["approved", false],
];
const WORD = { A: "approved", d: "deferred" } as const;

function task(over: Partial<GateTask> = {}): GateTask {
  return { taskId: "t", wave: 2, riskLevel: "LOW", confidence: 0.9, approvalStatus: null, ...over };
}

function decide(over: Partial<GateTask>, options: Partial<GateOptions> = {}) {
  return applyGate([task(over)], { mode: "live", ...options })[0]!;
}

describe("applyGate", () => {
  it.each(LIVE)(
    "%s risk, approved %s, approval required %s: %s",
    (riskLevel, isApproved, requireApproval, verdicts) => {
      const approved = new Set(isApproved ? ["t", "other"] : ["other"]);
      for (const [k, confidence] of CONFIDENCES.entries()) {
        for (const [approvalStatus, passes] of STATUSES) {
          const own = { riskLevel, confidence, approvalStatus };
          const live = passes ? WORD[verdicts[k] as "A" | "d"] : "deferred";
          const decision = decide(own, { approved, requireApproval });
          expect(decision).toMatchObject({
            taskId: "t",
            wave: 2,
            riskLevel,
            confidence,
            approval: live,
            liveApproval: live,
          });
          const rehearsed = KNOWN_RISKS.includes(riskLevel) && passes ? "approved" : "deferred";
          const rehearsal = decide(own, { approved, requireApproval, mode: "rehearse" });
          expect(rehearsal).toMatchObject({ approval: rehearsed, liveApproval: live });
        }
      }
    },
  );

  it("counts a value that arithmetic left just below a bound as on it", () => {
    expect(decide({ confidence: 0.5 - 1e-12 }).approval).toBe("approved");
    expect(decide({ riskLevel: "MEDIUM", confidence: 0.75 - 1e-12 }).approval).toBe("approved");
    expect(decide({ confidence: 0.5 - 1e-6 }).approval).toBe("deferred");
  });

  it("takes a lowered HIGH threshold, for HIGH alone, and says so", () => {
    const relaxed = { approved: new Set(["t"]), highThreshold: 0.7, isThresholdRelaxed: true };
    const high = { riskLevel: "HIGH", confidence: 0.7 };
    expect(decide(high, relaxed)).toMatchObject({
      approval: "approved",
      reason:
        "HIGH risk at confidence 0.7 meets the bound of 0.7 (lowered by H16_004), and the task is explicitly approved.",
    });
    expect(decide({ riskLevel: "HIGH", confidence: 0.69 }, relaxed).approval).toBe("deferred");
    expect(decide(high, { ...relaxed, approved: new Set() }).approval).toBe("deferred");
    expect(decide({ riskLevel: "MEDIUM", confidence: 0.7 }, relaxed).approval).toBe("deferred");
  });

  it("gives its reason in a sentence with the numbers", () => {
    expect(decide({ confidence: 0.42 }).reason).toBe("LOW risk needs a confidence of at least 0.5 and has 0.42.");
    expect(decide({ riskLevel: "EXTREME" }).reason).toContain('"EXTREME" is not one of LOW, MEDIUM, HIGH');
    expect(decide({ approvalStatus: "NEEDS_REVIEW" }, { mode: "rehearse" }).reason).toContain('"NEEDS_REVIEW"');
    expect(decide({ confidence: 0.42 }, { mode: "rehearse" }).reason).toBe(
      "A rehearsal approves every task; the live gate would defer it: LOW risk needs a confidence of at least 0.5 and has 0.42.",
    );
  });

  it("speaks of a lowered bound only for HIGH risk, and only where it was lowered", () => {
    expect(decide({ confidence: 0.9 }).reason).toBe("LOW risk at confidence 0.9 meets the bound of 0.5.");
    expect(decide({ riskLevel: "MEDIUM" }, { isThresholdRelaxed: true }).reason).toBe(
      "MEDIUM risk at confidence 0.9 meets the bound of 0.75.",
    );
    expect(decide({ riskLevel: "HIGH", confidence: 0.95 }).reason).toBe(
      "HIGH risk at confidence 0.95 meets the bound of 0.9, but the task needs an explicit approval and has none.",
    );
  });

  it("takes a confidence exactly at the bound less the tolerance", () => {
    expect(decide({ confidence: 0.5 - 1e-9 }).approval).toBe("approved");
  });

  it("decides every task, in their order", () => {
    const tasks = ["b", "a", "c"].map((taskId) => task({ taskId }));
    expect(applyGate(tasks, { mode: "live" }).map(({ taskId }) => taskId)).toEqual(["b", "a", "c"]);
  });
});
