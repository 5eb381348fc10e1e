import type { PackedProgram } from "./packed-program.js";

/** The matrix of a program by columns: entries of column k are starts[k] … starts[k+1] − 1, rows ascending. */
export interface Columns {
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/** Turns rows into columns by counting. O(rows + variables + non-zeros). */
export function toColumns({ numVariables, numRows, rowStart, indices, coefficients }: PackedProgram): Columns {
  const starts = new Int32Array(numVariables + 1);
  for (const variable of indices) starts[variable + 1]!++;
  for (let k = 0; k < numVariables; k++) starts[k + 1]! += starts[k]!;
  const next = starts.slice(0, numVariables);
  const rows = new Int32Array(indices.length);
  const values = new Float64Array(indices.length);
  for (let row = 0; row < numRows; row++) {
    for (let entry = rowStart[row]!; entry < rowStart[row + 1]!; entry++) {
      const at = next[indices[entry]!]!++;
      rows[at] = row;
      values[at] = coefficients[entry]!;
    }
  }
  return { starts, indices: rows, values };
}
