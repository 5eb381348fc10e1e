import { describe, expect, it } from "vitest";
import {
  compareIds,
  EMPTY_HISTORY,
  GivenTable,
  NO_HEURISTICS,
  type Problem,
  type Task,
} from "../../../src/domain/index.js";
import { parseJson } from "../../../src/planner/documents/json.js";
import { packDocument } from "../../../src/planner/documents/pack-document.js";
import { toTask } from "../../../src/planner/documents/problem-convert.js";
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

/** As small documents are read: without a table. */
function plainTasks(): Task[] {
  const tasks = document.tasks.map((task) => toTask({ ...task, risk_level: "LOW" as const }));
  return tasks.sort((a, b) => compareIds(a.taskId, b.taskId));
}

describe("a large document", () => {
  it("is read as the same problem, mostly into a table", async () => {
    for (const problem of [await read(document), parseProblem(document, "p")]) {
      expect(problem.tasks).toEqual(plainTasks());
      const numRows = problem.tasks.filter(({ estimates }) => GivenTable.placeOf(estimates) !== null).length;
      expect(numRows).toBe(NUM_TASKS - 3);
    }
  });

  it("is filled and hashed as the same wave, whether its tasks are in order or not", async () => {
    const inOrder = { ...document, tasks: [...document.tasks].sort((a, b) => (a.task_id < b.task_id ? -1 : 1)) };
    const hashOf = (problem: Problem): string =>
      problemSha256(fillEstimates(problem, EMPTY_HISTORY, NO_HEURISTICS, { maxRetries: 2 }));
    const problem = await read(document);
    const wanted = hashOf({ ...problem, tasks: plainTasks() });
    expect(hashOf(problem)).toBe(wanted);
    expect(hashOf(await read(inOrder))).toBe(wanted);
  });

  it("is refused with the place of its fault", async () => {
    const task = document.tasks[199]!;
    const of = (estimate: object): unknown => ({ ...task, estimates: { ...task.estimates, ...estimate } });
    const faulty: readonly (readonly [last: unknown, words: RegExp])[] = [
      [of({ agent_7: { ...task.estimates["agent_7"], retries: -1 } }), /tasks\[199\]\.estimates\.agent_7\.retries: /],
      [of({ stranger: task.estimates["agent_7"] }), /tasks\[199\]\.estimates: "stranger" is not an agent/],
      [{ ...task, depends_on: ["nobody"] }, /tasks\[199\]\.depends_on: "nobody" is not a task/],
      [{ ...task, task_id: 'task "3"' }, /tasks\[199\]\.task_id: .* is already the id of tasks\[3\]/],
      [7, /tasks\[199\]: /],
    ];
    for (const [last, words] of faulty) {
      const json = { ...document, tasks: [...document.tasks.slice(0, -1), last] };
      expect(await messageOf(() => read(json))).toMatch(words);
      expect(await messageOf(async () => parseProblem(json, "p"))).toMatch(words);
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
      `${text}"\\`,
      text.replace('"retries":0', '"\\u005f_proto__":0'),
    ]) {
      expect(packDocument(faulty)).toBeNull();
      expect(() => parseJson(faulty, "p")).toThrow();
    }
    expect(packDocument(JSON.stringify({ ...document, tasks: document.tasks.slice(0, 20) }))).toBeNull();
    expect(packDocument(text)).not.toBeNull();
  });
});
