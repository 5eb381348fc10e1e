import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SparseCholesky } from "../../../src/planner/prediction/sparse-cholesky.js";

const NUM_VARIABLES = 9;
const cliques = fc.array(
  fc
    .uniqueArray(fc.nat(NUM_VARIABLES - 1), { minLength: 1, maxLength: 7 })
    .map((clique) => clique.sort((a, b) => a - b)),
  { maxLength: 8 },
);

/** Σ w·1·1ᵀ over cliques + identity, dense. */
function denseOf(all: readonly (readonly number[])[]): number[][] {
  const matrix = Array.from({ length: NUM_VARIABLES }, (_, i) =>
    Array.from({ length: NUM_VARIABLES }, (__, j) => (i === j ? 1 + i / 10 : 0)),
  );
  all.forEach((clique, k) => clique.forEach((i) => clique.forEach((j) => (matrix[i]![j]! += 1 + k / 4))));
  return matrix;
}

/** Gauss and Jordan. */
function invert(matrix: readonly (readonly number[])[]): number[][] {
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows[k]!;
    const scale = pivot[k]!;
    for (let j = 0; j < pivot.length; j++) pivot[j]! /= scale;
    rows.forEach((row, i) => {
      const factor = row[k]!;
      if (i !== k) row.forEach((_, j) => (row[j]! -= factor * pivot[j]!));
    });
  }
  return rows.map((row) => row.slice(matrix.length));
}

describe("SparseCholesky", () => {
  it("solves and inverts as dense elimination does, on every entry of its pattern", () => {
    fc.assert(
      fc.property(cliques, fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 9, maxLength: 9 }), (all, right) => {
        const dense = denseOf(all);
        const ends = all.map((_, k) => all.slice(0, k + 1).flat().length);
        const sparse = new SparseCholesky(NUM_VARIABLES, Int32Array.from(all.flat()), Int32Array.from([0, ...ends]));
        const find = (i: number, j: number): number | null => {
          const [one, other] = [sparse.order[i]!, sparse.order[j]!];
          return sparse.find(Math.min(one, other), Math.max(one, other));
        };
        const entries = new Float64Array(sparse.numEntries);
        for (let column = 0; column < NUM_VARIABLES; column++) {
          for (let row = column; row < NUM_VARIABLES; row++) {
            const place = find(column, row);
            if (place !== null) entries[place] = dense[row]![column]!;
            else expect(dense[row]![column]).toBe(0);
          }
        }
        sparse.factorize(entries, new Float64Array(NUM_VARIABLES));
        const inverse = invert(dense);
        const solution = new Float64Array(NUM_VARIABLES);
        right.forEach((value, i) => (solution[sparse.order[i]!] = value));
        sparse.solve(solution);
        inverse.forEach((row, i) => {
          const expected = row.reduce((sum, value, j) => sum + value * right[j]!, 0);
          expect(solution[sparse.order[i]!]).toBeCloseTo(expected, 8);
        });
        const selected = sparse.selectedInverse();
        const diagonal = sparse.selectedInverse(new Float64Array(sparse.numEntries), "diagonal");
        inverse.forEach((row, i) => expect(diagonal[find(i, i)!]).toBeCloseTo(row[i]!, 8));
        for (let column = 0; column < NUM_VARIABLES; column++) {
          for (let row = column; row < NUM_VARIABLES; row++) {
            const place = find(column, row);
            if (place !== null) expect(selected[place]).toBeCloseTo(inverse[row]![column]!, 8);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
