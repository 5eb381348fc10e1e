import { describe, expect, it } from "vitest";
import { EMPTY_HISTORY } from "../../../src/domain/history.js";
import { agentValue, baselineSuccess, fleetValue } from "../../../src/planner/prediction/prior.js";
import { record } from "./worlds.js";

describe("baselineSuccess", () => {
  it("is .6 · confidence + .4 · agent success − risk penalty", () => {
    expect(baselineSuccess(0.8, 0.9, "LOW")).toBeCloseTo(0.84, 12);
    expect(baselineSuccess(0.8, 0.9, "MEDIUM")).toBeCloseTo(0.74, 12);
    expect(baselineSuccess(0.8, 0.9, "HIGH")).toBeCloseTo(0.64, 12);
    expect(baselineSuccess(0.8, 0.9, null)).toBeCloseTo(0.74, 12);
  });

  it("is clamped to [.05, .99]", () => {
    expect(baselineSuccess(0, 0, "HIGH")).toBe(0.05);
    expect(baselineSuccess(1, 1, "LOW")).toBe(0.99);
  });
});

describe("the fallback chain", () => {
  const fleet = { ...EMPTY_HISTORY.fleet, successRate: 0.7 };

  it("goes from the agent to the fleet to the default", () => {
    const own = record("a", { successRate: 0.6 });
    expect(agentValue(own, fleet, "successRate")).toEqual({ value: 0.6, source: "agent" });
    expect(agentValue(record("a"), fleet, "successRate")).toEqual({ value: 0.7, source: "fleet" });
    expect(agentValue(undefined, EMPTY_HISTORY.fleet, "successRate")).toEqual({ value: 0.85, source: "default" });
  });

  it("has the four published defaults", () => {
    const names = ["successRate", "retryRate", "confidenceDelta", "executionTimeMs"] as const;
    expect(names.map((name) => fleetValue(EMPTY_HISTORY.fleet, name).value)).toEqual([0.85, 0.1, 0.02, 30]);
  });

  it("keeps a success rate of 0 and passes over a time of 0", () => {
    const own = record("a", { successRate: 0, executionTimeMs: 0 });
    expect(agentValue(own, fleet, "successRate").value).toBe(0);
    expect(agentValue(own, fleet, "executionTimeMs").value).toBe(30);
  });
});
