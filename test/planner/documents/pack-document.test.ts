import { describe, expect, it } from "vitest";
import { EMPTY_HISTORY, GivenTable, NO_HEURISTICS, type Problem } from "../../../src/domain/index.js";
import { parseJson } from "../../../src/planner/documents/json.js";
import { packDocument } from "../../../src/planner/documents/pack-document.js";
import { parseProblem, readProblem } from "../../../src/planner/documents/problem-document.js";
import { problemSha256 } from "../../../src/planner/documents/problem-sha256.js";
import { fillEstimates } from "../../../src/planner/prediction/fill-estimates.js";
import { messageOf, writeScratch } from "../../pipeline/files/scratch.js";

const [NUM_TASKS, NUM_AGENTS] = [200, 100];
const agentIds = Array.from({ length: NUM_AGENTS }, (_, agent) => `agent_${agent}`);

/** Ids are not in the order of problems, and some tasks have no plain estimates of all agents. */
function drawDocument() {
  return {
    agents: agentIds.map((agent_id) => ({ agent_id, skills: ["}, ]{"] })),
    tasks: Array.from({ length: NUM_TASKS }, (_, task) => ({
      task_id: `task "${task}"`,
      risk_level: "LOW",
      confidence: 0.5,
      depends_on: task % 7 === 6 ? [`task "${task - 6}"`] : [],
      estimates: Object.fromEntries(
        agentIds
          .filter((_, agent) => task !== 5 || agent > 3)
          .map((agentId, agent) => [
            agentId,
            {
              ...{ success_probability: 1 / (1 + agent), duration_ms: 1 + task * agent, retries: agent },
              ...{ confidence_delta: -0.5, ...(task !== 8 && { cost: task }) },
              ...(task === 11 && { standard_errors: { cost: 1 } }),
            },
          ]),
      ),
    })),
    earlier_tasks: { tasks: "finished" },
  };
}

const document = drawDocument();
const read = (json: unknown): Promise<Problem> =>
  readProblem(`${writeScratch({ p: JSON.stringify(json, null, 1) })}/p`);

describe("a large document", () => {
  it("is read as the same problem, mostly into a table", async () => {
    const problem = await read(document);
    const plain = parseProblem(document, "p");
    expect(problem).toEqual(plain);
    const numRows = problem.tasks.filter(({ estimates }) => GivenTable.placeOf(estimates) !== null).length;
    expect(numRows).toBe(NUM_TASKS - 3);
  });

  it("is filled and hashed as the same wave, whether its tasks are in order or not", async () => {
    const inOrder = { ...document, tasks: [...document.tasks].sort((a, b) => (a.task_id < b.task_id ? -1 : 1)) };
    const hashOf = (problem: Problem): string =>
      problemSha256(fillEstimates(problem, EMPTY_HISTORY, NO_HEURISTICS, { maxRetries: 2 }));
    const wanted = hashOf(parseProblem(document, "p"));
    expect(hashOf(await read(document))).toBe(wanted);
    expect(hashOf(await read(inOrder))).toBe(wanted);
  });

  it("is refused with the same words", async () => {
    const task = document.tasks[199]!;
    const of = (estimate: object): unknown => ({ ...task, estimates: { ...task.estimates, ...estimate } });
    const faulty: readonly unknown[] = [
      of({ agent_7: { ...task.estimates["agent_7"], retries: -1 } }),
      of({ stranger: task.estimates["agent_7"] }),
      { ...task, depends_on: ["nobody"] },
      { ...task, task_id: 'task "3"' },
      7,
    ];
    for (const last of faulty) {
      const json = { ...document, tasks: [...document.tasks.slice(0, -1), last] };
      const words = await messageOf(() => Promise.resolve(parseProblem(json, "p")));
      expect((await messageOf(() => read(json))).replace(/^.*\/p/, "p")).toBe(words);
    }
  });

  it("is left to the ordinary way where its text has a fault", async () => {
    const text = JSON.stringify(document);
    for (const faulty of [
      text.slice(0, -30_000),
      text.replace('"tasks":[', '"tasks":[1 2,'),
      text.replace('"retries":0', '"retries":0,"retries":0'),
      text.replace('"retries":0', '"__proto__":0'),
      `${text.slice(0, -1)},"tasks":[]}`,
      `${text}"`,
    ]) {
      expect(packDocument(faulty)).toBeNull();
      expect(() => parseJson(faulty, "p")).toThrow();
    }
    expect(packDocument(JSON.stringify({ ...document, tasks: document.tasks.slice(0, 20) }))).toBeNull();
    expect(packDocument(text)).not.toBeNull();
  });
});
