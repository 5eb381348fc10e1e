import { describe, expect, it } from "vitest";
import { InformedChances } from "../../benchmarks/learning/informed/chances.js";
import type { SeenTask } from "../../benchmarks/learning/informed/particles.js";
import { PRIORS } from "../../benchmarks/learning/informed/priors.js";
import { InformedTimes } from "../../benchmarks/learning/informed/times.js";
import { overallRate } from "../../benchmarks/learning/truth.js";
import { drawWorld } from "../../benchmarks/learning/worlds.js";
import { streamOf } from "../../benchmarks/learning/draws.js";

const EFFECTS = { confidenceSlope: 2.7, riskEffect: { LOW: 0, MEDIUM: 0.5, HIGH: 1 } } as const;
const types = ["type_0", "type_1", "type_2", "type_3"];

describe("the informed Bayesian", () => {
  it("draws its agents as the worlds do: with the overall rate of their kind", () => {
    for (const [world, rate] of [
      ["specialists", 0.65],
      ["star", 0.62],
      ["untyped-risk", 0.65],
    ] as const) {
      const [drawn] = PRIORS[world]!.ordinary(streamOf(1, "test"), types, EFFECTS);
      expect(Math.abs(overallRate(drawn!.skills, EFFECTS, drawn!.ofRisk ?? undefined) - rate)).toBeLessThan(0.0102);
    }
  });

  it("knows nothing that tells agents apart before the first outcome, and who the star is after many", () => {
    const world = drawWorld({ world: "star", numAgents: 6, seed: 1 });
    const chances = new InformedChances(world, PRIORS.star!);
    const task: SeenTask = {
      wave: 1,
      riskLevel: "LOW",
      confidence: 0.7,
      ofType: world.types.map((_, k) => Number(k === 0)),
    };
    const [one, other] = [world.agentIds[0]!, world.agentIds[1]!];
    expect(chances.chance(task, one)).toBeCloseTo(chances.chance(task, other), 9);
    const before = chances.chance(task, other);
    for (let k = 0; k < 40; k++) {
      chances.learn(task, one, k % 10 !== 0);
      chances.learn(task, other, k % 10 < 6);
    }
    expect(chances.chance(task, one)).toBeGreaterThan(0.85);
    expect(chances.chance(task, other)).toBeLessThan(before);
    // The star is found, so a stranger is none.
    expect(chances.chance(task, world.agentIds[2]!)).toBeLessThan(before);
  });

  it("brings mean times from that of the prior to what was seen, and lets agents share a type's", () => {
    const times = new InformedTimes(drawWorld({ world: "throughput", numAgents: 6, seed: 1 }));
    expect(times.meanMs("type_0", "agent_00")).toBeCloseTo(30 * Math.exp((0.25 ** 2 + 0.5 ** 2) / 2), 9);
    for (let k = 0; k < 2000; k++) times.learn("type_0", "agent_00", 60 * Math.exp(-0.045));
    expect(times.meanMs("type_0", "agent_00")).toBeCloseTo(60, 1);
    expect(times.meanMs("type_0", "agent_01")).toBeGreaterThan(times.meanMs("type_1", "agent_01"));
  });
});
