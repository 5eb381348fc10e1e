import { describe, expect, it } from "vitest";
import type { Program } from "../../../models/program.js";
import { checkPoint, isWithinSides } from "../../../src/engine/exact/check-point.js";
import { makeProgram } from "./programs.js";

const program = makeProgram(
  "max",
  [
    [3, 0, 5, "int"],
    [1, -1, 10, "real"],
  ],
  [[-Infinity, [2, 1], 8]],
  100,
);

function messageOf(values: readonly number[], of: Program = program, relax = false): string {
  const check = checkPoint(of, Float64Array.from(values), relax);
  return check.ok ? "ok" : check.message;
}

describe("checkPoint", () => {
  it("rounds integers and recomputes the objective with its constant", () => {
    const check = checkPoint(program, Float64Array.of(2.000004, 1.5), false);
    expect(check).toEqual({ ok: true, point: { values: Float64Array.of(2, 1.5), objective: 107.5 } });
  });

  it("puts a continuous variable back onto a bound it missed by a hair, and turns -0 into 0", () => {
    const check = checkPoint(program, Float64Array.of(-0, 10 + 1e-7), true);
    expect(messageOf([0, 10 + 1e-7])).toContain("row row0");
    expect(check.ok).toBe(false);
    const loose = makeProgram("min", [[1, -1, 10, "real"]], []);
    const inside = checkPoint(loose, Float64Array.of(10 + 1e-7), false);
    expect(inside.ok && inside.point.values[0]).toBe(10);
    const zero = checkPoint(loose, Float64Array.of(-0), false);
    expect(zero.ok && Object.is(zero.point.values[0], 0)).toBe(true);
  });

  it("names the variable or row that is broken", () => {
    expect(messageOf([2.1, 0])).toContain("variable v0 = 2.1 is not integer");
    expect(messageOf([6, -10])).toContain("variable v0 = 6 lies outside [0, 5]");
    expect(messageOf([0, -1.1])).toContain("variable v1 = -1.1 lies outside");
    expect(messageOf([4, 0.001])).toContain("row row0 has activity 8.001 outside [-Infinity, 8]");
    expect(messageOf([NaN, 0])).toContain("variable v0 is NaN");
    expect(messageOf([0])).toContain("1 values for 2 variables");
  });

  it("allows fractions where integrality is relaxed", () => {
    expect(messageOf([2.5, 3], program, true)).toBe("ok");
  });

  it("holds the bounds of large integers to less than one", () => {
    const large = makeProgram("min", [[1, 0, 1e8, "int"]], []);
    expect(messageOf([1e8 + 1], large)).toContain("lies outside");
  });

  it("judges a row by the size of its terms, also where its side is 0", () => {
    const load = makeProgram(
      "min",
      [
        [0, 0, 1, "int"],
        [1, 0, Infinity, "real"],
      ],
      [[-Infinity, [1e5, -1], 0]],
    );
    expect(messageOf([1, 1e5 - 0.01], load)).toBe("ok");
    expect(messageOf([1, 1e5 - 1], load)).toContain("row row0");
  });

  it("does not wave rows in tiny units through", () => {
    const tiny = makeProgram("min", [[1, 0, 9, "int"]], [[-Infinity, [1e-8], 3e-8]]);
    expect(messageOf([3], tiny)).toBe("ok");
    expect(messageOf([4], tiny)).toContain("row row0");
  });

  it("decides rows without variables", () => {
    expect(isWithinSides(0, 0, 0, 0, 1)).toBe(true);
    expect(isWithinSides(0, 1e-3, Infinity, 0, 1)).toBe(false);
    expect(isWithinSides(NaN, -Infinity, Infinity, 0, 1)).toBe(false);
  });
});
