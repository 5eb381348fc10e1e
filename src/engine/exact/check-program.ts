import type { Program, Row } from "../../../models/index.js";
import { ModelError } from "../../domain/index.js";
import { HUGE } from "./tolerances.js";

/**
 * Refuses programs that solver packages answer with rubbish or an abort (NaN, a variable twice in one row, …).
 * O(variables + non-zeros).
 * @throws ModelError that names the row or variable and the rule it breaks
 */
export function checkProgram(program: Program): void {
  checkVariables(program);
  checkUnique(
    program.rows.map((row) => row.name),
    "row",
  );
  // lastRow[k] is the last row that named variable k: one stamp array instead of a set per row.
  const lastRow = new Int32Array(program.variableNames.length).fill(-1);
  program.rows.forEach((row, index) => checkRow(row, index, lastRow, program.variableNames));
}

function checkVariables(program: Program): void {
  const { variableNames, lower, upper, isInteger, objective, objectiveConstant } = program;
  for (const [what, array] of Object.entries({ lower, upper, isInteger, objective })) {
    if (array.length !== variableNames.length) {
      throw new ModelError(
        `${program.name}: ${what} has ${array.length} entries for ${variableNames.length} variables`,
      );
    }
  }
  checkUnique(variableNames, "variable");
  variableNames.forEach((name, k) => {
    checkSides(`variable ${name}`, lower[k]!, upper[k]!);
    checkNumber(`variable ${name}: objective coefficient`, objective[k]!);
  });
  checkNumber(`${program.name}: objective constant`, objectiveConstant);
}

function checkRow(row: Row, rowIndex: number, lastRow: Int32Array, variableNames: readonly string[]): void {
  const place = `row ${row.name}`;
  checkSides(place, row.lower, row.upper);
  if (row.indices.length !== row.coefficients.length) {
    throw new ModelError(`${place}: ${row.indices.length} variables but ${row.coefficients.length} coefficients`);
  }
  row.indices.forEach((variable, position) => {
    if (!Number.isInteger(variable) || variable < 0 || variable >= variableNames.length) {
      throw new ModelError(`${place}: there is no variable ${variable}`);
    }
    const name = variableNames[variable]!;
    if (lastRow[variable] === rowIndex) throw new ModelError(`${place}: variable ${name} appears twice`);
    lastRow[variable] = rowIndex;
    checkNumber(`${place}: coefficient of ${name}`, row.coefficients[position]!);
  });
}

function checkSides(place: string, lower: number, upper: number): void {
  if (lower !== -Infinity) checkNumber(`${place}: lower side`, lower);
  if (upper !== Infinity) checkNumber(`${place}: upper side`, upper);
  if (lower > upper) throw new ModelError(`${place}: lower side ${lower} exceeds upper side ${upper}`);
}

function checkNumber(place: string, value: number): void {
  // Negated, so that NaN is refused too.
  if (!(Math.abs(value) < HUGE)) throw new ModelError(`${place} is ${value}; it must be finite and below ${HUGE}`);
}

function checkUnique(names: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new ModelError(`two ${what}s are named ${JSON.stringify(name)}`);
    seen.add(name);
  }
}
