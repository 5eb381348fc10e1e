import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NO_HEURISTICS, type RiskLevel } from "../../../src/domain/index.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { forecastReport } from "../../../src/planner/forecast/forecast-report.js";
import { scheduleWave } from "../../../src/planner/forecast/schedule-wave.js";
import { type SimulationOptions, simulateSchedule } from "../../../src/planner/forecast/simulate-schedule.js";
import { checkForecast } from "../../../src/planner/verify/check-forecast.js";
import type { CheckList } from "../../../src/planner/verify/report.js";
import { type Claim, claimOf, faultsOf, findingsOf } from "../../support/claims.js";
import { agents, type Document, estimate, task } from "../../support/documents.js";
import type { Draft } from "../../support/tampering.js";

const document: Document = {
  agents: agents({}),
  tasks: [
    task("t1", "a", 10, { estimates: { a: estimate(10, { retries: 0.4, success_probability: 0.8 }) } }),
    task("t2", "a", 20, { risk_level: "HIGH" }),
    task("t3", "a", 5, { deadline_ms: 1 }),
  ],
};
let claim: Claim;
/** Without the two placed tasks. */
let empty: Draft;

beforeAll(async () => {
  claim = await claimOf(document, { strategy: "minimize_cost", solver: "greedy", loadLimit: "none" });
  empty = { ...claim.draft(), schedule: [], forecast: null, expected_throughput: null };
});
afterAll(closeSolvers);

function check(change: (draft: Draft) => void, played: Partial<Claim> = {}): (list: CheckList) => void {
  const draft = claim.draft();
  change(draft);
  return (list) => checkForecast(draft, { ...claim, ...played }, list);
}

describe("a forecast", () => {
  it("is that of the plan, played again", () => {
    expect(findingsOf(check(() => undefined))).toEqual([
      "forecast: of the placed tasks",
      `expected_throughput: ${claim.draft().expected_throughput}`,
      "forecast and end_interval_ms, played again: the same",
    ]);
  });

  it("is none where nothing is placed", () => {
    expect(findingsOf((list) => checkForecast(empty, claim, list))).toEqual([
      "forecast: none",
      "expected_throughput: null",
    ]);
    const { forecast, expected_throughput } = claim.draft();
    const claimed = { ...empty, forecast, expected_throughput };
    expect(faultsOf((list) => checkForecast(claimed, claim, list))).toEqual(["forecast: none"]);
    const silent = check((draft) => ([draft.forecast, draft.expected_throughput] = [null, null]));
    expect(findingsOf(silent)).toEqual(["not forecast: of the placed tasks", "expected_throughput: null"]);
  });

  it("has its mean pace as the expected one", () => {
    expect(faultsOf(check((draft) => (draft.expected_throughput! += 1)))).toHaveLength(1);
    expect(faultsOf(check((draft) => (draft.expected_throughput = null)))).toHaveLength(1);
  });

  it.each(["makespan_ms", "success_rate", "throughput_per_s", "confidence_delta"] as const)(
    "is refused where a figure of %s was not played",
    (name) => {
      for (const part of ["mean", "p5", "p95"] as const) {
        const change = (draft: Draft): void => {
          draft.forecast![name][part]! += 0.5;
          draft.expected_throughput = draft.forecast!.throughput_per_s.mean;
        };
        const played = claim.draft().forecast![name][part]!;
        expect(faultsOf(check(change))).toEqual([
          `forecast and end_interval_ms, played again: ${name}.${part} stated ${played + 0.5}, played ${played}`,
        ]);
      }
    },
  );

  it("is refused for an interval of an end, at either side", () => {
    for (const side of [0, 1] as const) {
      const [fault, ...rest] = faultsOf(check((draft) => (draft.schedule[1]!.end_interval_ms[side] += 1)));
      const { task_id } = claim.draft().schedule[1]!;
      expect(fault).toContain(`played again: ${task_id}: end_interval_ms stated `);
      expect(rest).toEqual([]);
    }
  });

  it("is of the order of the starts, whatever the order of the rows", () => {
    expect(faultsOf(check((draft) => draft.schedule.reverse()))).toEqual([]);
  });

  it("names the first three differences", () => {
    const [fault] = faultsOf(
      check(({ forecast }) => {
        for (const part of ["mean", "p5", "p95"] as const) forecast!.makespan_ms[part] += 1;
        forecast!.success_rate.mean = 0.1;
      }),
    );
    expect(fault!.match(/ stated /g)).toHaveLength(3);
    expect(fault).toContain("; makespan_ms.p5 stated ");
  });

  it("is of the seed that the result states", () => {
    expect(faultsOf(check((draft) => (draft.seed = 2)))).toHaveLength(1);
  });

  it.each<[string, number, boolean, string[]]>([
    ["as many as usual", 400, false, ["forecast.draws: 400 of 400, which only a time limit shortens"]],
    ["too few to say anything", 39, false, ["forecast.draws: 39 of 400, which only a time limit shortens"]],
    ["fewer in a result that promises the same bytes", 40, true, ["forecast.draws: 40 of 400, which only a time lim"]],
  ])("does not state draws: %s", (_, draws, reproducible, expected) => {
    const change = (draft: Draft): void => {
      draft.reproducible = reproducible;
      (draft.forecast as { draws?: number }).draws = draws;
    };
    const found = findingsOf(check(change));
    expect(found).toHaveLength(3);
    expect(found[2]!.slice(4, 4 + expected[0]!.length)).toBe(expected[0]);
  });

  it("may be of fewer draws where a time limit ended the solve", () => {
    const change = (draft: Draft): void => {
      draft.reproducible = false;
      (draft.forecast as { draws?: number }).draws = 40;
    };
    const fewer = check((draft) => {
      play(draft, { replications: 40 });
      change(draft);
    });
    expect(faultsOf(fewer)).toEqual([]);
    // Other draws than those that were played: their number is allowed, their figures are not these.
    const [, , draws, played] = findingsOf(check(change));
    expect(draws).toBe("forecast.draws: 40 of 400, which only a time limit shortens");
    expect(played).toMatch(/^not forecast and end_interval_ms, played again: makespan_ms\.mean stated /);
  });
});

/** Puts in what the plan would have been played as. */
function play(draft: Draft, options: Partial<SimulationOptions>): void {
  const { problem, instance, plan } = claim;
  const usual = { seed: draft.seed, maxRetries: 2, replications: 400, heuristics: NO_HEURISTICS };
  const schedule = scheduleWave(problem, instance, plan);
  const played = simulateSchedule(problem, instance, plan, schedule, { ...usual, ...options });
  draft.forecast = forecastReport(played) as Draft["forecast"];
  draft.expected_throughput = draft.forecast!.throughput_per_s.mean;
  for (const entry of draft.schedule) {
    const { endMs } = played.tasks.find(({ taskId }) => taskId === entry.task_id)!;
    entry.end_interval_ms = [...endMs!.interval];
  }
}

describe("a forecast of a wave that was filled from history", () => {
  const capped = (riskLevels: RiskLevel[], maxAttempts: number) => ({
    heuristics: { ...NO_HEURISTICS, retry: { riskLevels, maxAttempts, confidencePenalty: 0 } },
  });
  const ofRule = (rule: Partial<SimulationOptions>, usesHistory: boolean): string[] =>
    faultsOf(check((draft) => play(draft, rule), { problem: { ...claim.problem, usesHistory } }));

  it("is the same where it was played as documents say", () => {
    expect(ofRule({}, true)).toEqual([]);
    expect(ofRule({}, false)).toEqual([]);
  });

  it.each<[string, RiskLevel[], number]>([
    ["tasks of one risk, tried once", ["LOW"], 1],
    ["tasks of one risk, tried twice", ["LOW"], 2],
    ["all tasks, tried once", ["LOW", "HIGH"], 1],
    ["all tasks, tried twice", ["LOW", "HIGH"], 2],
  ])("may be by a rule for retries: %s", (_, riskLevels, maxAttempts) => {
    expect(ofRule(capped(riskLevels, maxAttempts), true)).toEqual([]);
    expect(ofRule(capped(riskLevels, maxAttempts), false)).toHaveLength(1);
  });

  it("is by no rule where no rule gives its figures", () => {
    const [fault] = faultsOf(
      check((draft) => (draft.forecast!.makespan_ms.mean += 1), { problem: { ...claim.problem, usesHistory: true } }),
    );
    // What is named is the difference from the plan played without a rule.
    const mean = claim.draft().forecast!.makespan_ms.mean!;
    expect(fault).toBe(
      `forecast and end_interval_ms, played again: makespan_ms.mean stated ${mean + 1}, played ${mean}`,
    );
  });
});
