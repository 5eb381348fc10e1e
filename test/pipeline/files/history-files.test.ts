import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadPhases } from "../../../src/pipeline/files/phases.js";
import { failure, load, outputs } from "./outputs.js";
import { jsonLines } from "./scratch.js";

describe("heuristics", () => {
  const rule = (id: string, body: unknown) => ({ heuristic_id: id, rule: body });

  it("reads the four rules, keeps the unknown ones by id and skips what it cannot read", async () => {
    const { heuristics, report } = await load({
      "phase16/heuristics.jsonl": jsonLines([
        rule("H16_001", { priority_order: [{ risk_level: "LOW", confidence_min: 0.85 }] }),
        rule("H16_002", { condition: { risk_level: "MEDIUM", confidence_range: [0.7, 0.75] }, amount: 0.05 }),
        rule("H16_003", { condition: { risk_level: ["LOW", "MEDIUM"] }, max_retries: 3, confidence_penalty: -0.05 }),
        rule("H16_004", {
          condition: { success_rate_previous_wave: "often" },
          parameters: { high_risk_threshold: 0.7 },
        }),
        rule("h_low_risk_priority", "Prioritize LOW risk tasks"),
      ]),
    });
    expect(heuristics).toEqual({
      priorityOrder: [{ riskLevel: "LOW", confidenceMin: 0.85 }],
      boost: { riskLevels: ["MEDIUM"], from: 0.7, to: 0.75, amount: 0.05 },
      retry: { riskLevels: ["LOW", "MEDIUM"], maxAttempts: 3, confidencePenalty: -0.05 },
      relaxation: null,
      unknownIds: ["h_low_risk_priority"],
      weights: { H16_001: 1, H16_002: 1, H16_003: 1, h_low_risk_priority: 1 },
    });
    expect(report.skipped).toHaveLength(1);
    expect(report.skipped[0]!.place).toMatch(/heuristics\.jsonl:4: rule\.condition\.success_rate_previous_wave$/);
    expect(report.notes.join()).toContain("h_low_risk_priority (no category) is not known and not applied");
  });
});

describe("outcomes", () => {
  it("joins risk and type into Phase 17 and counts a row as one attempt", async () => {
    const rows = [
      {
        task_id: "t1",
        wave: 1,
        status: "failed",
        initial_confidence: 0.8,
        final_confidence: 0.7,
        execution_time_ms: 0,
        attempts: 1,
      },
      {
        task_id: "t1",
        wave: 1,
        status: "success",
        initial_confidence: 0.75,
        confidence_delta: 0.1,
        execution_time_ms: 20,
        attempts: 2,
      },
      { task_id: "t9", status: "running" },
    ];
    const { history, report } = await load({ "phase17/execution_outcomes.jsonl": jsonLines(rows) });
    const common = {
      source: "phase17",
      taskId: "t1",
      agentId: null,
      wave: 1,
      attempts: 1,
      riskLevel: "MEDIUM",
      taskType: "code",
      timestamp: null,
    };
    expect(history.outcomes).toEqual([
      { ...common, succeeded: false, confidenceBefore: 0.8, confidenceDelta: 0.7 - 0.8, executionTimeMs: null },
      { ...common, succeeded: true, confidenceBefore: 0.75, confidenceDelta: 0.1, executionTimeMs: 20 },
    ]);
    expect(report.notes.join()).toMatch(
      /status running has no outcome yet.*execution_time_ms is 0|execution_time_ms is 0.*status running/,
    );
  });

  it("takes wave and agent of Phase 18 from the row, else from the folders, in numeric order of waves", async () => {
    const row = {
      task_id: "x",
      status: "success",
      attempts: 3,
      confidence_before: 0.5,
      confidence_after: 0.6,
      risk_level: "HIGH",
      task_type: "docs",
    };
    const { history } = await load({
      "phase18/wave_10/agent_K/task_outcomes.jsonl": jsonLines([row]),
      "phase18/wave_2/agent_K/task_outcomes.jsonl": jsonLines([
        { ...row, agent_id: "other", wave: 7, status: "failed" },
      ]),
      "phase18/notes/readme.txt": "",
    });
    expect(
      history.outcomes.map(({ agentId, wave, succeeded, attempts }) => [agentId, wave, succeeded, attempts]),
    ).toEqual([
      ["other", 7, false, 3],
      ["agent_K", 10, true, 3],
    ]);
    expect(history.outcomes[0]).toMatchObject({ riskLevel: "HIGH", taskType: "docs" });
  });

  it("skips, counts and names a malformed line", async () => {
    const good = { task_id: "t1", status: "success" };
    const lines = [good, { ...good, status: "great" }, { ...good, attempts: 0 }];
    const { history, report } = await load({ "phase17/execution_outcomes.jsonl": jsonLines(lines) });
    expect(history.outcomes).toHaveLength(1);
    expect(report.historyLines).toBe(3);
    expect(report.skipped.map(({ place, reason }) => `${place.split("/").at(-1)}: ${reason}`)).toEqual([
      'execution_outcomes.jsonl:2: status: "great" is not one of success, completed, failed, pending, running, retrying; the nearest valid one is "success"',
      "execution_outcomes.jsonl:3: attempts: 0 is less than 1; a task that ended was tried",
    ]);
  });

  it.each([
    [3, 60, true],
    [3, 59, false],
    [2, 2, true],
  ])("%i malformed lines of %i: accepted is %s", async (numBad, numLines, isAccepted) => {
    const text =
      jsonLines(Array.from({ length: numLines - numBad }, () => ({ task_id: "t1", status: "success" }))) +
      "oops\n".repeat(numBad);
    const files = { "phase17/execution_outcomes.jsonl": text };
    if (isAccepted) expect((await load(files)).report.skipped).toHaveLength(numBad);
    else
      expect(await failure(files)).toContain(
        `the first of ${numBad} malformed lines among ${numLines} of history; more than 5 % is too many`,
      );
  });

  it("stops at a line of 17 MiB even in an optional file", async () => {
    expect(await failure({ "phase17/execution_outcomes.jsonl": `"${"x".repeat(17 * 1024 * 1024)}"` })).toBe(
      "phase17/execution_outcomes.jsonl:1: the line has more than 16 MiB; one JSON object a line",
    );
  });
});

describe("unknown fields", () => {
  it("are counted in every kind of file", async () => {
    const { root, sources } = outputs({
      "phase17/heuristic_performance.json": '{"H16_001": {"applications": 1, "successes": 1, "failures": 0, "new": 1}}',
      "phase17/system_health.json": '{"weights": {}}',
      "phase18/coordination_patterns.json": '[{"pattern_type": "x", "new": 1}, {"pattern_type": "y", "new": 1}]',
      "phase18/learning_signals.jsonl": '{"new": 1}\n',
    });
    const { report } = await loadPhases(sources);
    expect(report.unknownFields).toEqual({
      [join(root, "phase17/heuristic_performance.json")]: { "*.new": 1 },
      [join(root, "phase17/system_health.json")]: { weights: 1 },
      [join(root, "phase18/coordination_patterns.json")]: { "[].new": 2 },
      [join(root, "phase18/learning_signals.jsonl")]: { new: 1 },
    });
  });
});

describe("fields that were probably misspelt", () => {
  it("are named once, however many files have them, with every field that may be meant", async () => {
    const row = '{"task_id": "t", "status": "success", "confidence": 0.8, "atempts": 1}\n';
    const { root, sources } = outputs({
      "phase18/wave_1/a/task_outcomes.jsonl": row + row,
      "phase18/wave_1/b/task_outcomes.jsonl": row.replace("atempts", "attempts"),
      "phase18/wave_2/a/task_outcomes.jsonl": row.replace("atempts", "attempts"),
    });
    const { report } = await loadPhases(sources);
    const first = join(root, "phase18/wave_1/a/task_outcomes.jsonl");
    expect(report.misspelt).toEqual([
      `${first}: unknown field "confidence" is ignored, here and in 2 more files; did you mean "confidence_delta" or "confidence_before" or "confidence_after"?`,
      `${first}: unknown field "atempts" is ignored; did you mean "attempts"?`,
    ]);
  });
});

describe("optional JSON files", () => {
  it.each([
    "phase17/heuristic_performance.json",
    "phase17/system_health.json",
    "phase18/system_health.json",
    "phase18/coordination_patterns.json",
    "phase18/wave_1/a/agent_metrics.json",
  ])("%s: absent is reported where it was looked for, broken stops", async (file) => {
    const { root, sources } = outputs({ "phase18/wave_1/a/x": "" });
    expect((await loadPhases(sources)).report.absent).toContain(join(root, file));
    expect(await failure({ [file]: "{broken" })).toBe(`${file}: is not JSON: unexpected broken at line 1, column 2`);
  });

  it("reports phases that were not given", async () => {
    const { sources } = outputs();
    const { report, heuristics } = await loadPhases({
      phase18Dir: sources.phase18Dir,
      tasksFile: join(sources.phase16Dir!, "planned_tasks.jsonl"),
    });
    expect(report.absent.slice(0, 2)).toEqual(["phase16 (not given)", "phase17 (not given)"]);
    expect(heuristics.retry).toBeNull();
  });

  it("reads specializations of several shapes and notes what it cannot use", async () => {
    const pattern = (agent_assignments: unknown, more: object = {}) => ({
      pattern_type: "agent_specialization",
      confidence: 0.8,
      agent_assignments,
      ...more,
    });
    const { history, report } = await load({
      "phase18/coordination_patterns.json": JSON.stringify([
        pattern({ a: ["code", "docs"], b: "test" }, { success_rate: 0.9 }),
        pattern([{ agent_id: "c", task_types: ["code"], success_rate: 0.7 }, { labels: ["x"] }]),
        pattern({ d: 3 }),
        pattern({ e: ["x"] }, { confidence: null }),
        pattern(undefined),
        { pattern_type: "load_balanced", agent_assignments: { a: 4 } },
      ]),
    });
    expect(history.specializations).toEqual([
      { agentId: "a", labels: ["code", "docs"], successRate: 0.9, confidence: 0.8 },
      { agentId: "b", labels: ["test"], successRate: 0.9, confidence: 0.8 },
      { agentId: "c", labels: ["code"], successRate: 0.7, confidence: 0.8 },
    ]);
    expect(report.notes.map((note) => note.replace(/^.*json: /, ""))).toEqual([
      "[1].agent_assignments: an entry without agent_id lists no task types or tasks and is not used",
      '[2].agent_assignments: "d" lists no task types or tasks and is not used',
      "[3] has no confidence and is not used",
      "[4].agent_assignments names no agents and is not used",
    ]);
  });
});
