import { describe, expect, it } from "vitest";
import { loadPhases } from "../../../src/pipeline/files/phases.js";
import { failure, load, outputs, PLAN, SUMMARY_FILE, TASK } from "./outputs.js";
import { jsonLines, messageOf } from "./scratch.js";

describe("the task file", () => {
  it.each<[string, string, string]>([
    ["malformed JSON", `${jsonLines([TASK])}{"task_id": }\n`, `${PLAN}:2: is not JSON: unexpected } at column 13`],
    [
      "a field out of range",
      jsonLines([{ ...TASK, confidence: 2 }]),
      `${PLAN}:1: confidence: 2 is greater than 1; give a fraction from 0 to 1`,
    ],
    [
      "a missing id",
      jsonLines([{ ...TASK, task_id: undefined }]),
      `${PLAN}:1: task_id: is missing; give a non-empty id`,
    ],
    ["an unsafe id", jsonLines([{ ...TASK, task_id: ".." }]), `${PLAN}:1: task_id: ".." begins with a dot`],
    ["a fractional wave", jsonLines([{ ...TASK, wave: 1.5 }]), `${PLAN}:1: wave: 1.5 is not a whole number`],
    ["a negative wave", jsonLines([{ ...TASK, wave: -1 }]), `${PLAN}:1: wave: -1 is less than 0`],
    ["a risk that is no word", jsonLines([{ ...TASK, risk_level: 3 }]), `${PLAN}:1: risk_level: 3 is not a string`],
    ["no row", "\n\n", `${PLAN}: is empty; it needs at least one row`],
    ["a bare value", "7\n", `${PLAN}:1: 7 is not an object; give an object with named fields, {…}`],
    [
      "a repeated id",
      jsonLines([TASK, { ...TASK, task_id: "t2" }, TASK]),
      `${PLAN}:3: task_id: "t1" is already the id of the task at ${PLAN}:1; ids must be unique`,
    ],
    [
      "two kinds of dependencies",
      jsonLines([{ ...TASK, depends_on: ["x"], dependencies: ["y"] }]),
      `${PLAN}:1: dependencies: differs from depends_on`,
    ],
  ])("stops at %s", async (_fault, text, message) => {
    expect(await failure({ [PLAN]: text })).toContain(message);
  });

  it("must be there", async () => {
    expect(await failure({}, { tasksFile: "/nowhere/tasks.jsonl" })).toBe(
      "/nowhere/tasks.jsonl: does not exist; check the path",
    );
  });

  it("keeps wave, approval, predictions, unknown risk and unknown fields", async () => {
    const row = {
      ...TASK,
      wave: null,
      risk_level: "EXTREME",
      approval_status: "DEFERRED",
      predicted_success_rate: 0.7,
      tool: "web",
    };
    const { tasks, report } = await load({
      [PLAN]: `\uFEFF${jsonLines([row, { ...row, task_id: "t0" }])
        .replaceAll("\n", "\r\n")
        .trimEnd()}`,
    });
    expect(tasks.map(({ task }) => task.taskId)).toEqual(["t0", "t1"]);
    expect(tasks[1]).toMatchObject({
      task: { riskLevel: "EXTREME", taskType: "code", weight: 1 },
      wave: 1,
      approvalStatus: "DEFERRED",
      predictedSuccessRate: 0.7,
      row: { task_id: "t1", tool: "web" },
    });
    expect(Object.values(report.unknownFields)).toEqual([{ tool: 2 }]);
  });

  it("turns descending priorities round and takes Phase 14's dependencies", async () => {
    const rows = [10, 7, null, 10].map((priority, k) => ({
      ...TASK,
      task_id: `t${k}`,
      priority,
      dependencies: k === 1 ? ["t0"] : [],
    }));
    const { tasks } = await load({ [PLAN]: jsonLines(rows) }, { priorityOrder: "descending" });
    expect(tasks.map(({ task }) => task.priority)).toEqual([1, 2, null, 1]);
    expect(tasks[1]!.task.dependsOn).toEqual(["t0"]);
  });
});

describe("the summary", () => {
  it.each<[string, string, string]>([
    ["no JSON", "{", `${SUMMARY_FILE}: is not JSON: unexpected end of the text at line 1, column 2`],
    ["nothing", "", `${SUMMARY_FILE}: is empty`],
    [
      "a rate above 1",
      '{"agent_performance": {"a": {"success_rate": 1.5}}}',
      `${SUMMARY_FILE}: agent_performance.a.success_rate: 1.5 is greater than 1`,
    ],
    [
      "an unsafe agent",
      '{"agent_performance": {"../a": {}}}',
      `${SUMMARY_FILE}: agent_performance["../a"]: "../a" begins with a dot`,
    ],
    [
      "a strange history",
      '{"agent_performance": {"a": {"success_history": [2]}}}',
      `${SUMMARY_FILE}: agent_performance.a.success_history[0]: 2 is not valid; give true or false, 0 or 1, or one of success, completed, failed`,
    ],
    ["no agents", "{}", "agents: nothing names them; give --agents a,b, a file with --agents-file, or Phase 18's"],
  ])("stops at %s", async (_fault, text, message) => {
    expect(await failure({ [SUMMARY_FILE]: text })).toContain(message);
  });

  it("may be absent: the agents are then those that are named, and those of outcomes", async () => {
    const { sources } = outputs();
    const nowhere = { ...sources, phase18Dir: "/nowhere" };
    expect(await messageOf(() => loadPhases(nowhere))).toContain("agents: nothing names them; give --agents a,b");
    const { agents, report } = await loadPhases({ ...nowhere, agents: ["b", "a"] });
    expect(agents.map(({ agentId }) => agentId)).toEqual(["a", "b"]);
    expect(report.absent).toContain("/nowhere/multi_agent_summary.json");
    for (const unsafe of ["../a", ".a", "wave_summary.json", "x/y"]) {
      expect(await messageOf(() => loadPhases({ ...nowhere, agents: [unsafe] }))).toContain(
        "give the agent another id",
      );
    }
    expect(await messageOf(() => loadPhases({ ...nowhere, agents: ["A", "a"] }))).toContain("would share a folder");
  });

  it("reads histories of every kind, counts and lists, and leaves silence null", async () => {
    const performance = {
      a: {
        success_history: [true, 0, 1, "success", "completed", "failed", false],
        tasks: 4,
        total_retries: 2,
        avg_execution_time_ms: 0,
      },
      b: { retry_rate: 0.3, tasks_completed: ["x", "y"], tasks_failed: 1 },
      c: {},
    };
    const { history, report } = await load({
      [SUMMARY_FILE]: JSON.stringify({ success_rate: 0.8, agent_performance: performance, extra: 1 }),
    });
    expect(history.agents).toEqual([
      {
        agentId: "a",
        successRate: null,
        retryRate: 0.5,
        confidenceDelta: null,
        executionTimeMs: null,
        numTasks: 4,
        successHistory: [true, false, true, true, true, false, false],
      },
      {
        agentId: "b",
        successRate: null,
        retryRate: 0.3,
        confidenceDelta: null,
        executionTimeMs: null,
        numTasks: 3,
        successHistory: [],
      },
      {
        agentId: "c",
        successRate: null,
        retryRate: null,
        confidenceDelta: null,
        executionTimeMs: null,
        numTasks: null,
        successHistory: [],
      },
    ]);
    expect(history.fleet).toEqual({ successRate: 0.8, retryRate: null, confidenceDelta: null, executionTimeMs: null });
    expect(report.notes.join()).toContain("avg_execution_time_ms is 0, taken as not measured");
    expect(Object.values(report.unknownFields)).toEqual([{ extra: 1 }]);
  });
});

describe("agents", () => {
  it("joins agents.jsonl with agent_performance", async () => {
    const { agents } = await load({
      "phase18/agents.jsonl": jsonLines([{ agent_id: "z", slots: 2, skills: ["go", "c"] }]),
    });
    expect(agents.map(({ agentId, slots, skills }) => [agentId, slots, skills])).toEqual([
      ["a", 1, []],
      ["z", 2, ["c", "go"]],
    ]);
  });

  it("falls back to the number of agents", async () => {
    const { agents } = await load({ [SUMMARY_FILE]: '{"total_agents": 2, "agent_performance": {}}' });
    expect(agents.map(({ agentId }) => agentId)).toEqual(["agent_0", "agent_1"]);
  });

  it.each<[string, string, string]>([
    ["a malformed line", '{"agent_id": "b", "slots": 0}\n', "phase18/agents.jsonl:1: slots: 0 is less than 1"],
    [
      "a repeated agent",
      jsonLines([{ agent_id: "b" }, { agent_id: "b" }]),
      'phase18/agents.jsonl:2: agent_id: "b" is already the id of the agent at phase18/agents.jsonl:1',
    ],
  ])("stops at %s, because limits of agents are hard", async (_fault, text, message) => {
    expect(await failure({ "phase18/agents.jsonl": text })).toContain(message);
  });

  it("needs the file the user named", async () => {
    expect(await failure({}, { agentsFile: "/nowhere/agents.jsonl" })).toBe(
      "/nowhere/agents.jsonl: does not exist; check the path",
    );
  });
});
