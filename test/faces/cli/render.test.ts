import { showUnseen } from "../../../src/domain/text/index.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeObjective, describeOutcome } from "../../../src/faces/cli/headline.js";
import { nearPath } from "../../../src/faces/cli/near-path.js";
import { renderReport } from "../../../src/faces/cli/render-report.js";
import { renderResult } from "../../../src/faces/cli/render-result.js";
import { renderTable } from "../../../src/faces/cli/table.js";
import { formatGap, formatNumber, formatShare, shorten, wrap } from "../../../src/faces/cli/text.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import { plainPaint, report, result } from "./stand-ins.js";

const PAINT = plainPaint(100);

describe("a result as a table", () => {
  it("shows who does what, when, how good that is and what ran", () => {
    expect(renderResult(result, PAINT)).toBe(`maximize_success: optimal, proven by search
most success: 1.7, bound 1.7, gap 0 %; then makespan_ms: 80 (proven)

agent    tasks  load ms  slot limit ms  utilization  in start order
agent_0      2       80           87.5        100 %  t2, t1
agent_1      0        0              –          0 %

task  agent    start ms  end ms  end, 5–95 %  success  retries  confidence
t2    agent_0         0      30        24–39     85 %     0.10      +0.020
t1    agent_0        30      80       64–104     85 %     0.10      +0.020

deferred  reason
t3        no agent has the skill gpu

stage   solver  outcome          value  bound  ms  note
greedy  greedy  feasible (work)    1.6      –   1  first plan

Plan: success 85 %, makespan 80 ms, 25 tasks/s, 0.2 retries, cost 0.
Load limit: 1.25 times the reference makespan of 70 ms.
glpk 5.0, 12.3 ms, seed 1, reproducible
`);
  });

  it("says that the default load limit is not in force, and why", () => {
    const limits = { ...result.limits, factor: null };
    const said = "No load limit: the reference plan passes the budget or leaves tasks out,";
    expect(renderResult({ ...result, limits }, PAINT)).toContain(said);
    const asked = { ...result.options, load_limit: "none" };
    expect(renderResult({ ...result, limits, options: asked }, PAINT)).not.toContain(said);
  });

  it("keeps its first line and the forecast within a narrow paper", () => {
    const text = renderResult({ ...result, termination: "feasible", limit: "time" }, plainPaint(40));
    const lines = text.split("\n").filter((line) => /^maximize|^stopped|^Forecast/.test(line));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
    expect(text).toContain("stopped by");
  });

  it("shows the busiest slot beside the limit of one slot, and the sum over all slots by its own name", () => {
    const schedule = result.schedule.map((entry) =>
      entry.task_id === "t1" ? { ...entry, slot: 1, start_ms: 0, end_ms: 50 } : entry,
    );
    expect(renderResult({ ...result, schedule }, PAINT)).toContain(
      [
        "agent    tasks  load ms  busiest slot ms  slot limit ms  utilization  in start order",
        "agent_0      2       80               50           87.5        100 %  t2, t1",
      ].join("\n"),
    );
  });

  it("says why the successes of the tasks and of the plan differ where tasks wait", () => {
    const expected = { ...result.expected, success_rate: 0.7862 };
    expect(renderResult({ ...result, expected }, PAINT)).toContain(
      "success is that of a task once it is started: 85 % on average, 78.6 % for the plan;",
    );
    expect(renderResult(result, PAINT)).not.toContain("once it is started");
  });

  it("shows many deferred tasks by the kinds of their reasons, the most frequent first", () => {
    const ids = Array.from({ length: 180 }, (_, k) => `t${k}`);
    const reasons = ids.map((task_id, k) => {
      if (k % 9 === 0) return { task_id, reason: `depends on t${k + 1}, which is deferred` };
      if (k === 1) return { task_id, reason: "held back: HIGH" };
      return {
        task_id,
        reason: `no eligible agent: agent_0 needs ${k} ms and has 5 ms; agent_1 needs 7 ms and has 5 ms`,
      };
    });
    const task_priorities = Object.fromEntries(ids.map((id, k) => [id, k + 1]));
    const many = {
      ...result,
      agent_assignments: { agent_0: [], agent_1: [] },
      deferred_tasks: reasons,
      task_priorities,
    };
    expect(renderResult(many, PAINT)).toContain(`
deferred  reason                                        tasks
     159  no eligible agent: … needs … ms and has … ms  t2, t3, t4, t5 and 155 more
      20  depends on …, which is deferred               t0, t9, t18, t27 and 16 more
       1  held back: HIGH                               t1
180 tasks are deferred; --format json lists each with its reason, phase19 explain says what would
place it
`);
  });

  it("explains a conflict in words and leaves empty sections out", () => {
    const conflict = {
      tasks: ["t1", "t2"],
      agents: ["agent_0"],
      limits: ["capacity[agent_0]"],
      explanation: "t1 and t2 need 90 ms on agent_0, which has 80 ms.",
      verified: true,
      minimal: true,
    };
    const text = renderResult({ ...nothingPlanned, termination: "infeasible", conflict }, PAINT);
    expect(text).toBe(`maximize_success: infeasible: no plan can keep every limit

t1 and t2 need 90 ms on agent_0, which has 80 ms.

conflict
tasks     t1, t2
agents    agent_0
limits    capacity[agent_0]
proof     solved on its own and proven infeasible; without any one of them the others fit

glpk 5.0, seed 1, reproducible
`);
  });

  it("never lets an id or a reason act on the terminal", () => {
    const hostile = "\u001b[2Jt\n\u202e1";
    const text = renderResult(rename(hostile, hostile, hostile), PAINT);
    expect(text).toContain("\\u001b[2Jt\\n\\u202e1");
    expect(text.replaceAll("\n", "")).toBe(showUnseen(text.replaceAll("\n", "")));
  });

  it("fits 100 columns whatever the ids", () => {
    const ids = fc.string({ minLength: 1, maxLength: 128 });
    fc.assert(
      fc.property(ids, ids, ids, (taskId, agentId, reason) => {
        const text = renderResult(rename(taskId, agentId, reason), PAINT);
        for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(100);
      }),
      { numRuns: 50 },
    );
  });

  it("shortens ids that still differ then, and breaks those whole that would look alike", () => {
    const table = (ids: string[]): string =>
      renderTable(
        [{ title: "task", excess: "shorten" }, { title: "x" }],
        ids.map((id) => [id, "y".repeat(85)]),
        PAINT,
      );
    expect(table(["begin-a-long-name-end1", "begin-a-long-name-end2"])).toContain("begin-…e-end2");
    const alike = ["begin-a-different-middle-end", "begin-a-diffident-middle-end"];
    const cells = table(alike).split("\n").slice(1);
    const column = cells.map((line) => line.split("  ")[0]!.trim()).join("");
    expect(column).toBe(alike.join(""));
  });

  it("names a path below the working directory from there", () => {
    expect(nearPath("/base/outputs/phase19", "/base")).toBe("outputs/phase19");
    expect([nearPath("/elsewhere/x", "/work"), nearPath("/work", "/work")]).toEqual(["/elsewhere/x", "."]);
  });

  it("cuts long lists short and says so", () => {
    const schedule = Array.from({ length: 45 }, (_, k) => ({ ...result.schedule[0]!, task_id: `task_${k}` }));
    const agent_assignments = { agent_0: schedule.map(({ task_id }) => task_id) };
    const text = renderResult({ ...result, schedule, agent_assignments }, PAINT);
    expect(text).toContain("and 5 more; --format json has them all");
    expect(text).toMatch(/task_11 and\s+33 more/);
  });
});

const nothingPlanned: ResultDocument = {
  ...result,
  objective: { name: "success", sense: "max", value: null, bound: null, bound_by: null, gap: null, secondary: null },
  agent_assignments: { agent_0: [] },
  schedule: [],
  deferred_tasks: [],
  attempts: [],
  limits: { factor: null, reference_makespan_ms: null, per_agent_ms: {}, costs: null },
  expected: { ...result.expected, makespan_ms: null },
  wall_ms: null,
};

function rename(taskId: string, agentId: string, reason: string): ResultDocument {
  return {
    ...result,
    schedule: [{ ...result.schedule[0]!, task_id: taskId, agent_id: agentId, end_ms: 123_456_789.1 }],
    agent_assignments: { [agentId]: Array<string>(20).fill(taskId) },
    deferred_tasks: [{ task_id: taskId, reason }],
    attempts: [{ ...result.attempts[0]!, note: `${reason} ${reason}` }],
  };
}

describe("the headline", () => {
  const outcome = (changes: Partial<ResultDocument>) => describeOutcome({ ...result, ...changes });
  const objective = { ...result.objective, gap: 0.004 };

  it("says how good a plan is and what stopped the search", () => {
    expect(outcome({ termination: "feasible", limit: "time", objective })).toBe(
      "feasible, within 0.4 % of the best possible; stopped by the time limit",
    );
    expect(outcome({ termination: "feasible", limit: "work", objective: { ...objective, gap: null } })).toBe(
      "feasible, no bound known; stopped by the limits on counted work",
    );
    expect(outcome({ termination: "no_solution", limit: "abort" })).toBe("no plan found; stopped by an interrupt");
  });

  it("never calls a plan within more than the whole of the best possible, and of a mix tells the difference itself", () => {
    const far = { ...objective, sense: "min", value: 0.25, bound: -0.2, gap: 1.8 } as const;
    const feasible = { termination: "feasible", limit: null } as const;
    expect(outcome({ ...feasible, objective: far })).toBe(
      "feasible, its bound does not say how near the best possible",
    );
    expect(outcome({ ...feasible, strategy: "mix", objective: far })).toBe(
      "feasible, at most 0.45 from the best possible",
    );
  });

  it("never lets a small gap read as none", () => {
    expect(formatGap(1e-9)).toBe("0.0000001 %");
    expect(outcome({ termination: "feasible", objective: { ...objective, gap: 0 } })).toContain("not proven optimal");
  });

  it("tells the two kinds of proof apart", () => {
    const certificate = { kind: "lagrangian", multipliers: {}, bound: 1.7 } as const;
    expect(outcome({ certificate })).toBe("optimal, proven by its bound");
    expect(outcome({ certificate: { ...certificate, bound: 1.71 } })).toBe("optimal, proven by search");
  });

  it("names the goal with its direction", () => {
    const min = { ...objective, sense: "min" as const, name: "makespan_ms", secondary: null };
    expect(describeObjective({ ...result, objective: min })).toBe("least makespan_ms: 1.7, bound 1.7, gap 0.4 %");
  });
});

describe("a report as a table", () => {
  it.each([
    ["proved_optimal", "proved optimal"],
    ["claimed_optimal", "valid, claimed to be optimal"],
    ["within", "valid, within 0.4 % of the best possible"],
    ["valid", "valid, no bound proved"],
    ["invalid", "invalid"],
  ] as const)("begins with the verdict %s in words", (verdict, words) => {
    expect(renderReport({ ...report, verdict, gap: 0.004 }, PAINT).split("\n")[0]).toBe(words);
  });

  it("names the bound that is proved where it is no measure of the distance", () => {
    const valid = { ...report, verdict: "valid", gap: null, bound: -0.261799 } as const;
    expect(renderReport(valid, PAINT).split("\n")[0]).toBe("valid, bound -0.261799 proved");
  });
});

describe("text", () => {
  it("formats numbers for a person, and the absent ones as absent", () => {
    const numbers = [1 / 3, 1_234_567, 1_234_567.89, 0, 12.5, null];
    expect(numbers.map(formatNumber)).toEqual(["0.333333", "1234567", "1234567.9", "0", "12.5", "–"]);
    expect([formatShare(0.9499), formatShare(null)]).toEqual(["95 %", "–"]);
  });

  it("keeps both ends of a long id", () => {
    expect(shorten("wave1_task_00012", 9)).toBe("wave…0012");
    expect(shorten("short", 9)).toBe("short");
  });

  it("wraps at spaces and loses no word", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}$/)), fc.integer({ min: 8, max: 40 }), (words, width) => {
        const lines = wrap(words.join(" "), width);
        expect(lines.join(" ")).toBe(words.join(" "));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("lays out a table without rows as its titles", () => {
    expect(renderTable([{ title: "a" }, { title: "b" }], [], PAINT)).toBe("a  b");
  });
});

it("breaks ids of a list that are wider than the paper, and cuts none", () => {
  const ids = ["nightly-import-of-customer-orders-part-01-of-20", "nightly-import-of-customer-orders-part-02-of-20"];
  const columns = [{ title: "n" }, { title: "in order", excess: "wrap" }] as const;
  const lines = renderTable(columns, [["7", ids.join(", ")]], plainPaint(30)).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(30);
  expect(lines.map((line) => line.slice(3).trim()).join("")).toContain(ids.join(","));
});
