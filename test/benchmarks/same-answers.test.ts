import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compareRecords, compareTexts } from "../../benchmarks/same-answers/compare-records.js";
import { ABSENT, compareJson, emptyComparison } from "../../benchmarks/same-answers/compare-values.js";
import { describeComparison } from "../../benchmarks/same-answers/describe.js";
import { listSubjects } from "../../benchmarks/same-answers/subjects.js";

const ATTEMPT = { stage: "success", solver: "engine", note: "12 moves" };
const RESULT = {
  termination: "optimal",
  objective: { value: 12.5, bound: null },
  agent_assignments: { agent_0: ["a", "b"], agent_1: [] },
  deferred_tasks: [{ task_id: "c", reason: "no room on any agent" }],
  reasons: { a: "success 98 %", b: "success 97 %" },
  attempts: [ATTEMPT],
  wall_ms: 12,
};

function compare(a: unknown, b: unknown) {
  const comparison = emptyComparison();
  compareJson(comparison, "result.json", a, b);
  return comparison;
}

/** What differs between the result and a changed one, as paths. */
function differencesOf(changes: object): string[] {
  return compare(RESULT, { ...RESULT, ...changes }).differences.map(({ path }) => path);
}

function compareFiles(file: string, a: string, b: string) {
  const comparison = emptyComparison();
  compareTexts(comparison, file, a, b);
  return comparison;
}

const scratch = mkdtempSync(join(tmpdir(), "phase19-same-"));
afterAll(() => rmSync(scratch, { recursive: true }));

function writeRecord(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(scratch, name, path)), { recursive: true });
    writeFileSync(join(scratch, name, path), text);
  }
  return join(scratch, name);
}

describe("the comparison of two answers", () => {
  it("finds nothing where nothing differs", () => {
    const { differences, sentences, numValues } = compare(RESULT, structuredClone(RESULT));
    expect([differences, sentences]).toEqual([[], []]);
    expect(numValues).toBe(9);
  });

  it("names a number beyond the relative tolerance, with both values", () => {
    const changed = { ...RESULT, objective: { value: 12.5 * (1 + 1e-11), bound: null } };
    expect(compare(RESULT, changed).differences).toEqual([
      { file: "result.json", path: "$.objective.value", a: 12.5, b: changed.objective.value },
    ]);
    expect(differencesOf({ objective: { value: 12.5 * (1 + 1e-13), bound: null } })).toEqual([]);
    expect(differencesOf({ objective: { value: 12.5, bound: 0 } })).toEqual(["$.objective.bound"]);
  });

  it("names a missing and an added key", () => {
    expect(differencesOf({ objective: { value: 12.5 } })).toEqual(["$.objective.bound"]);
    expect(differencesOf({ "new key": 1 })).toEqual(['$["new key"]']);
    expect(compare({ attempts: [ATTEMPT] }, {}).differences).toMatchObject([{ path: "$.attempts", b: ABSENT }]);
  });

  it("names changed plans and words of an enum", () => {
    expect(differencesOf({ agent_assignments: { agent_0: ["a"], agent_1: ["b"] } })).toEqual([
      "$.agent_assignments.agent_0[1]",
      "$.agent_assignments.agent_1[0]",
    ]);
    expect(differencesOf({ termination: "feasible" })).toEqual(["$.termination"]);
  });

  it("counts a sentence that is worded otherwise, and names one that vanished or has another subject", () => {
    const reworded = {
      ...RESULT,
      deferred_tasks: [{ task_id: "c", reason: "every agent is full" }],
      reasons: { a: "98 % success", b: "success 97 %" },
    };
    const { differences, sentences } = compare(RESULT, reworded);
    expect(differences).toEqual([]);
    expect(sentences.map(({ path }) => path)).toEqual(["$.deferred_tasks[0].reason", "$.reasons.a"]);
    expect(differencesOf({ reasons: { a: "success 98 %" } })).toEqual(["$.reasons.b"]);
    expect(differencesOf({ deferred_tasks: [{ task_id: "c", reason: null }] })).toEqual(["$.deferred_tasks[0].reason"]);
    expect(compare({ action: "learned" }, { action: "migrated" }).differences).toHaveLength(1);
  });

  it("leaves out solver logs and wall times, but no other attempts", () => {
    const changed = { ...RESULT, attempts: [{ ...ATTEMPT, note: "13 moves" }, ATTEMPT], wall_ms: null };
    expect(compare(RESULT, changed)).toMatchObject({ differences: [], numSolverLogs: 1, numWallTimes: 1 });
    expect(compare({ attempts: 1 }, { attempts: 2 }).differences).toHaveLength(1);
    expect(compare({ attempts: [{ task_id: "a" }] }, { attempts: [{ task_id: "b" }] }).differences).toHaveLength(1);
  });
});

describe("the comparison of two files", () => {
  it("goes row by row through JSONL", () => {
    const { differences } = compareFiles("rows.jsonl", '{"a":1}\n{"a":2}\n', '{"a":1}\n{"a":3}\n{"a":4}\n');
    expect(differences).toMatchObject([
      { path: "$[1].a", a: 2, b: 3 },
      { path: "$[2]", a: ABSENT, b: { a: 4 } },
    ]);
  });

  it("takes reports for sentences, and programs word by word", () => {
    expect(compareFiles("report.md", "36 tasks", "36 tasks ran")).toMatchObject({
      differences: [],
      sentences: [{ path: "$" }],
    });
    expect(compareFiles("model.lp", " load(a): + 34.14 x(t1,a) <= 100", " load(a): + 34.14 x(t1,a) <= 100.0")).toEqual({
      ...emptyComparison(),
      numValues: 1,
    });
    for (const other of [
      " load(a): + 34.15 x(t1,a) <= 100",
      " cap(a): + 34.14 x(t1,a) <= 100",
      " load(a): + 34.14 x(t1,a) <= 100 0",
      "",
    ]) {
      expect(compareFiles("model.lp", " load(a): + 34.14 x(t1,a) <= 100", other).differences).toHaveLength(1);
    }
  });

  it("tells a broken JSON file from a whole one", () => {
    expect(compareFiles("a.json", '{"a":1}', '{"a":').differences).toHaveLength(1);
    expect(compareFiles("a.json", '{"a":', '{"b":').differences).toHaveLength(1);
  });

  it("names a file that one record does not have, and says so in its lines", () => {
    const a = writeRecord("a", { "runs/demo-mix/phase19/x.json": "{}", "runs/demo-mix/phase19/y.json": "{}" });
    const b = writeRecord("b", { "runs/demo-mix/phase19/x.json": '{"k":1}' });
    expect(describeComparison(compareRecords(a, b), { sentences: false })).toEqual([
      "DIFFERS runs/demo-mix/phase19/x.json $.k: absent → 1",
      'DIFFERS runs/demo-mix/phase19/y.json $: "a file" → absent',
      "runs/demo-mix: 2 differences",
      "0 solver logs and 0 wall times differ, which they may",
      "1 values of 2 files compared: 2 differences",
    ]);
    expect(compareRecords(a, b, "y.json").differences).toHaveLength(1);
    expect(() => compareRecords(a, b, "fleet")).toThrow("hold no file of fleet");
  });
});

describe("what is recorded", () => {
  it("has a folder of its own each time, one clock and no clock limit that could strike", () => {
    const subjects = listSubjects();
    expect(new Set(subjects.map(({ name }) => name)).size).toBe(subjects.length);
    const timed = subjects.flatMap(({ calls }) => calls).filter(({ words }) => ["run", "solve"].includes(words[0]!));
    expect(timed.length).toBeGreaterThan(60);
    for (const { words } of timed) {
      expect(words).toEqual(expect.arrayContaining(["--seed", "--work-limit", "--now", "600s"]));
    }
  });
});
