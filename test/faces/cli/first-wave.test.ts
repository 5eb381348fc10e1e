import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { ResultDocument } from "../../../src/domain/result.js";
import { EMPTY_STATE } from "../../../src/domain/schemas/learned-state.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { learnedStateText, readLearnedState } from "../../../src/pipeline/files/learned-state.js";
import { addReward, armKey } from "../../../src/pipeline/learn/strategy-rewards.js";
import { jsonLines, writeScratch } from "../../pipeline/files/scratch.js";
import { checkOutputs } from "../../support/check-outputs.js";
import { copyFixture, readDocument } from "../../support/fixture-copies.js";
import { runRecorded } from "./recorded-environment.js";

afterAll(closeSolvers);

const NOW = ["--now", "2026-01-01T00:00:00Z", "--solver", "greedy"];
const TASKS = [1, 2, 3].map((k) => ({ task_id: `t${k}`, wave: 1, risk_level: "LOW", confidence: 0.9 }));
let root = "";
beforeEach(() => (root = writeScratch({ "phase16/planned_tasks.jsonl": jsonLines(TASKS) })));

const run = (...words: string[]) => runRecorded(["run", "--outputs", root, ...NOW, ...words]);
const put = (path: string, rows: readonly object[]): void => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), jsonLines(rows));
};
const agentsOfRun = (): string[] => readDocument(join(root, "phase19/wave_1/wave_summary.json"))["agents"] as string[];

describe("a first wave, before Phase 18 has left anything", () => {
  it("runs with the agents that are named, without a folder of Phase 18", async () => {
    expect(await run("--agents", "b,a")).toMatchObject({ exitCode: 0, stderr: [] });
    expect(agentsOfRun()).toEqual(["a", "b"]);
    expect(checkOutputs(join(root, "phase19"))).toEqual([]);
    const { inputs } = readDocument(join(root, "phase19/phase19_summary.json"));
    expect((inputs as { absent: string[] }).absent).toContain("phase18/multi_agent_summary.json");
  });

  it("runs with the agents of agents.jsonl, and with those that outcomes name", async () => {
    put("phase18/agents.jsonl", [{ agent_id: "a", slots: 2 }]);
    expect((await run()).exitCode).toBe(0);
    expect(agentsOfRun()).toEqual(["a"]);
    rmSync(join(root, "phase18/agents.jsonl"));
    put("phase18/wave_0/c/task_outcomes.jsonl", [{ task_id: "t0", status: "success" }]);
    expect((await run()).exitCode).toBe(0);
    expect(agentsOfRun()).toEqual(["c"]);
  });

  it("is refused in one line where nothing names an agent", async () => {
    const { stderr, exitCode } = await run();
    expect([stderr.length, exitCode]).toEqual([1, 2]);
    expect(stderr[0]).toContain("agents: nothing names them; give --agents a,b");
  });

  it("is planned by solve with the agents that are named", async () => {
    mkdirSync(join(root, "phase18"));
    const { stdout, exitCode } = await runRecorded(
      ["solve", "--strategy", "maximize_success", "--phase18", join(root, "phase18"), "--agents", "x,y"].concat(NOW),
    );
    expect(exitCode).toBe(0);
    expect(Object.keys((JSON.parse(stdout) as ResultDocument).agent_assignments)).toEqual(["x", "y"]);
  });
});

describe("learn --phase17", () => {
  it("learns from attempts alone, with risk from the plan beside", async () => {
    root = copyFixture("demo");
    rmSync(join(root, "phase18"), { recursive: true });
    const state = join(root, "state.json");
    const { stdout, stderr, exitCode } = await runRecorded(
      ["learn", "--phase17", join(root, "phase17"), "--state", state].concat(NOW.slice(0, 2)),
    );
    expect([stderr, exitCode]).toEqual([[], 0]);
    const { action, learned } = JSON.parse(stdout) as { action: string; learned: { new_rows: number; agents: [] } };
    expect([action, learned.agents]).toEqual(["learned", []]);
    expect(learned.new_rows).toBeGreaterThan(10);
    expect((await readLearnedState(state)).real.outcomes).toBe(learned.new_rows - 1);
  });
});

describe("strategies of solve", () => {
  const document = {
    agents: [{ agent_id: "a" }, { agent_id: "b" }],
    tasks: TASKS.map(({ task_id, risk_level, confidence }) => ({ task_id, risk_level, confidence })),
  };
  const solve = async (...words: string[]) => {
    const problem = join(root, "problem.json");
    writeFileSync(problem, JSON.stringify(document));
    const { stdout, stderr, exitCode } = await runRecorded(["solve", "--problem", problem, ...NOW, ...words]);
    return { result: exitCode === 0 ? (JSON.parse(stdout) as ResultDocument) : null, stderr, exitCode };
  };

  it("come in any case", async () => {
    for (const name of ["MAXIMIZE_SUCCESS", "Maximize_Success", "maximize_success"]) {
      expect((await solve("--strategy", name)).result?.strategy).toBe("maximize_success");
    }
    expect((await solve("--strategy", "MAXIMIZE_SUCESS")).stderr[0]).toContain('did you mean "maximize_success"?');
  });

  it("adaptive: the mission's mix before anything was learned, else what earned most, and says why", async () => {
    const first = await solve("--strategy", "adaptive");
    expect(first.result?.strategy).toBe("mix");
    expect(first.stderr).toMatchObject([expect.stringMatching(/^phase19: --strategy adaptive: mix; expected reward/)]);
    const state = join(root, "state.json");
    const weights = { success: 1, throughput: 1 };
    let { strategies } = EMPTY_STATE.real;
    for (let wave = 0; wave < 30; wave++) strategies = addReward(strategies, armKey("maximize_throughput", weights), 1);
    writeFileSync(state, learnedStateText({ ...EMPTY_STATE, real: { ...EMPTY_STATE.real, strategies } }));
    const later = await solve("--strategy", "ADAPTIVE", "--weights", "success=1,throughput=1", "--state", state);
    expect(later.result?.strategy).toBe("maximize_throughput");
  });
});
