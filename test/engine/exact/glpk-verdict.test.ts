import { describe, expect, it } from "vitest";
import { readGlpkVerdict } from "../../../src/engine/exact/glpk-verdict.js";

const TIME_OUT = "TIME LIMIT EXCEEDED; SEARCH TERMINATED";

describe("readGlpkVerdict", () => {
  it("reads the statuses that speak for themselves", () => {
    expect(readGlpkVerdict(5, [], 0)).toEqual({ verdict: "optimal" });
    expect(readGlpkVerdict(4, [], 0)).toEqual({ verdict: "infeasible" });
    expect(readGlpkVerdict(6, [], 0)).toEqual({ verdict: "unbounded" });
  });

  it("says which limit ended a search with a point", () => {
    expect(readGlpkVerdict(2, ["a", TIME_OUT], 0)).toEqual({ verdict: "feasible", limit: "time" });
    const gapLine = "RELATIVE MIP GAP TOLERANCE REACHED; SEARCH TERMINATED";
    expect(readGlpkVerdict(2, [gapLine], 0.1)).toEqual({ verdict: "feasible", limit: "gap" });
    expect(readGlpkVerdict(2, [gapLine], 0)).toEqual({ verdict: "optimal" });
    expect(readGlpkVerdict(2, ["something new"], 0)).toMatchObject({ verdict: "error" });
  });

  it("tells the meanings of status 1 apart", () => {
    expect(readGlpkVerdict(1, ["PROBLEM HAS NO PRIMAL FEASIBLE SOLUTION"], 0)).toEqual({ verdict: "infeasible" });
    expect(readGlpkVerdict(1, ["LP HAS NO PRIMAL FEASIBLE SOLUTION"], 0)).toEqual({ verdict: "infeasible" });
    expect(readGlpkVerdict(1, ["PROBLEM HAS NO FEASIBLE SOLUTION"], 0)).toEqual({ verdict: "infeasible" });
    expect(readGlpkVerdict(1, ["LP HAS UNBOUNDED PRIMAL SOLUTION"], 0)).toEqual({ verdict: "unbounded" });
    expect(readGlpkVerdict(1, ["LP RELAXATION HAS NO DUAL FEASIBLE SOLUTION"], 0)).toEqual({ verdict: "unbounded" });
  });

  it("never reads a time-out as infeasible", () => {
    const output = ["PROBLEM HAS NO PRIMAL FEASIBLE SOLUTION", TIME_OUT];
    expect(readGlpkVerdict(1, output, 0)).toEqual({ verdict: "no_solution", limit: "time" });
  });

  it("reports what it cannot explain, with GLPK's last words", () => {
    const verdict = readGlpkVerdict(1, ["glp_intopt: integer column 1 has non-integer lower bound 0.5"], 0);
    expect(verdict).toMatchObject({ verdict: "error", message: expect.stringContaining("non-integer lower bound") });
    expect(readGlpkVerdict(3, [], 0)).toMatchObject({ verdict: "error" });
  });
});
