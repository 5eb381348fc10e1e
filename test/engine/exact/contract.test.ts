import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterAll, describe, expect, it } from "vitest";
import type { Program } from "../../../models/program.js";
import { BACKEND_NAMES } from "../../../src/domain/backends.js";
import { createSolver } from "../../../src/engine/exact/registry.js";
import type { ProgramAnswer, ProgramOutcome, ProgramRequest } from "../../../src/engine/exact/solver.js";
import { KNOWN_VERDICTS } from "./known-verdicts.js";
import { makeHardAssignment, makeProgram } from "./programs.js";

const generator = xoroshiro128plus(1);
const hard = makeHardAssignment(60, 10, () => uniformFloat64(generator));
const easy = makeProgram("max", [[1, 0, 3.5, "int"]], []);
const INF = Infinity;

/** Programs on which packages never return: the branch and bound runs off along x = y. */
const ENDLESS: readonly (readonly [what: string, program: Program])[] = [
  ["x − y ≥ .9 and x − y ≤ .8", endless([0.9, [1, -1], INF], [-INF, [1, -1], 0.8])],
  [".1 ≤ x − y ≤ .9", endless([0.1, [1, -1], 0.9])],
];

function endless(...rows: Parameters<typeof makeProgram>[2]): Program {
  return makeProgram("min", [[1, 0, INF, "int"], [1, 0, INF, "int"]], rows); // prettier-ignore
}

describe.each(BACKEND_NAMES)("%s", (backend) => {
  const solver = createSolver(backend);
  afterAll(() => solver.close());

  function ask(program: Program, options: Partial<ProgramRequest> = {}): Promise<ProgramAnswer> {
    return solver.solve({ program, timeLimitMs: 10_000, gap: 0, relax: false, ...options });
  }

  it("names itself and its version", () => {
    expect(solver.name).toBe(backend);
    expect(solver.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it.each(KNOWN_VERDICTS)("$what", async ({ program, verdict }) => {
    const { outcome } = await ask(program);
    expectVerdict(outcome, verdict);
  });

  it("drops integrality where it is asked to", async () => {
    const { outcome } = await ask(easy, { relax: true });
    expectVerdict(outcome, 3.5);
  });

  it("solves or refuses free integer variables", async () => {
    const { outcome, wallMs } = await ask(makeProgram("min", [[1, -INF, INF, "int"]], [[-7, [2], INF]]));
    expect(wallMs).toBeLessThan(1000);
    if (backend !== "lp-solver") return expectVerdict(outcome, -3);
    expect(outcome).toMatchObject({ status: "error", message: expect.stringContaining("no bound") });
  });

  it("ends by its time limit with what it has, and says that it was time", async () => {
    const { outcome, wallMs } = await ask(hard, { timeLimitMs: 500 });
    expect(wallMs).toBeLessThanOrEqual(800);
    expect(["feasible", "no_solution"]).toContain(outcome.status);
    expect(outcome).toMatchObject({ limit: "time" });
  });

  it.each(ENDLESS)("ends on the endless %s", async (_, program) => {
    const { outcome, wallMs } = await ask(program, { timeLimitMs: 300 });
    expect(wallMs).toBeLessThanOrEqual(800);
    expect(["no_solution", "infeasible"]).toContain(outcome.status);
    if (outcome.status === "no_solution") expect(outcome.limit).toBe("time");
    expectVerdict((await ask(easy)).outcome, 3);
  });

  it("has no solution in no time", async () => {
    expect((await ask(easy, { timeLimitMs: 0 })).outcome).toEqual({
      status: "no_solution",
      limit: "time",
      bound: null,
    });
  });

  it("takes an infinite time limit", async () => {
    expectVerdict((await ask(easy, { timeLimitMs: INF })).outcome, 3);
  });

  it("refuses limits that are none", async () => {
    expect((await ask(easy, { timeLimitMs: NaN })).outcome.status).toBe("error");
    expect((await ask(easy, { gap: -1 })).outcome.status).toBe("error");
  });

  it("obeys a signal that fired before", async () => {
    const { outcome } = await ask(easy, { signal: AbortSignal.abort() });
    expect(outcome).toEqual({ status: "no_solution", limit: "abort", bound: null });
  });

  it("obeys a signal that fires meanwhile, at once, and works again", async () => {
    const controller = new AbortController();
    const pending = ask(hard, { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const abortedAt = performance.now();
    controller.abort();
    expect((await pending).outcome).toEqual({ status: "no_solution", limit: "abort", bound: null });
    expect(performance.now() - abortedAt).toBeLessThan(50);
    expectVerdict((await ask(easy)).outcome, 3);
  });

  it("solves while another solve runs", async () => {
    // Two workers, both ready: beside a busy runtime HiGHS needs seconds to start another.
    await Promise.all([ask(easy), ask(easy)]);
    const long = ask(hard, { timeLimitMs: 1500 });
    const short = await ask(easy);
    expectVerdict(short.outcome, 3);
    expect(short.wallMs).toBeLessThan(1000);
    expect((await long).wallMs).toBeGreaterThan(1400);
  });

  it("says how good the best point can be where a limit ended it, or says nothing of it", async () => {
    const { outcome } = await ask(hard, solver.countsSteps ? { maxSteps: 100 } : { timeLimitMs: 500 });
    if (outcome.status !== "feasible" && outcome.status !== "no_solution") throw new Error(outcome.status);
    if (backend !== "highs") return expect(outcome.bound).toBeNull();
    const relaxed = (await ask(hard, { relax: true })).outcome;
    if (relaxed.status !== "optimal") throw new Error(relaxed.status);
    expect(outcome.bound).toBeGreaterThanOrEqual(relaxed.point.objective - 1e-6);
    if (outcome.status === "feasible") expect(outcome.bound).toBeLessThanOrEqual(outcome.point.objective + 1e-6);
  });

  it("stops at the gap that is asked for", async () => {
    if (backend === "lp-solver") return;
    const { outcome } = await ask(hard, { gap: 0.5 });
    expect(outcome).toMatchObject({ status: "feasible", limit: "gap" });
  });

  describe.each([
    ["max", knapsackOf("max"), 49, 1],
    ["min", knapsackOf("min"), -49, -1],
  ] as const)("with a cutoff, %s", (_, program, optimum, better) => {
    it("finds a point that is just good enough, and rules out better ones", async () => {
      for (const slack of [3, 1e-3, 0]) {
        const { outcome } = await ask(program, { cutoff: optimum - better * slack });
        if (solver.hasCutoff) expectVerdict(outcome, optimum);
        else expect(outcome).toMatchObject({ status: "error", message: expect.stringContaining("cutoff") });
      }
      if (!solver.hasCutoff) return;
      for (const excess of [1e-3, 1, 1e6]) {
        const { outcome } = await ask(program, { cutoff: optimum + better * excess });
        expect(outcome).toEqual({ status: "none_better" });
        expect((await ask(program, { cutoff: optimum + better * excess, relax: true })).outcome.status).not.toBe(
          "error",
        );
      }
      const infeasible = { ...program, rows: [{ ...program.rows[0]!, lower: 7, upper: 9 }] };
      expect((await ask(infeasible, { cutoff: 0 })).outcome).toEqual({ status: "none_better" });
    });
  });

  it("stops at the first point where asked to, if it can", async () => {
    const { outcome, wallMs } = await ask(hard, { stopAtFirst: true });
    if (!solver.hasCutoff) return expect(outcome).toMatchObject({ status: "error" });
    expect(outcome).toMatchObject({ status: "feasible", limit: "work" });
    expect(wallMs).toBeLessThan(5000);
  });

  it("ends by its steps at the same point again, if it counts them", async () => {
    const [first, again] = [await ask(hard, { maxSteps: 100 }), await ask(hard, { maxSteps: 100 })];
    if (!solver.countsSteps) return expect(first.outcome).toMatchObject({ status: "error" });
    expect(first.outcome).toMatchObject({ limit: "work" });
    expect(first.numSteps).toBeGreaterThanOrEqual(100);
    expect([again.outcome, again.numSteps]).toEqual([first.outcome, first.numSteps]);
    expect((await ask(hard, { maxSteps: 0 })).outcome.status).toBe("error");
  });

  it("begins with a point that it is given, if it can, and is not led astray by one that breaks rows", async () => {
    if (!solver.countsSteps) return expectVerdict((await ask(easy, { start: Float64Array.of(9) })).outcome, 3);
    const found = (await ask(hard, { maxSteps: 2000 })).outcome;
    if (found.status !== "feasible") throw new Error(found.status);
    const { values, objective } = found.point;
    const [plain, begun] = [await ask(hard, { maxSteps: 1 }), await ask(hard, { maxSteps: 1, start: values })];
    expect(begun.outcome).toMatchObject({ status: "feasible" });
    if (begun.outcome.status === "feasible") expect(begun.outcome.point.objective).toBeGreaterThanOrEqual(objective);
    if (plain.outcome.status === "feasible") expect(plain.outcome.point.objective).toBeLessThan(objective);
    expectVerdict((await ask(easy, { start: Float64Array.of(9) })).outcome, 3);
  });

  it("refuses a cutoff that is none", async () => {
    expect((await ask(easy, { cutoff: NaN })).outcome.status).toBe("error");
  });

  it("refuses a broken program without rejecting", async () => {
    const { outcome } = await ask({ ...easy, objective: Float64Array.of(NaN) });
    expect(outcome).toMatchObject({ status: "error", message: expect.stringContaining("v0") });
  });
});

/** A knapsack with the optimum 49, or −49 where it is minimised; the constant is 40. */
function knapsackOf(sense: "min" | "max"): Program {
  const sign = sense === "max" ? 1 : -1;
  const variables = [5, 4, 3].map((value) => [sign * value, 0, 1, "int"] as const);
  return makeProgram(sense, variables, [[-INF, [2, 3, 1], 5]], 40 * sign);
}

/** A status, or the value of the optimum. */
function expectVerdict(outcome: ProgramOutcome, verdict: number | "infeasible" | "unbounded"): void {
  if (typeof verdict === "string") return expect(outcome).toEqual({ status: verdict });
  expect(outcome).toMatchObject({ status: "optimal" });
  if (outcome.status !== "optimal") return;
  expect(Math.abs(outcome.point.objective - verdict)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(verdict)));
}
