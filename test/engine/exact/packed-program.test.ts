import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packProgram, unpackDuals } from "../../../src/engine/exact/packed-program.js";
import { makeProgram } from "./programs.js";

describe("packProgram", () => {
  it("leaves out rows without variables or without sides, and remembers where the others came from", () => {
    const program = makeProgram(
      "min",
      [[1, 0, 1, "int"]],
      [
        [-1, [0], 1],
        [-Infinity, [1], Infinity],
        [1, [1], Infinity],
      ],
    );
    const packing = packProgram(program, false);
    expect(packing?.packed.numRows).toBe(1);
    expect(packing?.originalRow).toEqual(Int32Array.of(2));
  });

  it("decides rows without variables and integer bounds without an integer", () => {
    expect(packProgram(makeProgram("min", [[1, 0, 1, "int"]], [[1, [0], 2]]), false)).toBeNull();
    expect(packProgram(makeProgram("min", [[1, 0.2, 0.8, "int"]], []), false)).toBeNull();
    expect(packProgram(makeProgram("min", [[1, 0.2, 0.8, "int"]], []), true)).not.toBeNull();
  });

  it("rounds bounds of integers inwards, and forgives noise", () => {
    const packing = packProgram(makeProgram("min", [[1, 0.5, 2.9999999999, "int"]], []), false);
    expect([packing?.packed.lower[0], packing?.packed.upper[0]]).toEqual([1, 3]);
  });

  it("scales rows and objective by powers of two only, so that no bit is lost", () => {
    const size = fc.double({ min: 1e-8, max: 1e8, noNaN: true });
    fc.assert(
      fc.property(size, size, size, (a, b, side) => {
        const program = makeProgram(
          "min",
          [
            [a, 0, 1, "real"],
            [b, 0, 1, "real"],
          ],
          [[-Infinity, [a, b], side]],
        );
        const { packed, rowScale, objectiveScale } = packProgram(program, false)!;
        const scale = rowScale[0]!;
        expect(Number.isInteger(Math.log2(scale)) && Number.isInteger(Math.log2(objectiveScale))).toBe(true);
        expect([...packed.coefficients].map((value) => value / scale)).toEqual([a, b]);
        expect(packed.rowUpper[0]! / scale).toBe(side);
        // The geometric mean of the two coefficients is within a factor √2 of 1.
        expect(Math.abs(Math.log2(packed.coefficients[0]! * packed.coefficients[1]!))).toBeLessThanOrEqual(1.000001);
        expect(Math.max(...packed.objective)).toBeLessThanOrEqual(2 ** 20.5);
      }),
    );
  });

  it("brings duals back to the user's rows and units", () => {
    const program = makeProgram(
      "min",
      [[1024, 0, 1, "real"]],
      [
        [0, [0], 0],
        [0.25, [256], Infinity],
      ],
    );
    const packing = packProgram(program, true)!;
    expect([packing.rowScale[0], packing.objectiveScale]).toEqual([2 ** -8, 2 ** -10]);
    // In packed units: min x, x ≥ 2^-10, dual 1. In the user's: min 1024 x, 256 x ≥ ¼, dual 4.
    expect(unpackDuals(packing, Float64Array.of(1))).toEqual(Float64Array.of(0, 4));
  });
});
