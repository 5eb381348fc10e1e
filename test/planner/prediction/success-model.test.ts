import { runAtOnce } from "../../../models/index.js";
import { describe, expect, it } from "vitest";
import { NO_SUMS, type Kind, type KindEvidence } from "../../../src/domain/evidence.js";
import { bandTrials } from "../../../src/planner/prediction/trial-bands.js";
import { SUCCESS_SPREAD, successSteps } from "../../../src/planner/prediction/success-model.js";

const kind = (agentId: string | null, taskType: string | null = "code"): Kind => ({
  agentId,
  taskType,
  riskLevel: "LOW",
});

function seen(of: Kind, confidence: number, count: number, successes: number, isBefore = false): KindEvidence {
  const trials = bandTrials([{ confidence, count, successes }]);
  return { kind: of, isBefore, trials, logTimes: NO_SUMS, gains: NO_SUMS };
}
function fit(evidence: readonly KindEvidence[]) {
  const model = runAtOnce(successSteps(evidence, () => 0.85));
  const shiftOf = (of: Kind) => {
    const { shift, variance, ownVariance, slopeCovariance } = model.shiftsOf([of.agentId!])(of);
    return {
      ...{ shift: shift[0]!, variance: variance[0]! },
      ...{ ownVariance: ownVariance[0]!, slopeCovariance: slopeCovariance[0]! },
    };
  };
  return { ...model, shiftOf };
}

describe("successSteps", () => {
  it("knows nothing of an unseen agent but the spreads it was told", () => {
    const { shiftOf, confidenceSlope, slopeVariance } = fit([]);
    const { fleet, risk, type, agent, agentType, agentRisk, slope } = SUCCESS_SPREAD;
    const squares = [fleet, risk, type, agent, agentType, agentRisk.untyped].map((spread) => spread ** 2);
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    expect(shiftOf(kind("a")).shift).toBe(0);
    expect(shiftOf(kind("a")).variance).toBeCloseTo(sum(squares), 12);
    expect(shiftOf(kind("a")).ownVariance).toBeCloseTo(sum(squares.slice(3)), 12);
    expect(shiftOf(kind("a", null)).variance).toBeCloseTo(sum(squares) - type ** 2 - agentType ** 2, 12);
    expect([confidenceSlope, slopeVariance]).toEqual([0, slope ** 2]);
  });

  it("learns that confidence means more than the formula says, or less", () => {
    const slopeOf = (low: number, high: number): number =>
      fit([seen(kind("a"), 0.55, 400, low), seen(kind("a"), 0.95, 400, high)]).confidenceSlope;
    // The formula expects about 67 % and 91 %.
    expect(slopeOf(200, 380)).toBeGreaterThan(0.5);
    expect(slopeOf(320, 330)).toBeLessThan(-0.5);
  });

  it("goes by what an agent is now, and keeps its skills from before as far as a change may reach", () => {
    const before = [seen(kind("a"), 0.8, 300, 285, true), seen(kind("a", "docs"), 0.8, 300, 150, true)];
    const now = [seen(kind("a"), 0.8, 40, 20)];
    const [changed, fresh] = [fit([...before, ...now]), fit(now)];
    expect(changed.shiftOf(kind("a")).shift).toBeLessThan(fit(before).shiftOf(kind("a")).shift - 0.3);
    expect(Math.abs(changed.shiftOf(kind("a")).shift - fresh.shiftOf(kind("a")).shift)).toBeLessThan(0.5);
    // It was worse at docs than at code, and is thought to be so still.
    expect(changed.shiftOf(kind("a", "docs")).shift).toBeLessThan(changed.shiftOf(kind("a")).shift - 0.3);
    expect(changed.shiftOf(kind("a", "docs")).variance).toBeGreaterThan(changed.shiftOf(kind("a")).variance);
  });

  it("knows how far a sum of logits is in doubt: errors that two kinds share cancel in their difference", () => {
    const { shiftOf, slopeVariance, varianceOf } = fit([
      seen(kind("a"), 0.8, 60, 50),
      seen(kind("b"), 0.8, 60, 30),
      seen(kind("a", "docs"), 0.8, 60, 40),
    ]);
    const term = (of: Kind, weight: number, distance = 0) => ({ kind: of, weight, distance });
    for (const of of [kind("a"), kind("c"), kind("c", "sql")]) {
      expect(varianceOf([term(of, 1)])).toBeCloseTo(shiftOf(of).variance, 9);
      expect(varianceOf([term(of, 3), term(of, -3)])).toBeCloseTo(0, 9);
    }
    const { variance, slopeCovariance } = shiftOf(kind("a"));
    expect(varianceOf([term(kind("a"), 1, 0.1)])).toBeCloseTo(
      variance + 0.2 * slopeCovariance + 0.01 * slopeVariance,
      9,
    );
    const [both, apart] = [
      varianceOf([term(kind("a"), 1), term(kind("a", "docs"), -1)]),
      shiftOf(kind("a")).variance + shiftOf(kind("a", "docs")).variance,
    ];
    expect(both).toBeLessThan(0.95 * apart);
    // Two unseen kinds of one agent share what is not known of it.
    const [c, d] = [kind("c", "sql"), kind("c", "css")];
    expect(varianceOf([term(c, 1), term(d, 1)])).toBeGreaterThan(varianceOf([term(c, 1), term(d, -1)]) + 1);
  });

  it("sees that an agent is good at one risk, whatever the type of the task", () => {
    const at = (agentId: string, riskLevel: Kind["riskLevel"], taskType: string | null): Kind => ({
      ...{ agentId, taskType, riskLevel },
    });
    const trialsOf = (types: readonly (string | null)[]): KindEvidence[] =>
      types.flatMap((type) => [
        seen(at("a", "HIGH", type), 0.8, 40, 38),
        seen(at("a", "LOW", type), 0.8, 40, 24),
        seen(at("b", "HIGH", type), 0.8, 40, 22),
        seen(at("b", "LOW", type), 0.8, 40, 38),
      ]);
    for (const types of [[null], ["code", "docs", "test"]]) {
      const { shiftOf } = fit(trialsOf(types));
      const unseen = types[0] === null ? null : "deploy";
      const lead = (risk: Kind["riskLevel"]): number =>
        shiftOf(at("a", risk, unseen)).shift - shiftOf(at("b", risk, unseen)).shift;
      expect(lead("HIGH")).toBeGreaterThan(0.8);
      expect(lead("LOW")).toBeLessThan(-0.8);
    }
  });

  it("keeps its doubt about an agent at risks it never did", () => {
    const at = (agentId: string, riskLevel: Kind["riskLevel"]): Kind => ({ agentId, taskType: null, riskLevel });
    const { shiftOf } = fit([seen(at("a", "LOW"), 0.8, 300, 290), seen(at("b", "HIGH"), 0.8, 300, 100)]);
    for (const [agentId, done, never] of [
      ["a", "LOW", "HIGH"],
      ["b", "HIGH", "LOW"],
    ] as const) {
      const [known, unknown] = [shiftOf(at(agentId, done)), shiftOf(at(agentId, never))];
      expect(Number.isFinite(unknown.shift)).toBe(true);
      expect(unknown.variance).toBeGreaterThan(3 * known.variance);
      expect(Math.abs(unknown.shift)).toBeLessThan(Math.abs(known.shift));
    }
  });

  it("draws an agent far from all others less towards them than one near", () => {
    const alone = (agentId: string): Kind => ({ agentId, taskType: null, riskLevel: null });
    const fleet = Array.from({ length: 8 }, (_, k) => seen(alone(`agent_${k}`), 0.8, 60, 45));
    const shiftOfStar = (successes: number): number => {
      const { shiftOf } = fit([...fleet, seen(alone("star"), 0.8, 60, successes)]);
      return shiftOf(alone("star")).shift - shiftOf(alone("agent_0")).shift;
    };
    const logitOf = (successes: number): number => Math.log((successes + 0.5) / (60.5 - successes));
    const keptShare = (successes: number): number => shiftOfStar(successes) / (logitOf(successes) - logitOf(45));
    expect(keptShare(59)).toBeGreaterThan(1.1 * keptShare(50));
  });

  it("tells agents apart sooner where agents differ", () => {
    const fleet = (spread: number): KindEvidence[] =>
      Array.from({ length: 10 }, (_, k) =>
        seen(kind(`agent_${k}`), 0.8, 40, Math.round(40 * (0.7 + (k % 2 ? spread : -spread)))),
      );
    const thin = seen(kind("new"), 0.8, 3, 0);
    const shiftOfNew = (spread: number): number => {
      const { shiftOf } = fit([...fleet(spread), thin]);
      return shiftOf(kind("new")).shift - shiftOf(kind("unknown")).shift;
    };
    expect(shiftOfNew(0.25)).toBeLessThan(1.5 * shiftOfNew(0));
  });
});
