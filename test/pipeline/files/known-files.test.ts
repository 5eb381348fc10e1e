import { appendFileSync, copyFileSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { OutcomeRow } from "../../../src/domain/history.js";
import { buildWaveProblem } from "../../../src/pipeline/files/wave-problem.js";
import { type LoadOptions, loadPhases } from "../../../src/pipeline/files/phases.js";
import { outputs, PLAN } from "./outputs.js";
import { jsonLines } from "./scratch.js";

const P17 = "phase17/execution_outcomes.jsonl";
const P18 = "phase18/wave_1/a/task_outcomes.jsonl";
const PERFORMANCE = "phase17/heuristic_performance.json";
const line = (taskId: string, over: object = {}) => jsonLines([{ task_id: taskId, status: "success", ...over }]);

describe("history files", () => {
  it("are listed by role and content, empty ones left out", async () => {
    const { root, sources } = outputs({ [P17]: line("x") + line("y"), [P18]: "", [PERFORMANCE]: "{}" });
    const { learnedFiles, report } = await loadPhases(sources);
    expect(learnedFiles.map(({ name, rows }) => [name, rows])).toEqual([
      [P17, 2],
      [PERFORMANCE, 1],
    ]);
    expect(JSON.stringify(learnedFiles)).not.toContain(root);
    expect(report.files.map(({ role }) => role)).toEqual([
      PLAN,
      P17,
      PERFORMANCE,
      "phase18/multi_agent_summary.json",
      P18,
    ]);
    expect(report.files.every(({ knownRows }) => knownRows === 0)).toBe(true);
  });

  it("do not enter the history again, under whatever name, and still say what is finished", async () => {
    const { root, sources } = outputs({
      [PLAN]:
        line("t2", { status: undefined, wave: 2, risk_level: "LOW", confidence: 0.8, depends_on: ["t1"] }) +
        line("t1", { status: undefined, wave: 1, risk_level: "LOW", confidence: 0.8 }),
      [P18]: line("t1"),
      [PERFORMANCE]: '{"H16_001": {"applications": 1, "successes": 1, "failures": 0}}',
    });
    const first = await loadPhases(sources);
    expect(first.history.outcomes).toHaveLength(1);
    expect(first.heuristicPerformance).not.toBeNull();
    mkdirSync(join(root, "phase18/wave_7/b"), { recursive: true });
    copyFileSync(join(root, P18), join(root, "phase18/wave_7/b/task_outcomes.jsonl"));
    const again = await loadPhases(sources, { known: first.learnedFiles });
    expect(again.history.outcomes).toEqual([]);
    expect(again.heuristicPerformance).toBeNull();
    expect(again.report.files.filter(({ knownRows }) => knownRows === 1)).toHaveLength(3);
    expect(buildWaveProblem(again, { wave: 2 }).earlierTasks).toEqual({ t1: "finished" });
  });

  it("are handed on row by row where a caller takes them, each outcome once, and none is kept", async () => {
    const { root, sources } = outputs({
      [P17]: line("both", { wave: 1 }) + line("only17", { wave: 1 }),
      [P18]: line("both") + line("only18"),
    });
    const takeAll = async (known: LoadOptions["known"] = []) => {
      const taken: string[] = [];
      const onOutcome = (row: OutcomeRow): void => void taken.push(`${row.source} ${row.taskId}`);
      const { history, learnedFiles, report } = await loadPhases(sources, { known, isHistoryOnly: true, onOutcome });
      expect(history.outcomes).toEqual([]);
      return { taken, learnedFiles, notes: report.notes };
    };
    const first = await takeAll();
    expect(first.taken).toEqual(["phase18 both", "phase18 only18", "phase17 only17"]);
    expect((await takeAll(first.learnedFiles)).taken).toEqual([]);
    // Each restates, in the other phase's file, what was learned.
    appendFileSync(join(root, P17), line("only18", { wave: 1 }) + line("new17", { wave: 1 }));
    appendFileSync(join(root, P18), line("only17") + line("new18"));
    const grown = await takeAll(first.learnedFiles);
    expect(grown.taken).toEqual(["phase18 new18", "phase17 new17"]);
    expect(grown.notes).toContain("2 new outcome rows restate outcomes learned earlier and are not used");
  });

  it("give their new rows alone after they grew, wherever the old end lies", async () => {
    const filler = "x".repeat(400);
    // Ends of known files before, at and behind the boundary of a 64 KiB chunk, and inside the first line.
    for (const numOld of [1, 2, 140, 150, 400]) {
      const rows = Array.from({ length: 500 }, (_, k) => line(`t${k}`, { error_message: filler }));
      const { root, sources } = outputs({ [P18]: rows.slice(0, numOld).join("") });
      const { learnedFiles } = await loadPhases(sources);
      appendFileSync(join(root, P18), rows.slice(numOld).join(""));
      const grown = await loadPhases(sources, { known: learnedFiles });
      expect(grown.history.outcomes.map(({ taskId }) => taskId)).toEqual(
        rows.slice(numOld).map((_, k) => `t${k + numOld}`),
      );
      expect(grown.learnedFiles[0]).toMatchObject({ rows: 500, head_sha256: learnedFiles[0]!.head_sha256 });
    }
  });

  it("take up a last line that was cut off when they were read before", async () => {
    const text = line("x") + line("y");
    const { root, sources } = outputs({ [P18]: text });
    truncateSync(join(root, P18), text.length - 5);
    const { learnedFiles, history } = await loadPhases(sources);
    expect(history.outcomes).toHaveLength(1);
    writeFileSync(join(root, P18), text);
    const whole = await loadPhases(sources, { known: learnedFiles });
    expect(whole.history.outcomes.map(({ taskId }) => taskId)).toEqual(["y"]);
  });

  it("are new where anything but the end changed", async () => {
    const { root, sources } = outputs({ [P18]: line("x") + line("y") });
    const { learnedFiles } = await loadPhases(sources);
    writeFileSync(join(root, P18), line("x") + line("z") + line("u"));
    expect((await loadPhases(sources, { known: learnedFiles })).history.outcomes).toHaveLength(3);
  });

  it("are recognised by their hash without a row being read, where only history is asked for", async () => {
    const { root, sources } = outputs({ [P18]: line("x") + "no JSON\n" });
    const only = { phase18Dir: sources.phase18Dir };
    const first = await loadPhases(only, { isHistoryOnly: true });
    expect(first.report.skipped).toHaveLength(1);
    const known = first.learnedFiles;
    const again = await loadPhases(only, { isHistoryOnly: true, known });
    expect([again.report.historyLines, again.report.skipped, again.history.outcomes]).toEqual([0, [], []]);
    expect(again.learnedFiles).toEqual(known);
    appendFileSync(join(root, P18), line("y"));
    const grown = await loadPhases(only, { isHistoryOnly: true, known });
    expect(grown.history.outcomes.map(({ taskId }) => taskId)).toEqual(["y"]);
  });

  it("are both read in one run, though they hold the same", async () => {
    const { sources } = outputs({ [P18]: line("x"), "phase18/wave_1/b/task_outcomes.jsonl": line("x") });
    const { history, learnedFiles } = await loadPhases(sources);
    expect(history.outcomes.map(({ agentId }) => agentId)).toEqual(["a", "b"]);
    expect(learnedFiles).toHaveLength(2);
  });

  it("do not count again what the other phase's file has told already", async () => {
    const time = { wave: 1, timestamp: "2026-01-01T00:00:00Z" };
    const { root, sources } = outputs({ [P18]: line("x", time) });
    const { learnedFiles } = await loadPhases(sources);
    mkdirSync(join(root, "phase17"));
    writeFileSync(join(root, P17), line("x", { ...time, initial_confidence: 0.8 }) + line("y", time));
    const { history, report } = await loadPhases(sources, { known: learnedFiles });
    expect(history.outcomes.map(({ taskId }) => taskId)).toEqual(["y"]);
    expect(report.notes.join()).toContain("1 new outcome rows restate outcomes learned earlier");
  });
});
