import { runAtOnce } from "../../../models/index.js";
import { describe, expect, it } from "vitest";
import { Cells } from "../../../src/planner/prediction/cells.js";
import { EffectsModel, type Family, STEP_TOLERANCE } from "../../../src/planner/prediction/mixed-effects.js";
import { spreadSteps } from "../../../src/planner/prediction/spread-fit.js";

type Block = readonly [groups: readonly number[], prior: number, count: number, total: number];

function block(groups: number[], prior: number, count: number, total: number): Block {
  return [groups, prior, count, total];
}

function fitEffects(blocks: readonly Block[], variances: Float64Array, family: Family) {
  const cells = new Cells();
  for (const [groups, prior, count, total] of blocks) {
    cells.add(prior, count, total);
    cells.endBlock(groups);
  }
  const model = new EffectsModel(cells, { levelOf: new Int32Array(variances.length), slope: null }, family);
  model.fit(
    variances.map((variance) => 1 / variance),
    STEP_TOLERANCE,
  );
  return { effects: model.effects, information: model.information() };
}

describe("fitEffects", () => {
  it("solves one Gaussian group by hand", () => {
    const family = { kind: "gaussian", noiseVariance: 4 } as const;
    const { effects, information } = fitEffects([block([0], 1, 8, 8 * 3)], Float64Array.of(2), family);
    // Precision 8/4 = 2 against 1/2, residual mean 2: 2 · 2 / 2.5.
    expect(effects[0]).toBeCloseTo(1.6, 9);
    expect(information[0]).toBeCloseTo(2, 9);
  });

  it("shares one deviation between nested levels in proportion to their variances", () => {
    const family = { kind: "gaussian", noiseVariance: 1 } as const;
    const { effects } = fitEffects([block([0, 1], 0, 1e6, 1e6)], Float64Array.of(3, 1), family);
    expect(effects[0]).toBeCloseTo(0.75, 5);
    expect(effects[1]).toBeCloseTo(0.25, 5);
  });

  it("stands at the zero of the score of a logistic model", () => {
    const { effects } = fitEffects([block([0], 1.2, 7, 2)], Float64Array.of(0.5), { kind: "bernoulli" });
    const p = 1 / (1 + Math.exp(-1.2 - effects[0]!));
    expect(2 - 7 * p - effects[0]! / 0.5).toBeCloseTo(0, 8);
  });

  it("converges where a full Newton step would overshoot", () => {
    const { effects } = fitEffects([block([0], 4.6, 5000, 0)], Float64Array.of(0.7), { kind: "bernoulli" });
    const p = 1 / (1 + Math.exp(-4.6 - effects[0]!));
    expect(-5000 * p - effects[0]! / 0.7).toBeCloseTo(0, 5);
  });

  it("agrees with a dense solution on crossed groups", () => {
    const blocks = [block([0, 2], 0, 3, 6), block([0, 3], 0, 5, -4), block([1, 2], 0, 2, 5), block([1, 3], 0, 9, 1)];
    const { effects } = fitEffects(blocks, Float64Array.of(1, 1, 2, 2), { kind: "gaussian", noiseVariance: 1 });
    const score = [1, 1, 0.5, 0.5].map((precision, g) => {
      const inGroup = blocks.filter(([groups]) => groups.includes(g));
      const slopes = inGroup.map(([groups, , count, total]) => {
        const eta = groups.reduce((sum, k) => sum + effects[k]!, 0);
        return total - count * eta;
      });
      return slopes.reduce((sum, slope) => sum + slope, 0) - precision * effects[g]!;
    });
    expect(score).toEqual([0, 0, 0, 0].map((value) => expect.closeTo(value, 7)));
  });
});

describe("the covariances", () => {
  it("tell the variance of a sum, and of the marked part of it, by hand", () => {
    const cells = new Cells();
    cells.add(0, 1, 5);
    cells.endBlock([0, 1, 2]);
    const names = { levelOf: new Int32Array(3), slope: null };
    const model = new EffectsModel(cells, names, { kind: "gaussian", noiseVariance: 1 });
    model.fit(Float64Array.of(1, 1, 1), STEP_TOLERANCE);
    const covariances = model.covariances();
    // (I + J)⁻¹ = I − J / 4.
    const found = new Float64Array(2);
    covariances.variancesOfSums(Int32Array.of(0, 1, 2), Uint8Array.of(1, 0, 1), 3, found);
    expect(found[0]).toBeCloseTo(0.75, 12);
    expect(found[1]).toBeCloseTo(1, 12);
    expect(covariances.varianceOfSum([0, 2])).toBeCloseTo(1, 12);
  });
});

describe("a slope", () => {
  it("acts with its own weight: least squares of two points by hand", () => {
    const cells = new Cells();
    cells.add(0, 10, 10 * 3, 2);
    cells.add(0, 10, 10 * -1, -1);
    cells.endBlock([]);
    const model = new EffectsModel(
      cells,
      { levelOf: Int32Array.of(0), slope: 0 },
      { kind: "gaussian", noiseVariance: 1 },
    );
    model.fit(Float64Array.of(1), STEP_TOLERANCE);
    // (10·2·3 + 10·1) / (10·4 + 10·1 + 1).
    expect(model.effects[0]).toBeCloseTo(70 / 51, 9);
    expect(model.information()[0]).toBeCloseTo(50, 9);
  });
});

describe("spreadSteps", () => {
  const fit = (deviations: readonly number[], trust: number | null) => {
    const cells = new Cells();
    deviations.forEach((deviation, g) => {
      cells.add(0, 100, 100 * deviation);
      cells.endBlock([g]);
    });
    const family = { kind: "gaussian", noiseVariance: 1 } as const;
    const names = { levelOf: new Int32Array(deviations.length), slope: null };
    return runAtOnce(spreadSteps(new EffectsModel(cells, names, family), [{ variance: 0.25, trust }]));
  };

  it("learns how far the groups of a level lie apart, and keeps what it is told to keep", () => {
    const wide = [2, -2, 1.5, -1.5, 2.5, -2.5, 1, -1];
    expect(fit(wide, null).variances[0]).toBe(0.25);
    // (4 · .25 + Σu²) / (4 + 8), the effects almost free, and never more than four times what was expected.
    const moderate = wide.map((effect) => effect / 2);
    expect(fit(moderate, 4).variances[0]).toBeCloseTo((1 + 27 / 4) / 12, 1);
    expect(fit(wide, 4).variances[0]).toBe(1);
    const narrow = fit([0, 0, 0, 0, 0, 0, 0, 0], 4).variances[0]!;
    expect(narrow).toBeGreaterThan(1 / 12);
    expect(narrow).toBeLessThan(0.1);
  });

  it("shrinks less where the groups differ more", () => {
    const [near, far] = [fit([0.2, -0.1, 0.1, -0.2], 2), fit([2, -1, 1, -2], 2)];
    expect(near.effects[0]! / 0.2).toBeLessThan(far.effects[0]! / 2);
  });
});
