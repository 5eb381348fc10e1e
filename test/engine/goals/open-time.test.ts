import { afterAll, describe, expect, it } from "vitest";
import { formOf } from "../../../models/goal.js";
import { makespanGoal } from "../../../models/goals.js";
import type { Instance } from "../../../models/instance.js";
import { generateRcmax, type RcmaxFamily } from "../../../src/planner/bench/generate-cmax.js";
import { toDocument } from "../../../src/planner/bench/to-document.js";
import type { Random } from "../../../src/domain/random.js";
import { drawingRandom } from "../../support/drawing-random.js";
import type { OpenTime } from "../../../src/engine/prove/goal-task.js";
import { roomUntil } from "../../../src/engine/timed/timed-problem.js";
import { viewAsTimed } from "../../../src/engine/prove/timed-view.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { askOpenTime } from "../../../src/engine/goals/open-time.js";
import { Session, type SolveContext } from "../../../src/engine/goals/session.js";
import { proveByEngine } from "../../../src/engine/goals/engine-stage.js";
import { getSolver } from "../../../src/engine/exact/registry.js";
import type { ProgramRequest, Solver } from "../../../src/engine/exact/solver.js";
import { bruteForce } from "../../support/brute-force.js";
import { fakeSolver } from "../../support/fake-solvers.js";

afterAll(closeSolvers);

/** Ended by work alone, however slow the machine. */
const COUNTED = { workLimit: 6_000_000, timeLimitMs: 600_000 };

const CONTEXT: SolveContext = { now: () => 0, clock: () => performance.now(), fixedNow: true };

/** Whole times; some agents have two slots, or come later. */
function drawInstance(
  random: Random,
  size: { numTasks: number; numAgents: number },
  isPlain: boolean,
  family: RcmaxFamily = "u10",
): Instance {
  const document = toDocument(generateRcmax(family, { ...size, eligibleAgents: null }, random));
  const agents = document.agents.map((agent) =>
    isPlain ? agent : { ...agent, slots: 1 + random.below(2), available_from_ms: 10 * random.below(4) },
  );
  const problem = parseProblem({ ...document, agents }, "drawn");
  const options = resolveOptions(problem.options, {});
  return buildInstance(fillFromPrior(problem, options), options);
}

function sessionWith(options: { workLimit?: number; timeLimitMs?: number; gap?: number }, context = CONTEXT): Session {
  return new Session(resolveOptions({ strategy: "maximize_throughput" }, options), context);
}

/** All pairs, until a time. */
function openUntil(instance: Instance, atTime: number): OpenTime {
  const view = viewAsTimed(instance, formOf(makespanGoal.on(instance)), [], {});
  const { assignment } = view.timed;
  const capacity = assignment.capacity.map((_, slot) => roomUntil(view.timed, slot, atTime));
  const core = { ...assignment, cost: assignment.use.slice(), capacity };
  return { atTime, core, taskOf: view.agents.taskOf, firstSlot: view.firstSlot };
}

describe("an open time", () => {
  it("is decided by HiGHS as brute force decides it", async () => {
    const random = drawingRandom(11);
    for (let k = 0; k < 12; k++) {
      const instance = drawInstance(random, { numTasks: 6, numAgents: 2 + (k % 2) }, k < 3);
      const goal = makespanGoal.on(instance);
      const best = bruteForce(instance).maximize_throughput!.at(-1)!;
      expect(await askOpenTime(sessionWith({}), instance, goal, openUntil(instance, best - 1))).toEqual({
        kind: "ruled out",
      });
      const verdict = await askOpenTime(sessionWith({}), instance, goal, openUntil(instance, best));
      expect(verdict.kind === "found" ? goal.evaluate(verdict.plan) : verdict).toBe(best);
    }
  });

  it("is not believed to be reached by what ends later", async () => {
    const instance = drawInstance(drawingRandom(3), { numTasks: 6, numAgents: 2 }, true);
    const best = bruteForce(instance).maximize_throughput!.at(-1)!;
    const verdict = await askOpenTime(sessionWith({}), instance, makespanGoal.on(instance), {
      ...openUntil(instance, best),
      atTime: best - 1,
    });
    expect(verdict.kind).toBe("failed");
  });
});

describe("a makespan that the engine leaves open", () => {
  /** Too large for the little work that these sessions give the engine. */
  const instance = drawInstance(drawingRandom(1), { numTasks: 40, numAgents: 6 }, true, "correlated-tasks");
  const goal = makespanGoal.on(instance);
  const step = {
    ...{ goal, settled: [], multipliers: {}, incumbent: null, gap: 0, isFirstGoal: true },
    ...{ workShare: 1, timeShare: 1 },
  };
  const highs = getSolver("highs");
  const lent = (solver: Solver): SolveContext => ({
    ...CONTEXT,
    solvers: { glpk: getSolver("glpk"), highs: solver, "lp-solver": getSolver("lp-solver") },
  });
  /** Work of the engine's first try alone, on any machine. */
  const little = (session: Session): Session => {
    session.budget.effort = 1e-9;
    return session;
  };

  it("is ruled out by HiGHS, with a record", { timeout: 90_000 }, async () => {
    const smaller = drawInstance(drawingRandom(2), { numTasks: 30, numAgents: 6 }, true, "correlated-tasks");
    const itsGoal = makespanGoal.on(smaller);
    const session = little(sessionWith(COUNTED, lent(highs)));
    const outcome = await proveByEngine(session, smaller, { ...step, goal: itsGoal });
    const value = itsGoal.evaluate(outcome.plan!);
    expect([outcome.bound, outcome.decidedBy]).toEqual([value, "highs"]);
    expect(session.budget.endedByClock).toBe(false);
    const all = await askOpenTime(sessionWith(COUNTED), smaller, itsGoal, openUntil(smaller, value - 1));
    expect(all.kind).toBe("ruled out");
  });

  it("is left to HiGHS from the bound on, and the engine goes on from there", async () => {
    const rooms: number[] = [];
    const recording = fakeSolver("highs", (request: ProgramRequest) => {
      rooms.push(request.program.rows.at(-1)!.upper);
      return { status: "infeasible" };
    });
    const session = little(sessionWith({}, lent(recording)));
    const { bound } = await proveByEngine(session, instance, step);
    expect(rooms).toEqual([bound - 2, bound - 1]);
    expect(session.attempts.map(({ solver, termination }) => [solver, termination])).toEqual([
      ["engine", "feasible"],
      ["highs", "feasible"],
      ["engine", "feasible"],
      ["highs", "optimal"],
    ]);
  });

  it("stays open where HiGHS fails or runs out of time", async () => {
    for (const [answer, termination] of [
      [{ status: "error", message: "the runtime fell over" }, "error"],
      [{ status: "no_solution", limit: "time", bound: null }, "feasible"],
    ] as const) {
      const session = little(sessionWith({}, lent(fakeSolver("highs", () => answer))));
      const outcome = await proveByEngine(session, instance, step);
      expect(outcome.bound).toBeLessThan(goal.evaluate(outcome.plan!));
      expect([outcome.decidedBy, session.attempts.at(-1)!.termination]).toEqual(["engine", termination]);
    }
  });

  it("is left open where HiGHS has made the moves that were left, and not because of a clock", async () => {
    const session = little(sessionWith({ ...COUNTED, workLimit: 250_000 }, lent(highs)));
    const { bound, plan, limit } = await proveByEngine(session, instance, step);
    expect(bound).toBeLessThan(goal.evaluate(plan!));
    expect([session.attempts.at(-1)!.solver, limit]).toEqual(["highs", "work"]);
    expect([session.budget.movesLeft(), session.budget.endedByClock]).toEqual([0, false]);
  });

  it("is not put to HiGHS with few moves left, at the gap asked for, or beside priced rows", async () => {
    for (const [options, own] of [
      [{ workLimit: 10_000 }, {}],
      [{}, { gap: 0.5 }],
      [{}, { multipliers: { budget: 0.1 } }],
    ] as const) {
      const solver = fakeSolver("highs", () => ({ status: "infeasible" }));
      await proveByEngine(little(sessionWith(options, lent(solver))), instance, { ...step, ...own });
      expect(solver.numCalls).toBe(0);
    }
  });
});
