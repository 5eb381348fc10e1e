import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FIXTURES, writeFixtures } from "../fixtures/generate.js";
import { loadPhases, type Phases } from "../src/pipeline/files/phases.js";
import { buildWaveProblem, listWaves } from "../src/pipeline/files/wave-problem.js";
import { writeScratch } from "./pipeline/files/scratch.js";

const names = Object.keys(FIXTURES);

function listFiles(root: string): string[] {
  return (readdirSync(root, { recursive: true }) as string[])
    .filter((path) => statSync(join(root, path)).isFile())
    .sort();
}

function load(name: string): Promise<Phases> {
  const root = join("fixtures", name);
  return loadPhases({
    phase16Dir: join(root, "phase16"),
    phase17Dir: join(root, "phase17"),
    phase18Dir: join(root, "phase18"),
  });
}

const truthOf = (name: string) => JSON.parse(readFileSync(join("fixtures", name, "truth.json"), "utf8"));

describe("generator", () => {
  it("gives the committed bytes again", () => {
    const root = writeScratch({});
    writeFixtures(root);
    for (const name of names) {
      expect(listFiles(join(root, name))).toEqual(listFiles(join("fixtures", name)));
      const isSame = (path: string) =>
        readFileSync(join(root, name, path)).equals(readFileSync(join("fixtures", name, path)));
      expect(listFiles(join(root, name)).filter((path) => !isSame(path))).toEqual([]);
    }
  });

  it("stays below 2 MB", () => {
    const sizes = names.flatMap((name) =>
      listFiles(join("fixtures", name)).map((path) => statSync(join("fixtures", name, path)).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2e6);
  });
});

describe.each(names)("%s", (name) => {
  it("loads without a skipped line, an unknown field or a note, and each wave is a problem", async () => {
    const phases = await load(name);
    expect(phases.report.skipped).toEqual([]);
    expect(phases.report.unknownFields).toEqual({});
    const untyped = "no field of the tasks stands for their type: agents are told apart by risk alone";
    expect(phases.report.notes).toEqual(name === "sparse" ? [untyped] : []);
    for (const wave of listWaves(phases.tasks)) {
      expect(
        Object.values(buildWaveProblem(phases, { wave }).earlierTasks).filter((state) => state !== "finished"),
      ).toEqual([]);
    }
  });

  it("has a true value of every task and agent", async () => {
    const { tasks, agents } = await load(name);
    const { pairs } = truthOf(name);
    expect(pairs.agent_ids).toEqual(agents.map(({ agentId }) => agentId));
    expect(Object.keys(pairs.tasks)).toHaveLength(tasks.length);
    for (const { task } of tasks) {
      const { success, duration_ms, confidence_gain } = pairs.tasks[task.taskId];
      expect([success.length, duration_ms.length, confidence_gain.length]).toEqual(
        agents.map(() => agents.length).slice(0, 3),
      );
      expect(Math.min(...success)).toBeGreaterThanOrEqual(0.05);
      expect(Math.max(...success)).toBeLessThanOrEqual(0.99);
      expect(Math.min(...duration_ms)).toBeGreaterThan(500);
      expect(Math.max(...duration_ms)).toBeLessThan(10_000);
    }
  });
});

describe("what the fixtures are for", () => {
  it("demo: 4 agents, 3 waves of 12, every risk, constraints of every kind", async () => {
    const { tasks, agents, history, heuristics } = await load("demo");
    expect(agents).toHaveLength(4);
    expect(listWaves(tasks).map((wave) => tasks.filter((entry) => entry.wave === wave).length)).toEqual([12, 12, 12]);
    expect(new Set(tasks.map(({ task }) => task.riskLevel)).size).toBe(3);
    const having = (test: (task: (typeof tasks)[number]["task"]) => boolean) =>
      tasks.filter(({ task }) => test(task)).length;
    expect(having((task) => task.deadlineMs !== null)).toBeGreaterThanOrEqual(6);
    expect(having((task) => task.dueMs !== null)).toBeGreaterThanOrEqual(6);
    expect(having((task) => task.requiredSkills.length > 0)).toBeGreaterThanOrEqual(6);
    expect(having((task) => Object.keys(task.estimates).length > 0)).toBeGreaterThanOrEqual(6);
    expect(Object.values(buildWaveProblem(await load("demo"), { wave: 2 }).earlierTasks)).toEqual(["finished"]);
    expect(history.outcomes.some(({ source }) => source === "phase17")).toBe(true);
    expect(heuristics.retry).not.toBeNull();
  });

  it("demo: every task has a skilled agent that can meet its deadline with room for thrice its own time", async () => {
    const { tasks, agents } = await load("demo");
    const { pairs } = truthOf("demo");
    for (const { task } of tasks) {
      const skilled = agents.filter((agent) => task.requiredSkills.every((skill) => agent.skills.includes(skill)));
      expect(skilled.length).toBeGreaterThan(0);
      const durations = skilled.map(
        (agent) => pairs.tasks[task.taskId].duration_ms[pairs.agent_ids.indexOf(agent.agentId)],
      );
      expect(Math.min(...durations) * 3).toBeLessThan(task.deadlineMs ?? Infinity);
    }
  });

  it("fleet: 12 agents, 400 tasks, and two whose aggregates are equal while their specialities are opposite", async () => {
    const { tasks, agents, history } = await load("fleet");
    const { agents: truth, opposite_agents: twins } = truthOf("fleet");
    expect([agents.length, tasks.length, listWaves(tasks).length]).toEqual([12, 400, 5]);
    expect(history.outcomes.length).toBeGreaterThan(1_900);
    expect(agents.some(({ slots }) => slots > 1)).toBe(true);
    const [first, second] = twins.map((id: string) => history.agents.find(({ agentId }) => agentId === id));
    expect({ ...first, agentId: "" }).toEqual({ ...second, agentId: "" });
    const rates = (id: string) => Object.values<number>(truth[id].success);
    const isGood = (rate: number) => rate > 0.75;
    expect(rates(twins[0]).map(isGood)).toEqual(rates(twins[1]).map((rate) => !isGood(rate)));
    expect(rates(twins[0]).toSorted()).toEqual(rates(twins[1]).toSorted());
  });

  it("flow: 6 agents, 5 waves of 60 that wait for each other, for releases, deadlines, an absence and a pool", async () => {
    const { tasks, agents, history } = await load("flow");
    const waves = listWaves(tasks).map((wave) => tasks.filter((entry) => entry.wave === wave).map(({ task }) => task));
    expect(waves.map((wave) => wave.length)).toEqual([60, 60, 60, 60, 60]);
    expect(history.outcomes.length).toBe(600);
    for (const wave of waves) {
      const having = (test: (task: (typeof wave)[number]) => boolean) => wave.filter(test).length;
      expect(having(({ dependsOn }) => dependsOn.length > 0)).toBe(42);
      expect(having(({ dependsOn }) => dependsOn.length > 1)).toBeGreaterThan(10);
      expect(having(({ releaseMs }) => releaseMs > 0)).toBeGreaterThan(0);
      expect(having(({ deadlineMs }) => deadlineMs !== null)).toBeGreaterThan(5);
      expect(having(({ uses }) => uses["model_calls"] === 1)).toBeGreaterThan(8);
    }
    expect(agents.map(({ unavailable }) => unavailable.length)).toEqual([0, 0, 0, 1, 0, 0]);
    expect(agents.map(({ slots }) => slots)).toEqual([2, 1, 1, 1, 1, 1]);
    expect(JSON.parse(readFileSync("fixtures/flow/phase18/pools.json", "utf8"))).toEqual({ model_calls: 3 });
  });

  it("sparse: the two required files and an agent nobody knows", async () => {
    const { history, report, agents } = await load("sparse");
    expect(listFiles("fixtures/sparse")).toEqual([
      "phase16/planned_tasks.jsonl",
      "phase18/multi_agent_summary.json",
      "truth.json",
    ]);
    expect(report.absent).toContain(join("fixtures/sparse/phase16/heuristics.jsonl"));
    expect(agents).toHaveLength(3);
    expect(history.agents.find(({ agentId }) => agentId === "agent_2")).toMatchObject({
      successRate: null,
      successHistory: [],
    });
  });
});
