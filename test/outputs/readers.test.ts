import { describe, expect, it } from "vitest";
import { writeScratch } from "../pipeline/files/scratch.js";
import { digest, waveSummary } from "../pipeline/report/digests.js";
import { checkOutputs } from "../support/check-outputs.js";
import { readAsPhase20 } from "../support/read-as-phase-20.js";
import { readAsPhase25 } from "../support/read-as-phase-25.js";
import { runSummary } from "../support/run-summary.js";
import { sampleOutputs } from "../support/sample-outputs.js";

const FILES = sampleOutputs(
  digest({
    summary: runSummary({
      tasks: { total: 2, completed: 1, failed: 0, deferred: 1, open: 0, reassigned: 0, retries: 1 },
    }),
    waves: [
      waveSummary({
        agents: ["agent_0", "agent_1"],
        total_tasks: 2,
        completed_tasks: 1,
        failed_tasks: 0,
        deferred_tasks: 1,
        retries: 1,
      }),
    ],
  }),
);

/** The sample with one file rewritten; null takes it away. */
const change = (path: string, edit: ((text: string) => string) | null): string => {
  const files = { ...FILES };
  if (edit === null) delete files[path];
  else files[path] = edit(files[path] ?? "");
  return writeScratch(files);
};

describe("checkOutputs", () => {
  it("finds nothing wrong with a whole directory", () => {
    expect(checkOutputs(writeScratch(FILES))).toEqual([]);
  });

  it("misses each file that is not there", () => {
    for (const path of Object.keys(FILES)) {
      expect(checkOutputs(change(path, null)).join("\n")).toContain(`${path}: is missing`);
    }
  });

  const row = "wave_1/agent_0/scheduled_tasks.jsonl";
  const idle = "wave_1/agent_1/scheduled_tasks.jsonl";
  const faults: [string, (text: string) => string, string][] = [
    ["notes.txt", () => "x", "does not belong here"],
    ["wave_1/agent_0/more.json", () => "x", "does not belong here"],
    [row, (text) => text.trimEnd(), "no newline at the end"],
    [row, (text) => `${text}\n`, "JSON"],
    [row, (text) => text.replace('"confidence":0.8', '"confidence":null'), "confidence"],
    [row, (text) => text.replace('"retry_count":1', '"retry_count":0'), "has 2 attempts, retry_count 0"],
    [row, (text) => text.replace('"completed"', '"failed"'), "is failed, its last attempt is not"],
    [
      row,
      (text) => text.replace(/"task_id":"t1",("agent_id":"agent_0",)/, '$1"task_id":"t1",'),
      "begins with agent_id",
    ],
    [row, (text) => text.replace('"t1"', '"t2"'), "t2 was deferred in wave 1 and ran"],
    [row, (text) => text.replace('"t1"', '"t3"'), "t1 has attempts and no final row"],
    [row, (text) => text.replace('"agent_0"', '"agent_1"'), "belongs to agent_1"],
    [row, (text) => text.replace('"real"', '"simulated"'), "a row is simulated, the run real"],
    [idle, () => FILES[row]!, "a second row of t1"],
    ["wave_1/agent_0/optimization_feedback.json", () => "", "is empty, but the agent worked"],
    [
      "wave_1/wave_summary.json",
      (text) => text.replace('"retries":1', '"retries":2'),
      "retries is 2, the files give 1",
    ],
    ["agent_assignments.json", (text) => text.replace('"t1"', ""), "is not what planned_tasks.jsonl says"],
    ["metrics.jsonl", (text) => text.slice(text.indexOf("\n") + 1), "metrics.jsonl: has"],
    ["learning_signals.jsonl", (text) => text + text, "2 strategy_validation rows"],
    ["deferred_tasks.jsonl", () => "", "tasks.deferred is 1, the files give 0"],
    ["summary.json", (text) => text.replace('"seed":1', '"seed":2'), "seed is not that of phase19_summary.json"],
    ["state_before.json", () => "", "state_before.json"],
  ];
  it.each(faults)("sees a fault in %s (%#)", (path, edit, words) => {
    expect(checkOutputs(change(path, edit)).join("\n")).toContain(words);
  });
});

describe("Phase 20", () => {
  it("reads metrics, our accuracy and the final rows", () => {
    const view = readAsPhase20(writeScratch(FILES));
    expect([view.metrics.size, view.metrics.get("schedule_accuracy"), view.accuracy]).toEqual([5, 0.95, 0.9]);
    expect([view.numAnomalies, view.successRate, [...view.tasks.keys()]]).toEqual([0, 1, ["t1"]]);
  });

  it.each([
    ["metrics.jsonl", (text: string) => `${text}{\n`],
    ["metrics.jsonl", (text: string) => text.slice(text.indexOf("\n") + 1)],
    ["learning_signals.jsonl", (text: string) => text.replace("0.9", "null")],
    ["learning_signals.jsonl", () => ""],
    ["anomalies.jsonl", () => '{"anomaly_id":"A"}\n'],
    ["wave_1/agent_0/scheduled_tasks.jsonl", (text: string) => text.replace("completed", "deferred")],
    ["wave_1/agent_1/scheduled_tasks.jsonl", () => FILES["wave_1/agent_0/scheduled_tasks.jsonl"]!],
  ])("stops at %s (%#)", (path, edit) => {
    const directory = change(path, edit);
    expect(() => readAsPhase20(directory)).toThrow();
  });
});

describe("Phase 25", () => {
  it("shows the report, the health and the newest files", () => {
    const view = readAsPhase25(writeScratch(FILES));
    expect([view.health, view.numWaves, view.optimizations.length]).toEqual([91.5, 1, 1]);
    expect(view.newest).toContain("optimization_report.json");
  });

  it("stops where there is nothing to show", () => {
    const directory = change("optimization_report.json", () => '{"optimizations":[{"issue":""}]}');
    expect(() => readAsPhase25(directory)).toThrow("an entry without issue");
  });
});
