import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import { getSolver } from "../../../src/engine/exact/registry.js";
import type { ProgramOutcome, ProgramRequest } from "../../../src/engine/exact/solver.js";
import { agents, type Document, estimate, task } from "../../support/documents.js";
import { fakeSolver, solveWith } from "../../support/fake-solvers.js";

afterAll(closeSolvers);

/** Bounds alone do not settle it: each pair takes another share of its agent. */
const DOCUMENT: Document = {
  agents: agents({ capacity_ms: 31 }, { capacity_ms: 32 }),
  tasks: [
    [7, 9, 0.9, 0.5],
    [11, 8, 0.8, 0.6],
    [13, 12, 0.95, 0.4],
    [9, 14, 0.7, 0.65],
    [8, 10, 0.85, 0.6],
  ].map(([a, b, pa, pb], k) =>
    task(`t${k}`, "", 0, {
      estimates: { a: estimate(a!, { success_probability: pa }), b: estimate(b!, { success_probability: pb }) },
    }),
  ),
};
const ERROR: ProgramOutcome = { status: "error", message: "the runtime fell over" };
const glpkOnly = { solver: "glpk" } as const;

const truth = await solveWith(DOCUMENT, { options: glpkOnly });

/** Attempts of the first goal and its solvers, without relaxations. */
function exactAttempts(result: ResultDocument): [string, string][] {
  return result.attempts
    .filter(({ stage, solver }) => solver !== "greedy" && !stage.startsWith("bound"))
    .filter(({ stage }) => stage === result.objective.name)
    .map(({ solver, termination }) => [solver, termination]);
}

describe("when an exact solver fails", () => {
  it("has a truth to compare with that needs a solver", () => {
    expect([truth.termination, truth.solver.name]).toEqual(["optimal", "glpk"]);
    expect(exactAttempts(truth)).toEqual([["glpk", "optimal"]]);
  });

  it("goes on with the next one after an error", async () => {
    const result = await solveWith(DOCUMENT, { glpk: fakeSolver("glpk", () => ERROR), options: glpkOnly });
    expect(exactAttempts(result)).toEqual([
      ["glpk", "error"],
      ["lp-solver", "optimal"],
    ]);
    expect([result.termination, result.solver.name]).toEqual(["optimal", "lp-solver"]);
    expect(result.objective.value).toBeCloseTo(truth.objective.value!, 6);
    expect(result.attempts.find(({ termination }) => termination === "error")!.note).toContain("fell over");
  });

  it("keeps greedy's plan where all fail, and claims no optimum", async () => {
    const broken = {
      glpk: fakeSolver("glpk", () => ERROR, true),
      lpSolver: fakeSolver("lp-solver", () => ERROR, true),
    };
    const result = await solveWith(DOCUMENT, { ...broken, options: glpkOnly });
    expect(exactAttempts(result)).toEqual([
      ["glpk", "error"],
      ["lp-solver", "error"],
    ]);
    expect([result.termination, result.solver.name]).toEqual(["feasible", "greedy"]);
    expect(result.schedule).toHaveLength(5);
  });

  it("does not believe an optimum worse than a plan it knows", async () => {
    // The worst of what the program allows, with a straight face.
    const liar = fakeSolver("glpk", async (request: ProgramRequest) => {
      const sense = request.program.sense === "min" ? "max" : "min";
      return (await getSolver("glpk").solve({ ...request, program: { ...request.program, sense } })).outcome;
    });
    const result = await solveWith(DOCUMENT, { glpk: liar, options: glpkOnly });
    expect(liar.numCalls).toBeGreaterThan(0);
    expect(exactAttempts(result)[0]).toEqual(["glpk", "error"]);
    expect(result.attempts.some(({ note }) => /claims the optimum .* is known/.test(note))).toBe(true);
    expect(result.objective.value).toBeCloseTo(truth.objective.value!, 6);
  });

  it("does not believe a point that breaks a row", async () => {
    const liar = fakeSolver("glpk", ({ program }) => {
      const values = Float64Array.from(program.variableNames, (name) => (/^x\[.*,a\]$/.test(name) ? 1 : 0));
      return { status: "optimal", point: { values, objective: 99 } };
    });
    const result = await solveWith(DOCUMENT, { glpk: liar, options: glpkOnly });
    expect(result.attempts.some(({ note }) => note.includes("answer breaks load[a]"))).toBe(true);
    expect([result.termination, result.solver.name]).toEqual(["optimal", "lp-solver"]);
  });

  it("does not believe an answer that gives up a settled goal", async () => {
    const fewer = { ...DOCUMENT, agents: agents({ capacity_ms: 20 }, { capacity_ms: 12 }) };
    const shirker = fakeSolver("glpk", ({ program }) => {
      const values = Float64Array.from(program.variableNames, (name) => (name.startsWith("u[") ? 1 : 0));
      return { status: "optimal", point: { values, objective: 0 } };
    });
    const result = await solveWith(fewer, { glpk: shirker, options: { ...glpkOnly, strategy: "minimize_cost" } });
    const honest = await solveWith(fewer, { options: { ...glpkOnly, strategy: "minimize_cost" } });
    expect(
      result.attempts.filter(({ solver, termination }) => solver === "glpk" && termination === "error").length,
    ).toBeGreaterThan(0);
    expect([result.termination, result.objective.value]).toEqual([honest.termination, honest.objective.value]);
    expect(result.deferred_tasks.length).toBe(honest.deferred_tasks.length);
  });

  it.each(["infeasible", "unbounded"] as const)("does not believe %s while a plan is known", async (status) => {
    const liar = fakeSolver("glpk", () => ({ status }));
    const result = await solveWith(DOCUMENT, { glpk: liar, options: { ...glpkOnly, noDefer: true } });
    expect(exactAttempts(result)).toEqual([
      ["glpk", "error"],
      ["lp-solver", "optimal"],
    ]);
    expect([result.termination, result.conflict]).toEqual(["optimal", null]);
  });

  it("says time where the solver ran out of it, with greedy's plan and its bound", async () => {
    let nowMs = 0;
    const slow = fakeSolver("glpk", () => {
      nowMs = 10_001;
      return { status: "no_solution", limit: "time", bound: null };
    });
    const result = await solveWith(DOCUMENT, { glpk: slow, options: glpkOnly, context: { clock: () => nowMs } });
    expect(exactAttempts(result)).toEqual([["glpk", "no_solution"]]);
    expect([result.termination, result.limit, result.reproducible]).toEqual(["feasible", "time", false]);
    expect(result.schedule).toHaveLength(5);
    expect(result.objective.bound).toBeGreaterThanOrEqual(truth.objective.value!);
  });

  it("admits that the clock cut the second goal short", async () => {
    let nowMs = 0;
    const slow = fakeSolver("glpk", async (request) => {
      const { outcome } = await getSolver("glpk").solve(request);
      if (request.program.name === "success") nowMs = 10_001;
      return outcome;
    });
    const result = await solveWith(DOCUMENT, { glpk: slow, options: glpkOnly, context: { clock: () => nowMs } });
    expect([result.termination, result.limit]).toEqual(["optimal", null]);
    expect(result.objective.secondary?.proven).toBe(false);
    expect(result.reproducible).toBe(false);
  });
});
