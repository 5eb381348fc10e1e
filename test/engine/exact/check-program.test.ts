import { describe, expect, it } from "vitest";
import type { Program } from "../../../models/program.js";
import { ModelError } from "../../../src/domain/errors.js";
import { checkProgram } from "../../../src/engine/exact/check-program.js";
import { makeProgram } from "./programs.js";

const sound = makeProgram(
  "min",
  [
    [1, 0, 1, "int"],
    [2, -Infinity, Infinity, "real"],
  ],
  [
    [-Infinity, [1, 1], 3],
    [0, [0, 0], 0],
  ],
);
const [firstRow, emptyRow] = sound.rows as [Program["rows"][number], Program["rows"][number]];

function withRow(change: Partial<Program["rows"][number]>): Program {
  return { ...sound, rows: [{ ...firstRow, ...change }, emptyRow] };
}

describe("checkProgram", () => {
  it("accepts a sound program", () => {
    expect(() => checkProgram(sound)).not.toThrow();
  });

  const broken: readonly (readonly [what: string, program: Program, message: RegExp])[] = [
    ["a NaN coefficient", withRow({ coefficients: [1, NaN] }), /row row0: coefficient of v1 is NaN/],
    ["a coefficient packages take for infinity", withRow({ coefficients: [1, 1e20] }), /row row0: coefficient of v1/],
    ["a variable twice in a row", withRow({ indices: [1, 1] }), /row row0: variable v1 appears twice/],
    ["a variable that does not exist", withRow({ indices: [0, 2] }), /row row0: there is no variable 2/],
    ["a fractional index", withRow({ indices: [0, 0.5] }), /row row0: there is no variable 0.5/],
    ["too few coefficients", withRow({ coefficients: [1] }), /row row0: 2 variables but 1 coefficients/],
    ["crossed row sides", withRow({ lower: 4 }), /row row0: lower side 4 exceeds upper side 3/],
    ["a NaN side", withRow({ upper: NaN }), /row row0: upper side is NaN/],
    ["a lower side of +Infinity", withRow({ lower: Infinity, upper: Infinity }), /row row0: lower side is Infinity/],
    ["an upper side of -Infinity", withRow({ upper: -Infinity }), /row row0: upper side is -Infinity/],
    ["two rows of one name", withRow({ name: "row1" }), /two rows are named "row1"/],
    ["two variables of one name", { ...sound, variableNames: ["v", "v"] }, /two variables are named "v"/],
    ["crossed bounds", { ...sound, lower: Float64Array.of(2, 0) }, /variable v0: lower side 2 exceeds upper side 1/],
    ["a NaN bound", { ...sound, upper: Float64Array.of(1, NaN) }, /variable v1: upper side is NaN/],
    ["a NaN cost", { ...sound, objective: Float64Array.of(NaN, 0) }, /variable v0: objective coefficient is NaN/],
    ["an infinite constant", { ...sound, objectiveConstant: Infinity }, /objective constant is Infinity/],
    ["arrays of unequal length", { ...sound, lower: Float64Array.of(0) }, /lower has 1 entries for 2 variables/],
  ];
  it.each(broken)("refuses %s", (_, program, message) => {
    expect(() => checkProgram(program)).toThrow(ModelError);
    expect(() => checkProgram(program)).toThrow(message);
  });

  it("allows the same variable in two rows", () => {
    const rows = [firstRow, { ...firstRow, name: "again" }];
    expect(() => checkProgram({ ...sound, rows })).not.toThrow();
  });
});
