import { describe, expect, it } from "vitest";
import type { GoalForm } from "../../../models/index.js";
import { checkStatedBound, type StatedBound } from "../../../src/planner/verify/check-proof.js";
import { faultsOf, findingsOf } from "../../support/claims.js";

/** A goal whose largest term is 1. */
function goal(sense: "min" | "max", constant = 0): GoalForm {
  const perPair = Float64Array.of(1, -0.5);
  return { name: "cost", sense, constant, perPair, perDeferral: null, makespan: 0, maxLoad: 0, minLoad: 0 };
}

const TEN: StatedBound = { bound: 10, bound_by: "certificate", certificateBound: 10 };

function faults(sense: "min" | "max", stated: Partial<StatedBound>, value: number | null, proven: number): string[] {
  return faultsOf((list) => checkStatedBound(list, goal(sense), { ...TEN, ...stated }, value, proven));
}

describe("a stated bound", () => {
  it("is compared with what is proven and with the value", () => {
    expect(findingsOf((list) => checkStatedBound(list, goal("min"), TEN, 12, 10))).toEqual([
      "certificate: stated 10, multipliers prove 10",
      "bound on the right side of the value: bound 10, value 12",
      "objective.bound: stated 10, multipliers prove 10",
      "objective.bound_by: certificate, bound 10",
    ]);
  });

  it.each<[string, "min" | "max", Partial<StatedBound>, number | null, number, string[]]>([
    ["less than is proven", "min", {}, 12, 11, []],
    ["less than is proven, maximised", "max", {}, 8, 9, []],
    [
      "more than is proven",
      "min",
      {},
      12,
      9,
      ["certificate: stated 10, multipliers prove 9", "objective.bound: stated 10, multipliers prove 9"],
    ],
    [
      "more than is proven, maximised",
      "max",
      {},
      8,
      11,
      ["certificate: stated 10, multipliers prove 11", "objective.bound: stated 10, multipliers prove 11"],
    ],
    ["beyond the value", "min", {}, 9, 10, ["bound on the right side of the value: bound 10, value 9"]],
    ["beyond the value, maximised", "max", {}, 11, 10, ["bound on the right side of the value: bound 10, value 11"]],
    ["within rounding of the value", "min", {}, 10 - 5e-9, 10, []],
    ["without a value", "min", {}, null, 10, []],
    [
      "where nothing is proven",
      "min",
      {},
      12,
      -Infinity,
      [
        "certificate: stated 10, multipliers prove -Infinity",
        "objective.bound: stated 10, multipliers prove -Infinity",
      ],
    ],
    [
      "where the plan refutes what is proven",
      "min",
      {},
      12,
      Infinity,
      ["certificate: stated 10, multipliers prove Infinity", "objective.bound: stated 10, multipliers prove Infinity"],
    ],
    [
      "where the multipliers fit nothing",
      "min",
      { certificateBound: null },
      12,
      NaN,
      ["objective.bound: stated 10, multipliers prove NaN"],
    ],
    ["by a search, beyond the certificate", "min", { bound: 12, bound_by: "search" }, 12, 10, []],
    ["by a relaxation, beyond the certificate", "min", { bound: 12, bound_by: "relaxation" }, 12, 10, []],
    [
      "of no source",
      "min",
      { bound: 12, bound_by: null },
      12,
      10,
      ["objective.bound: stated 12, multipliers prove 10", "objective.bound_by: null, bound 12"],
    ],
    ["of a source alone", "min", { bound: null }, 12, 10, ["objective.bound_by: certificate, bound null"]],
    ["of nothing", "min", { bound: null, bound_by: null, certificateBound: null }, 12, NaN, []],
  ])("%s", (_, sense, stated, value, proven, expected) => {
    expect(faults(sense, stated, value, proven)).toEqual(expected);
  });

  it("may differ by the rounding of what was added up", () => {
    const stated: StatedBound = { bound: 1e-6, bound_by: "search", certificateBound: null };
    const at = (constant: number): string[] =>
      faultsOf((list) => checkStatedBound(list, goal("min", constant), stated, 0, NaN));
    expect(at(-2000)).toEqual([]);
    expect(at(2000)).toEqual([]);
    expect(at(500)).toEqual(["bound on the right side of the value: bound 0.000001, value 0"]);
  });
});
