import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { solve, verify } from "../../../src/planner/solve/solve.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import {
  ALL_STRATEGIES,
  agents,
  deferredIds,
  type Document,
  estimate,
  NOW,
  type Row,
  solveVerified,
  task,
} from "../../support/documents.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { randomDocument } from "../../support/random-problem.js";

afterAll(closeSolvers);

const LIMITS = { workLimit: 50_000, timeLimitMs: 60_000 } as const;

const DOUBT = 0.2;

/** A random document whose given success probabilities lie close together and are in doubt. */
function doubtfulDocument(seed: number): Document {
  const document = randomDocument({ seed, maxTasks: 7, maxAgents: 3, maxPlans: 5_000 }) as unknown as Document;
  const tasks = document.tasks.map((one) => ({
    ...one,
    estimates: Object.fromEntries(
      Object.entries(one.estimates).map(([id, given]): [string, Row] => [
        id,
        {
          ...given,
          success_probability: 0.6 + 0.2 * (given.success_probability as number),
          standard_errors: { success_probability: DOUBT },
        },
      ]),
    ),
  }));
  return { ...document, tasks };
}

/** A random document of few limits: half of its tasks with given numbers in doubt, half to be predicted. */
function openDocument(seed: number): Document {
  const random = drawingRandom(seed);
  const anyOf = <T>(...values: T[]): T => values[random.below(values.length)]!;
  const given = (): Row =>
    estimate(10 + 10 * random.unit(), {
      success_probability: 0.7 + 0.2 * random.unit(),
      standard_errors: { success_probability: DOUBT, retries: 0.1 },
      retries: 0.2 + 0.2 * random.unit(),
    });
  const ids = ["a", "b", "c"];
  const tasks = Array.from({ length: 6 }, (_, k) =>
    task(`t${k}`, "", 0, {
      risk_level: anyOf("LOW", "MEDIUM", "HIGH"),
      task_type: anyOf("etl", "review", null),
      estimates: k % 2 === 0 ? {} : Object.fromEntries(ids.map((id) => [id, given()])),
    }),
  );
  const costs = ids.map(() => ({ cost_per_ms: 1 + random.unit() }));
  return { agents: agents(...costs), tasks, options: { load_limit: anyOf<string | number>("none", 1.25) } };
}

/** One of them with a number for every pair, so that a prediction cannot stand in. */
function completeDocument(): Document {
  for (let seed = 1; ; seed++) {
    const document = doubtfulDocument(seed);
    const { tasks, agents: all } = document;
    if (tasks.length > 4 && tasks.every(({ estimates }) => Object.keys(estimates).length === all.length))
      return document;
  }
}

const placesOf = ({ schedule }: ResultDocument): Map<string, string> =>
  new Map(schedule.map(({ task_id, agent_id }) => [task_id, agent_id]));

function idsOfRisk({ tasks }: Document, isMeant: (risk: unknown) => boolean): string[] {
  return tasks.filter(({ risk_level }) => isMeant(risk_level)).map(({ task_id }) => task_id);
}

function expectWithinCap(document: Document, base: ResultDocument, explored: ResultDocument, cap: number): void {
  const { exploration } = explored;
  if (base.objective.value === null) return void expect(exploration).toBeNull();
  const loss = (explored.objective.sense === "max" ? 1 : -1) * (base.objective.value - explored.objective.value!);
  const cost = loss <= 0 ? 0 : loss / Math.abs(base.objective.value);
  expect(exploration!.cost).toBeCloseTo(cost, 9);
  expect(exploration!.cost).toBeLessThanOrEqual(cap);
  const [before, after] = [placesOf(base), placesOf(explored)];
  const moved = idsOfRisk(document, () => true).filter((id) => before.get(id) !== after.get(id));
  expect(exploration!.tasks_moved).toBe(moved.length);
  const high = idsOfRisk(document, (risk) => risk === "HIGH");
  expect(moved.filter((id) => high.includes(id))).toEqual([]);
  if (document.options?.defer_penalty === undefined) {
    const weigh = (result: ResultDocument): number =>
      document.tasks
        .filter(({ task_id }) => deferredIds(result).includes(task_id))
        .reduce((sum, { weight }) => sum + ((weight as number | undefined) ?? 1), 0);
    expect(weigh(explored)).toBeCloseTo(weigh(base), 9);
  }
}

describe("exploration", () => {
  it("never costs more than its cap, moves no HIGH task and defers no more", { timeout: 60_000 }, async () => {
    const totals = { moved: 0, withCost: 0, shrunk: 0 };
    for (let seed = 1; seed <= 42; seed++) {
      const document = seed % 2 === 0 ? doubtfulDocument(seed) : openDocument(seed);
      if (document.tasks.length < 3 || document.agents.length < 2) continue;
      const strategy = ALL_STRATEGIES[seed % ALL_STRATEGIES.length]!;
      const cap = [0.01, 0.1, 0.5][seed % 3]!;
      const base = await solve(document, { ...LIMITS, now: NOW, strategy });
      const explored = await solveVerified(document, { ...LIMITS, strategy, exploration: cap });
      expectWithinCap(document, base, explored, cap);
      totals.moved += explored.exploration?.tasks_moved ?? 0;
      if ((explored.exploration?.cost ?? 0) > 0) totals.withCost += 1;
      if ((explored.exploration?.scale ?? 1) < 1) totals.shrunk += 1;
    }
    expect(totals.moved).toBeGreaterThan(10);
    expect(Math.min(totals.withCost, totals.shrunk)).toBeGreaterThan(2);
  });

  const known = (p: number): Row =>
    estimate(10, { success_probability: p, standard_errors: { success_probability: 0.01 } });
  const doubted = (p: number): Row =>
    estimate(10, { success_probability: p, standard_errors: { success_probability: 0.12 } });
  const newcomer = (risk: string): Document => ({
    agents: agents({}, {}),
    tasks: ["t1", "t2", "t3"].map((id) =>
      task(id, "", 0, { risk_level: risk, estimates: { a: known(0.85), b: doubted(0.8) } }),
    ),
    options: { load_limit: "none" },
  });
  const sharesOfNewcomer = async (document: Document, options: object): Promise<number[]> => {
    const shares: number[] = [];
    for (let seed = 1; seed <= 30; seed++) {
      const result = await solveVerified(document, { ...LIMITS, seed, ...options });
      shares.push(result.agent_assignments.b!.length);
    }
    return shares;
  };

  it("tries an agent that may be better, which the best plan never does, and all its tasks of a kind alike", async () => {
    const base = await sharesOfNewcomer(newcomer("LOW"), {});
    expect(base.every((share) => share === 0)).toBe(true);
    const explored = await sharesOfNewcomer(newcomer("LOW"), { exploration: 0.1 });
    const numTried = explored.filter((share) => share > 0).length;
    // A draw of .8 ± .12 exceeds .85 about one time in three.
    expect(numTried).toBeGreaterThan(3);
    expect(numTried).toBeLessThan(18);
    expect(new Set(explored)).toEqual(new Set([0, 3]));
  });

  it("leaves HIGH tasks alone unless asked", async () => {
    const held = await sharesOfNewcomer(newcomer("HIGH"), { exploration: 0.1 });
    expect(held.every((share) => share === 0)).toBe(true);
    const asked = await sharesOfNewcomer(newcomer("HIGH"), { exploration: 0.1, exploreHighRisk: true });
    expect(asked.some((share) => share > 0)).toBe(true);
  });

  it("keeps the best plan where the cap is too small for any draw", async () => {
    // The newcomer costs (.85 − .8) / .85 = 5.9 %.
    const shares = await sharesOfNewcomer(newcomer("LOW"), { exploration: 0.05 });
    expect(shares.every((share) => share === 0)).toBe(true);
  });

  it("defers no task because a draw of its time does not fit", async () => {
    const tight: Document = {
      agents: agents({ capacity_ms: 80 }, { capacity_ms: 80 }),
      tasks: ["t1", "t2", "t3", "t4"].map((id) => task(id, "", 0, { estimates: {} })),
      options: { load_limit: "none" },
    };
    const scales: number[] = [];
    for (let seed = 1; seed <= 12; seed++) {
      const options = { ...LIMITS, seed, strategy: "maximize_throughput", exploration: 1 } as const;
      const result = await solveVerified(tight, options);
      expect(deferredIds(result)).toEqual([]);
      scales.push(result.exploration!.scale);
    }
    expect(scales.some((scale) => scale < 1)).toBe(true);
  });

  it("of a certain world changes nothing but its own fields", async () => {
    const document = { agents: agents({}, {}), tasks: ["t1", "t2", "t3"].map((id) => task(id, "ab", 10)) };
    const plain = await solveVerified(document);
    expect([plain.exploration, plain.options.exploration, plain.options.explore_high_risk]).toEqual([null, 0, false]);
    const certain = await solveVerified(document, { exploration: 0.5 });
    expect(certain.exploration).toEqual({ cap: 0.5, cost: 0, scale: 0, tasks_moved: 0, base_plan: [] });
    expect({ ...certain, exploration: null, options: plain.options }).toEqual(plain);
  });

  it("gives the same bytes for the same seed", async () => {
    const document = doubtfulDocument(5);
    const explored = () => solve(document, { ...LIMITS, now: NOW, strategy: "maximize_success", exploration: 0.3 });
    expect(JSON.stringify(await explored())).toBe(JSON.stringify(await explored()));
  });

  it("may be asked for in the document", async () => {
    const document = { ...newcomer("LOW"), options: { exploration: 0.1, explore_high_risk: true, load_limit: "none" } };
    const { options, exploration } = await solveVerified(document);
    expect([options.exploration, options.explore_high_risk, exploration?.cap]).toEqual([0.1, true, 0.1]);
    await expect(solve({ ...document, options: { exploration: 2 } })).rejects.toThrow(/options\.exploration.*2/);
    await expect(solve(document, { exploration: -0.1 })).rejects.toThrow(/exploration.*-0.1/);
  });
});

describe("verify of an explored result", () => {
  const document = doubtfulDocument(2);
  type Draft = Omit<{ -readonly [K in keyof ResultDocument]: ResultDocument[K] }, "exploration"> & {
    exploration: Record<string, unknown>;
  };
  let found: ResultDocument | null = null;
  const failures = async (change: (draft: Draft, result: ResultDocument) => void): Promise<string> => {
    const result = (found ??= await exploredResult());
    const draft = JSON.parse(JSON.stringify(result)) as Draft;
    change(draft, result);
    const report = verify(draft, document, { strategy: "maximize_success", exploration: 0.5 });
    return report.verdict === "invalid" ? report.message : "";
  };
  const exploredResult = async (): Promise<ResultDocument> => {
    for (let seed = 1; seed < 60; seed++) {
      const result = await solveVerified(document, { ...LIMITS, seed, strategy: "maximize_success", exploration: 0.5 });
      if ((result.exploration?.cost ?? 0) > 0) return result;
    }
    throw new Error("no seed explores");
  };

  it("accepts the truth and rejects every false field", async () => {
    expect(await failures(() => undefined)).toBe("");
    expect(await failures((draft) => (draft.exploration.cost = 0))).toContain("exploration.cost");
    expect(await failures((draft) => (draft.exploration.cap = 0.9))).toContain("exploration.cap");
    expect(await failures((draft) => (draft.exploration.scale = 0.3))).toContain("exploration.scale");
    expect(await failures((draft) => (draft.exploration.tasks_moved = 9))).toContain("exploration.tasks_moved");
    expect(await failures((draft) => (draft.exploration.base_plan = []))).toContain("exploration.cost");
    const gone = [{ task_id: "nobody", agent_id: "agent_0", slot: 0 }];
    expect(await failures((draft) => (draft.exploration.base_plan = gone))).toContain("exploration.base_plan");
    expect(await failures((draft) => Object.assign(draft, { exploration: null }))).toContain("exploration");
    const lowCap = { exploration: 1e-9 };
    expect(
      await failures((draft, { options }) => {
        draft.options = { ...options, ...lowCap };
        draft.exploration.cap = 1e-9;
      }),
    ).toContain("cost within the cap");
  });

  it("rejects an option that is not the one asked for", async () => {
    const message = await failures((draft, { options }) => (draft.options = { ...options, exploration: 0 }));
    expect(message).toContain("options.exploration: states 0, document and call say 0.5");
  });
});

describe("risk aversion", () => {
  it.each(ALL_STRATEGIES)(
    "plans %s as if every P were less by κ standard errors, and reports the plain P",
    async (strategy) => {
      const withErrors = completeDocument();
      const lowered: Document = {
        ...withErrors,
        tasks: withErrors.tasks.map((one) => ({
          ...one,
          estimates: Object.fromEntries(
            Object.entries(one.estimates).map(([id, given]): [string, Row] => {
              const p = Math.max(0, (given.success_probability as number) - 1.5 * DOUBT);
              return [id, { retries: 0.5, ...given, success_probability: p, standard_errors: {} }];
            }),
          ),
        })),
      };
      const fixed: Document = {
        ...withErrors,
        tasks: withErrors.tasks.map((one) => ({
          ...one,
          estimates: Object.fromEntries(
            Object.entries(one.estimates).map(([id, given]) => [id, { retries: 0.5, ...given }]),
          ),
        })),
      };
      const careful = await solveVerified(fixed, { ...LIMITS, strategy, riskAversion: 1.5 });
      const plain = await solveVerified(lowered, { ...LIMITS, strategy });
      expect(careful.agent_assignments).toEqual(plain.agent_assignments);
      expect(careful.objective).toEqual(plain.objective);
      for (const { task_id, agent_id, success_probability } of careful.schedule) {
        const given = fixed.tasks.find((one) => one.task_id === task_id)!.estimates[agent_id]!;
        expect(success_probability).toBe(given.success_probability);
      }
    },
  );
});
