import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { ResultDocument } from "../../../src/domain/result.js";
import type { ProblemDocument } from "../../../src/domain/schemas/problem.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { jsonLines, writeScratch } from "../../pipeline/files/scratch.js";
import { checkOutputs } from "../../support/check-outputs.js";
import { readDocument, readRows } from "../../support/fixture-copies.js";
import { runRecorded } from "./recorded-environment.js";

afterAll(closeSolvers);

const FAST = ["--solver", "greedy", "--strategy", "maximize_success", "--now", "2026-01-01T00:00:00Z"];
const TASKS = [
  { task_id: "fine", risk_level: "LOW", confidence: 0.9 },
  { task_id: "high", risk_level: "HIGH", confidence: 0.95 },
  { task_id: "medium", risk_level: "MEDIUM", confidence: 0.8 },
  { task_id: "review", risk_level: "LOW", confidence: 0.9, approval_status: "NEEDS_REVIEW" },
  { task_id: "unsure", risk_level: "HIGH", confidence: 0.65 },
  { task_id: "waiting", risk_level: "LOW", confidence: 0.9, depends_on: ["unsure"] },
].map((task) => ({ ...task, wave: 1 }));

let root = "";
beforeEach(() => {
  root = writeScratch({
    "phase16/planned_tasks.jsonl": jsonLines(TASKS),
    "phase18/multi_agent_summary.json": '{"total_agents": 2}',
    "problem.json": JSON.stringify({
      agents: [{ agent_id: "agent_0" }, { agent_id: "agent_1" }],
      tasks: TASKS.slice(0, 3).map(({ task_id, risk_level, confidence }) => ({ task_id, risk_level, confidence })),
    }),
  });
});

const path = (name: string): string => join(root, name);
async function solve(words: readonly string[], source = ["--phase18", path("phase18")]) {
  const { stdout, stderr, exitCode } = await runRecorded(["solve", ...source, ...FAST, ...words]);
  return { result: exitCode === 0 ? (JSON.parse(stdout) as ResultDocument) : null!, stderr, exitCode };
}
const placed = ({ schedule }: ResultDocument): string[] => schedule.map(({ task_id }) => task_id).sort();
const heldBack = ({ gate }: ResultDocument): string[] =>
  gate.filter(({ live_approval }) => live_approval === "deferred").map(({ task_id }) => task_id);

describe("solve --gate", () => {
  it("says a word that it does not know on standard error, where no table says it", async () => {
    const tasks = path("slips.jsonl");
    const row = { task_id: "slip", wave: 1, risk_level: "LOW", confidence: 0.9, approval_status: "approved" };
    writeFileSync(tasks, `${JSON.stringify(row)}\n`);
    const source = ["--phase18", path("phase18"), "--tasks", tasks];
    const { stderr, result } = await solve([], source);
    expect(stderr).toEqual([expect.stringContaining("slip was put off, for the gate does not know a word in its row")]);
    expect(result.gate).toMatchObject([{ task_id: "slip", hold: "unknown_word" }]);
    expect((await runRecorded(["solve", ...source, ...FAST, "--format", "table"])).stderr).toEqual([]);
  });

  it("rehearses with the phases' files: plans all but what no mode lets through, and says what a live gate holds back", async () => {
    const { result, stderr } = await solve([]);
    expect(stderr).toEqual([]);
    expect(placed(result)).toEqual(["fine", "high", "medium", "unsure", "waiting"]);
    expect(heldBack(result)).toEqual(["high", "review", "unsure"]);
    expect(result.gate.map(({ task_id }) => task_id)).toEqual(TASKS.map(({ task_id }) => task_id));
    expect(result.deferred_tasks).toMatchObject([
      { task_id: "review", reason: expect.stringContaining("NEEDS_REVIEW") },
    ]);
  });

  it("live leaves out what it holds back and what waits for that, with the reason, in the saved problem too", async () => {
    const { result } = await solve(["--gate", "live", "--save-problem", path("saved.json"), "--out", path("r.json")]);
    expect(placed(result)).toEqual(["fine", "medium"]);
    const reasons = new Map(result.deferred_tasks.map(({ task_id, reason }) => [task_id, reason]));
    expect(reasons.get("unsure")).toBe("held back: HIGH risk needs a confidence of at least 0.9 and has 0.65.");
    expect(reasons.get("high")).toContain("needs an explicit approval and has none");
    expect(reasons.get("waiting")).toBe("depends on unsure, which is deferred");
    const saved = readDocument(path("saved.json")) as unknown as ProblemDocument;
    expect(saved.tasks.filter(({ held }) => typeof held === "string").map(({ task_id }) => task_id)).toEqual([
      "high",
      "review",
      "unsure",
    ]);
    const { exitCode } = await runRecorded(["verify", path("r.json"), "--problem", path("saved.json")]);
    expect(exitCode).toBe(0);
  });

  it("takes explicit approvals, and asks for them with --require-approval", async () => {
    expect(placed((await solve(["--gate", "live", "--approve", "high"])).result)).toEqual(["fine", "high", "medium"]);
    expect(placed((await solve(["--gate", "live", "--require-approval"])).result)).toEqual(["fine"]);
    writeFileSync(path("approved.txt"), "medium\nhigh,unsure\n");
    const words = ["--gate", "live", "--require-approval", "--approve", path("approved.txt")];
    expect(placed((await solve(words)).result)).toEqual(["fine", "high", "medium"]);
    expect((await solve(["--approve", "nobody"])).stderr[0]).toContain(
      '--approve: "nobody" is no task of the task file',
    );
  });

  it("off plans every task and asks nothing; so does a document, unless it is asked for", async () => {
    const { result } = await solve(["--gate", "off"]);
    expect([placed(result).length, result.gate]).toEqual([TASKS.length, []]);
    const document = ["--problem", path("problem.json")];
    expect((await solve([], document)).result.gate).toEqual([]);
    const live = (await solve(["--gate", "live"], document)).result;
    expect([placed(live), heldBack(live)]).toEqual([["fine", "medium"], ["high"]]);
    expect((await solve(["--approve", "high"], document)).stderr).toEqual([
      "phase19: --approve: no gate is asked; give --gate rehearse or --gate live",
    ]);
  });
});

describe("evaluate", () => {
  async function evaluate(words: readonly string[]): Promise<{ stderr: readonly string[] }> {
    await solve([...words, "--out", path("r.json")]);
    const result = readDocument(path("r.json")) as unknown as ResultDocument;
    const rows = [...result.schedule, { task_id: "unsure", agent_id: "agent_0" }];
    const unique = [...new Map(rows.map((row) => [row.task_id, row])).values()];
    writeFileSync(
      path("o.jsonl"),
      jsonLines(
        unique.map(({ task_id, agent_id }) => ({ task_id, agent_id, status: "success", execution_time_ms: 5 })),
      ),
    );
    const words19 = ["evaluate", path("r.json"), "--outcomes", path("o.jsonl"), "--outputs", root, ...FAST.slice(4)];
    const { stderr, exitCode } = await runRecorded(words19);
    expect(exitCode).toBe(0);
    expect(checkOutputs(path("phase19"))).toEqual([]);
    return { stderr };
  }
  const words = (): Record<string, string> =>
    Object.fromEntries(
      readRows(path("phase19/safety_gate_decisions.jsonl")).map((row) => [
        row["task_id"],
        `${String(row["approval"])}/${String(row["live_approval"])}`,
      ]),
    );
  const report = (): string => readFileSync(path("phase19/PHASE_19_AUTONOMOUS_OPTIMIZATION.md"), "utf8");

  it("names what ran that the gate would have held back, and books what the gate really says", async () => {
    for (const mode of [[], ["--gate", "off"]]) {
      const { stderr } = await evaluate(mode);
      const names = mode.length === 0 ? "high, unsure" : "high, review, unsure";
      expect(stderr.at(-1)).toMatch(new RegExp(`tasks ran that the live gate would have held back: ${names}$`));
      expect(words()).toMatchObject({ fine: "approved/approved", unsure: "approved/deferred" });
      expect(readDocument(path("phase19/phase19_summary.json"))["gate"]).toBe("rehearse");
      expect(report()).toContain(
        mode.length === 0
          ? "No live gate had cleared the 5 tasks of the plan: it would have held back 2 of them. Besides, 1 were held back."
          : "No live gate had cleared the 6 tasks of the plan: it would have held back 3 of them. Besides, 0 were held back.",
      );
    }
  });

  it("knows approvals from the result, and a plan that obeyed the gate as such; what ran outside of it is named", async () => {
    const { stderr } = await evaluate(["--gate", "live", "--approve", "high"]);
    expect(stderr).toEqual([
      "phase19: 1 outcome is of tasks that are not in the plan, and not used",
      "phase19: 1 task ran that the live gate would have held back: unsure",
    ]);
    expect(words()).toMatchObject({
      high: "approved/approved",
      unsure: "deferred/deferred",
      review: "deferred/deferred",
    });
    expect(readDocument(path("phase19/phase19_summary.json"))["gate"]).toBe("live");
    const stages = readRows(path("phase19/deferred_tasks.jsonl")).map(({ task_id, stage }) => [task_id, stage]);
    expect(Object.fromEntries(stages)).toEqual({ review: "gate", unsure: "gate", waiting: "plan" });
  });

  it("does not believe a result that calls approved what misses its bound", async () => {
    await solve(["--out", path("r.json")]);
    const text = readFileSync(path("r.json"), "utf8").replaceAll(
      '"live_approval": "deferred"',
      '"live_approval": "approved"',
    );
    writeFileSync(path("lie.json"), text);
    writeFileSync(path("o.jsonl"), jsonLines([{ task_id: "unsure", status: "success" }]));
    await runRecorded([
      "evaluate",
      path("lie.json"),
      "--outcomes",
      path("o.jsonl"),
      "--outputs",
      root,
      ...FAST.slice(4),
    ]);
    expect(words()).toMatchObject({ unsure: "approved/deferred", fine: "approved/approved" });
  });
});
