import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listPublicCases } from "../../benchmarks/instances/public-cases.js";
import { readBestKnown } from "../../benchmarks/instances/read-best-known.js";
import { readGap } from "../../benchmarks/instances/read-gap.js";
import { readPcmax } from "../../benchmarks/instances/read-pcmax.js";
import { readRcmax } from "../../benchmarks/instances/read-rcmax.js";
import { parseProblem } from "../../src/planner/documents/problem-document.js";

const GAP = " 2 3\n 10 20 30\n 40 50 60\n 1 2 3\n 4 5 6\n 7 8\n";
const RCMAX = "2 3 1\n3\n\t0\t5\t1\t6\t2\t7\t\n\t0\t8\t1\t9\t2\t10\n";
const PCMAX = "p p_cmax 3 2\n4 5 6 0\nOPT:9;\n";

describe("readers of public instances", () => {
  it("read generalized assignment, agent-major in the file, task-major in arrays", () => {
    const { strategy, assignment } = readGap(GAP, "tiny");
    expect(strategy).toBe("minimize_cost");
    expect([assignment.numTasks, assignment.numAgents]).toEqual([3, 2]);
    expect([...assignment.pairStart]).toEqual([0, 2, 4, 6]);
    expect([...assignment.pairAgent]).toEqual([0, 1, 0, 1, 0, 1]);
    expect([...assignment.cost]).toEqual([10, 40, 20, 50, 30, 60]);
    expect([...assignment.use]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...assignment.capacity]).toEqual([7, 8]);
  });

  it("read unrelated and identical machines as busy times without costs or capacities", () => {
    const { strategy, assignment } = readRcmax(RCMAX, "tiny.txt");
    expect(strategy).toBe("maximize_throughput");
    expect([...assignment.use]).toEqual([5, 6, 7, 8, 9, 10]);
    expect([...assignment.cost, ...assignment.capacity]).toEqual([0, 0, 0, 0, 0, 0, Infinity, Infinity, Infinity]);
    const identical = readPcmax(PCMAX, "tiny.txt");
    expect(identical.optimum).toBe(9);
    expect([...identical.problem.assignment.use]).toEqual([4, 4, 5, 5, 6, 6]);
    expect(readPcmax("p p_cmax 1 1\n4 0\n", "open.txt").optimum).toBeNull();
  });

  it.each([
    ["a word that is no number", GAP.replace("50", "5x"), 'tiny:3: "5x" is not the cost of task 1 on agent 1'],
    ["a fraction", GAP.replace("8", "8.5"), 'tiny:6: "8.5" is not the capacity of agent 1'],
    ["a use of 0", GAP.replace("1 2 3", "0 2 3"), 'tiny:4: "0" is not the resource use of task 0'],
    ["no agents", GAP.replace("2 3", "0 3"), 'tiny:1: "0" is not the number of agents'],
    ["an end too early", GAP.replace(" 7 8\n", " 7\n"), "tiny: ends where the capacity of agent 1 should stand"],
    ["words after the end", `${GAP}\n9\n`, 'tiny:8: "9" stands after the end'],
    ["nothing", "", "tiny: ends where the number of agents should stand"],
  ])("refuse a generalized assignment with %s, by file and line", (_, text, message) => {
    expect(() => readGap(text, "tiny")).toThrow(message);
  });

  it("refuse machines out of order, a wrong count and a missing close", () => {
    expect(() => readRcmax(RCMAX.replace("1\t6", "2\t6"), "r")).toThrow(
      'r:3: "2" stands where the agent of time 1 of task 0, 1',
    );
    expect(() => readRcmax(RCMAX.replace("\n3\n", "\n4\n"), "r")).toThrow("r:2");
    expect(() => readPcmax(PCMAX.replace("6 0", "6 1"), "p")).toThrow("p:2");
    expect(() => readPcmax(PCMAX.replace("OPT:9", "OPT:x"), "p")).toThrow('p:3: "x" is not the optimum');
    expect(() => readPcmax(PCMAX.replace("p_cmax", "p_sum"), "p")).toThrow('p:1: "p_sum" stands where "p_cmax" should');
  });

  it("read best known values by the names of their columns", () => {
    expect(readBestKnown("best_known,path\n7,gap/a\n\n", "b.csv").get("gap/a")).toBe(7);
    expect(() => readBestKnown("path,best_known\ngap/a,seven\n", "b.csv")).toThrow('b.csv:2: "seven"');
    expect(() => readBestKnown("path,best\n", "b.csv")).toThrow("b.csv:1: needs the columns path and best_known");
  });
});

describe("a directory of public instances", () => {
  it("gives its files by suite, with their best known values, before the generated ones", async () => {
    const folder = await mkdtemp(join(tmpdir(), "phase19-instances-"));
    try {
      await mkdir(join(folder, "gap"));
      await writeFile(join(folder, "gap", "tiny"), "2 2\n1 1\n5 2\n2 2\n1 1\n2 2\n");
      await writeFile(join(folder, "best_known.csv"), "path,best_known\ngap/tiny,3\n");
      const [tiny, next] = await listPublicCases({ suites: ["gap"], only: "g" }, folder);
      expect([tiny!.name, next!.name]).toEqual(["tiny", "gen-g-5x15"]);
      expect(await tiny!.load()).toMatchObject({ kind: "document", bestKnown: 3, sense: "min" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("is refused by its option where it is not there", async () => {
    const choice = { suites: ["gap"], only: "" } as const;
    await expect(listPublicCases(choice, "nowhere")).rejects.toThrow("--instances: nowhere does not exist");
  });
});

const PUBLIC = "../shared/instances";

describe("public instance files", () => {
  it.skipIf(!existsSync(PUBLIC))("all load, each with its best known value; as many are generated of GAP", async () => {
    const cases = await listPublicCases({ suites: ["gap", "rcmax", "pcmax"], only: "" }, PUBLIC);
    const files = cases.filter(({ name }) => !name.startsWith("gen-"));
    expect(files).toHaveLength(76);
    const counts = ["gap/gen", "gap/"].map(
      (start) => cases.filter((one) => `${one.suite}/${one.name}`.startsWith(start)).length,
    );
    expect(counts).toEqual([30, 60]);
    for (const one of files.filter(({ name }) => /^(gap3|c10|156|U_1)/.test(name))) {
      const instance = await one.load();
      expect(instance.bestKnown).toBeGreaterThan(0);
      expect(instance.kind === "document" && parseProblem(instance.document, one.name).tasks.length).toBeGreaterThan(0);
    }
  });
});
