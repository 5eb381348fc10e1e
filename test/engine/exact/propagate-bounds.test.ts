import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Program } from "../../../models/program.js";
import { checkPoint } from "../../../src/engine/exact/check-point.js";
import { packProgram } from "../../../src/engine/exact/packed-program.js";
import { propagateBounds } from "../../../src/engine/exact/propagate-bounds.js";
import { makeProgram } from "./programs.js";

const INF = Infinity;

function boundsOf(program: Program): (readonly [number, number])[] | null {
  const propagated = propagateBounds(packProgram(program, false)!.packed);
  return propagated === null ? null : Array.from(propagated.lower, (low, k) => [low, propagated.upper[k]!] as const);
}

describe("propagateBounds", () => {
  it("fixes what the row leaves no choice about", () => {
    const variables = [[0, 0, 1, "int"], [0, 0, 1, "int"], [0, 0, 1, "int"]] as const; // prettier-ignore
    const rows = [[-INF, [3, 5, 0], 4], [1, [0, 1, 1], 1]] as const; // prettier-ignore
    expect(boundsOf(makeProgram("min", variables, rows))).toEqual([[0, 1], [0, 0], [1, 1]]); // prettier-ignore
  });

  it("rounds bounds of general integers inwards, with either sign", () => {
    const variables = [[0, -9, 9, "int"], [0, 0, 2, "real"]] as const; // prettier-ignore
    expect(boundsOf(makeProgram("min", variables, [[-5, [2, 1], 7.5]]))).toEqual([[-3, 3], [0, 2]]); // prettier-ignore
    expect(boundsOf(makeProgram("min", variables, [[-5, [-2, 1], 7.5]]))).toEqual([[-3, 3], [0, 2]]); // prettier-ignore
  });

  it("sees that a row cannot hold, by a hair more than the tolerance of points", () => {
    const load = (capacity: number) => makeProgram("min", [[0, 1, 1, "int"], [0, 0, 1, "int"]], [[-INF, [1719, 500], capacity]]); // prettier-ignore
    expect(boundsOf(load(1718.75))).toBeNull();
    expect(boundsOf(load(1719 - 1e-7))).toEqual([[1, 1], [0, 0]]); // prettier-ignore
  });

  it("ends where it could go on for ever", () => {
    const program = makeProgram("min", [[1, 0, INF, "int"], [1, 0, INF, "int"]], [[0.1, [1, -1], 0.9]]); // prettier-ignore
    expect(boundsOf(program)?.every(([low]) => low < 100)).toBe(true);
  });

  it("leaves linear programs alone", () => {
    const { packed } = packProgram(makeProgram("min", [[1, 0, 9, "real"]], [[3, [1], 2 ** 10]]), false)!;
    expect(propagateBounds(packed)).toBe(packed);
  });

  it("cuts off no point that would be accepted", () => {
    const number = fc.double({ min: -50, max: 50, noNaN: true });
    const integer = fc.integer({ min: -3, max: 3 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ value: integer, below: fc.nat(3), above: fc.nat(3), isInteger: fc.boolean() }), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.array(fc.array(number, { minLength: 5, maxLength: 5 }), { maxLength: 4 }),
        fc.constantFrom(0, 1e-7, 0.5),
        (variables, matrix, slack) => {
          const values = variables.map(({ value }) => value);
          const program = makeProgram(
            "min",
            variables.map(({ value, below, above, isInteger }) => [
              0,
              value - below,
              value + above,
              isInteger ? "int" : "real",
            ]),
            matrix.map((row) => {
              const coefficients = row.slice(0, values.length);
              const activity = coefficients.reduce((sum, a, k) => sum + a * values[k]!, 0);
              return [-INF, coefficients, activity + slack];
            }),
          );
          fc.pre(checkPoint(program, Float64Array.from(values), false).ok);
          const bounds = boundsOf(program);
          expect(bounds).not.toBeNull();
          values.forEach((value, k) => expect(value >= bounds![k]![0] && value <= bounds![k]![1]).toBe(true));
        },
      ),
    );
  });
});
