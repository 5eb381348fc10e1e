import { afterAll, describe, expect, it } from "vitest";
import type { Program } from "../../../models/program.js";
import { createSolver } from "../../../src/engine/exact/registry.js";
import type { ProgramPoint } from "../../../src/engine/exact/solver.js";
import { makeProgram } from "./programs.js";

const solver = createSolver("glpk");
afterAll(() => solver.close());
const INF = Infinity;

async function relax(program: Program): Promise<ProgramPoint> {
  const { outcome } = await solver.solve({ program, timeLimitMs: 5000, gap: 0, relax: true });
  if (outcome.status !== "optimal") throw new Error(`not optimal but ${JSON.stringify(outcome)}`);
  return outcome.point;
}

/** The program with both finite sides of one row moved by `step`. */
function shiftRow(program: Program, index: number, step: number): Program {
  const rows = program.rows.map((row, r) =>
    r === index ? { ...row, lower: row.lower + step, upper: row.upper + step } : row,
  );
  return { ...program, rows };
}

describe("duals of glpk", () => {
  const variables = [
    [3, 0, INF, "real"],
    [5, 0, INF, "int"],
    [-1, -2, 7, "int"],
  ] as const;
  const rows = [
    [-INF, [1, 0, 0], 4.3],
    [0, [0, 0, 0], 0],
    [-INF, [0, 2, 1], 12.1],
    [-INF, [3000, 2000, 0], 18_700],
    [-30, [0, 0, 1e-3], 0.004],
    [-0.5, [0, 0, 1], 6],
    [-INF, [1, 1, 1], INF],
  ] as const;
  const maximum = makeProgram("max", variables, rows, 17);
  const minimum = makeProgram("min", variables.map(([c, l, u, kind]) => [-c, l, u, kind] as const), rows); // prettier-ignore
  const equality = makeProgram("min", [[2, 0, INF, "real"], [3, 0, INF, "real"]], [[5, [1, 1], 5], [1, [0, 1], INF]]); // prettier-ignore

  it.each([
    ["a maximum", maximum],
    ["the same as a minimum", minimum],
    ["an equality", equality],
  ])("are d objective / d right-hand side, whatever the sense: %s", async (_, program) => {
    const { duals } = await relax(program);
    expect(duals).toHaveLength(program.rows.length);
    const step = 1e-3;
    for (const [r, row] of program.rows.entries()) {
      if (row.indices.length === 0) continue;
      const scaled = step * Math.max(...row.coefficients.map(Math.abs));
      const up = (await relax(shiftRow(program, r, scaled))).objective;
      const down = (await relax(shiftRow(program, r, -scaled))).objective;
      expect(duals![r]! - (up - down) / (2 * scaled)).toBeCloseTo(0, 6);
    }
  });

  it("are not all zero, positive where more room raises the objective, and opposite for the negated program", async () => {
    const up = (await relax(maximum)).duals!;
    const down = (await relax(minimum)).duals!;
    expect(up[2]).toBeGreaterThan(0.1);
    up.forEach((dual, r) => expect(dual + down[r]!).toBeCloseTo(0, 9));
  });

  it("are absent from integer programs", async () => {
    const { outcome } = await solver.solve({ program: maximum, timeLimitMs: 5000, gap: 0, relax: false });
    expect(outcome).toMatchObject({ status: "optimal" });
    expect(outcome).not.toHaveProperty("point.duals");
  });
});

describe("glpk", () => {
  it("says that the gap ended the search", async () => {
    const program = makeProgram(
      "max",
      Array.from({ length: 30 }, (_, k) => [50 + ((k * 37) % 23), 0, 1, "int"] as const),
      [
        [-INF, Array.from({ length: 30 }, (_, k) => 40 + ((k * 53) % 29)), 700.5],
        [-INF, Array.from({ length: 30 }, (_, k) => 30 + ((k * 71) % 31)), 600.5],
      ],
    );
    const { outcome } = await solver.solve({ program, timeLimitMs: 5000, gap: 0.5, relax: false });
    expect(outcome).toMatchObject({ status: "feasible", limit: "gap" });
  });

  it("survives an abort of its WebAssembly runtime", async () => {
    // An assertion in GLPK's presolve (npp3.c) fails on this program.
    const aborting = makeProgram(
      "max",
      [
        [0, -INF, INF, "real"],
        [0, -INF, INF, "real"],
        [0, 0, 1, "int"],
      ],
      [
        [-INF, [0, -0.03, 0], -0.015],
        [850, [800, 1000, 0], 990],
        [6e6, [1e6, 7e5, 0], INF],
      ],
    );
    const { outcome } = await solver.solve({ program: aborting, timeLimitMs: 5000, gap: 0, relax: false });
    expect(outcome).toMatchObject({ status: "error", message: expect.stringContaining("GLPK aborted") });
    const next = await solver.solve({
      program: makeProgram("max", [[1, 0, 2.5, "int"]], []),
      timeLimitMs: 5000,
      gap: 0,
      relax: false,
    });
    expect(next.outcome).toMatchObject({ status: "optimal", point: { objective: 2 } });
  });

  it("lets continuous variables follow the rounding of integers in milliseconds", async () => {
    const program = makeProgram(
      "min",
      [
        [1, 0, INF, "real"],
        [0, 0, 1, "int"],
        [0, 0, 1, "int"],
      ],
      [
        [1, [0, 1, 1], 1],
        [-INF, [-1, 86_400_000.123, 0], 0],
        [-INF, [-1, 0, 86_400_000.456], 0],
      ],
    );
    const { outcome } = await solver.solve({ program, timeLimitMs: 5000, gap: 0, relax: false });
    expect(outcome).toMatchObject({ status: "optimal", point: { values: expect.anything() } });
    if (outcome.status === "optimal") expect(outcome.point.objective).toBeCloseTo(86_400_000.123, 1);
  });
});
