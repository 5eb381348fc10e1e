import type { PackedProgram } from "../../src/engine/exact/packed-program.js";

const TERMS_A_LINE = 8;

/**
 * A program as CPLEX-LP text. The objective names every variable, those without a cost too: readers number variables in the order in
 * which they meet them. O(non-zeros).
 */
export function writeLpText(packed: PackedProgram): string {
  const every = Int32Array.from(packed.objective.keys());
  const lines = [
    packed.sense === "min" ? "Minimize" : "Maximize",
    ` z: ${terms(every, packed.objective)}`,
    "Subject To",
  ];
  for (let row = 0; row < packed.numRows; row++) lines.push(...rowLines(packed, row));
  lines.push("Bounds");
  packed.lower.forEach((lower, k) => {
    const upper = packed.upper[k]!;
    lines.push(upper === Infinity ? ` x${k} >= ${lower}` : ` ${lower} <= x${k} <= ${upper}`);
  });
  lines.push("Generals");
  packed.isInteger.forEach((isInteger, k) => isInteger === 1 && lines.push(` x${k}`));
  lines.push("End", "");
  return lines.join("\n");
}

function rowLines(packed: PackedProgram, row: number): string[] {
  const [from, to] = [packed.rowStart[row]!, packed.rowStart[row + 1]!];
  const [lower, upper] = [packed.rowLower[row]!, packed.rowUpper[row]!];
  if (from === to) return [];
  const left = terms(packed.indices.subarray(from, to), packed.coefficients.subarray(from, to));
  if (lower === upper) return [` r${row}: ${left} = ${lower}`];
  return [
    ...(lower > -Infinity ? [` l${row}: ${left} >= ${lower}`] : []),
    ...(upper < Infinity ? [` r${row}: ${left} <= ${upper}`] : []),
  ];
}

function terms(variables: Int32Array, coefficients: Float64Array): string {
  let text = "";
  variables.forEach((variable, k) => {
    const coefficient = coefficients[k]!;
    const separator = k > 0 && k % TERMS_A_LINE === 0 ? "\n  " : " ";
    text += `${separator}${coefficient < 0 ? "-" : "+"} ${Math.abs(coefficient)} x${variable}`;
  });
  return text.trimStart();
}
