import { afterAll, describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { explain } from "../../../src/planner/ask/explain.js";
import { solve } from "../../../src/planner/solve/solve.js";
import { agents, type Document, estimate, NOW, task } from "../../support/documents.js";

afterAll(closeSolvers);

const EASY = { estimates: { a: estimate(100), b: estimate(100) } };

/** base has no agent, mid waits for it, top for mid. */
const CHAIN = {
  agents: agents({ max_tasks: 2 }, { max_tasks: 2 }),
  tasks: [
    task("base", "", 0, { ...EASY, required_skills: ["sql"] }),
    task("mid", "", 0, { ...EASY, depends_on: ["base"] }),
    task("top", "", 0, { ...EASY, depends_on: ["mid"] }),
    task("free", "", 0, EASY),
  ],
  options: { load_limit: "none", strategy: "maximize_success" },
};

describe("cures of a deferred task", () => {
  it("names the predecessor that is deferred, and that leaving it out is enough", async () => {
    const result = await solve(CHAIN, { now: NOW });
    const { task: asked, deferred } = await explain(result, CHAIN, { task: "top" });
    expect(asked!.reason).toBe("deferred: depends on mid, which is deferred");
    expect(asked!.alternatives.map(({ not_eligible }) => not_eligible)).toEqual([
      "waits for mid, which no plan can place",
      "waits for mid, which no plan can place",
    ]);
    const changes = deferred[0]!.cures.map(({ change, flags }) => [change, flags]);
    // Without mid, top waits for nothing, so that base need not run.
    expect(changes).toContainEqual(["leave out mid; top waits no more", "--drop mid"]);
    expect(changes).toContainEqual(["leave out base; mid waits no more", "--drop base"]);
  });

  it("writes flags that a shell takes as they are, whatever the ids hold", async () => {
    const estimates = { "o'neil": estimate(100) };
    const wave = {
      agents: [{ agent_id: "o'neil", max_tasks: 1 }],
      tasks: [task("load data", "", 0, { estimates }), task("b", "", 0, { estimates, depends_on: ["load data"] })],
      options: { load_limit: "none", strategy: "maximize_success" } as const,
    };
    const { deferred } = await explain(await solve(wave, { now: NOW }), wave, { task: "b" });
    expect(deferred[0]!.cures.map(({ flags }) => flags)).toEqual([
      "--drop 'load data'",
      "--agent 'o'\\''neil.max_tasks=2'",
    ]);
  });

  it(
    "lists every task whose absence cures, and no other; limits rise by the least that is enough",
    { timeout: 60_000 },
    async () => {
      let [drops, raises] = [0, 0];
      for (let seed = 1; seed <= 3; seed++) {
        const wave = randomWave(seed);
        const result = await solve(wave, { now: NOW });
        const placed = result.schedule.map(({ task_id }) => task_id);
        for (const { task_id: wished } of result.deferred_tasks.slice(0, 2)) {
          const { deferred } = await explain(result, wave, { task: wished, timeLimitMs: 20_000 });
          const { cures } = deferred[0]!;
          const others = wave.tasks.map(({ task_id }) => task_id).filter((id) => id !== wished);
          const truths = [];
          for (const id of others) if (await isEnough(without(wave, id), wished, placed)) truths.push(`--drop ${id}`);
          const listed = cures.flatMap(({ flags }) => (flags?.startsWith("--drop ") === true ? [flags] : []));
          expect(listed.sort(), `seed ${seed}, ${wished}`).toEqual(truths.sort());
          drops += truths.length;
          for (const agentId of ["a", "b"]) {
            const least = await leastMaxTasks(wave, agentId, wished, placed);
            const cure = cures.find(({ flags }) => flags?.includes(`${agentId}.max_tasks`) === true);
            expect(cure?.to ?? null, `seed ${seed}, ${wished}, ${agentId}`).toBe(least);
            if (least !== null) raises++;
          }
        }
      }
      expect(drops).toBeGreaterThan(2);
      expect(raises).toBeGreaterThan(0);
    },
  );
});

/** Five tasks with dependencies, some deadlines and skills, on two agents with room for few. */
function randomWave(seed: number): Document {
  const random = drawingRandom(seed);
  const tasks = Array.from({ length: 5 }, (_, k) => {
    const before = Array.from({ length: k }, (_, j) => `t${j}`).filter(() => random.unit() < 0.4);
    return task(`t${k}`, "", 0, {
      estimates: { a: estimate(50 + random.below(100)), b: estimate(50 + random.below(100)) },
      depends_on: before,
      ...(random.unit() < 0.3 && { deadline_ms: 150 + random.below(150) }),
      ...(random.unit() < 0.25 && { required_skills: ["x"] }),
    });
  });
  const fields = (): object => ({ max_tasks: 1 + random.below(2), skills: random.unit() < 0.3 ? ["x"] : [] });
  return {
    agents: agents({ ...fields() }, { ...fields() }),
    tasks,
    options: { load_limit: "none", strategy: "maximize_success" },
  };
}

function without(wave: Document, id: string): Document {
  const rest = wave.tasks.filter(({ task_id }) => task_id !== id);
  return { ...wave, tasks: rest.map((one) => ({ ...one, depends_on: beforeOf(one).filter((other) => other !== id) })) };
}

/** Whether a plan places the tasks of the plan before, the wish and all that it waits for. */
async function isEnough(wave: Document, wished: string, placed: readonly string[]): Promise<boolean> {
  const byId = new Map(wave.tasks.map((one) => [one.task_id, one]));
  const wanted = new Set(placed);
  const add = (id: string): void => {
    wanted.add(id);
    beforeOf(byId.get(id)!).forEach(add);
  };
  add(wished);
  const rest = wave.tasks.filter(({ task_id }) => wanted.has(task_id));
  const { termination } = await solve({ ...wave, tasks: rest }, { now: NOW, noDefer: true });
  expect(["optimal", "infeasible"]).toContain(termination);
  return termination === "optimal";
}

async function leastMaxTasks(
  wave: Document,
  agentId: string,
  wished: string,
  placed: readonly string[],
): Promise<number | null> {
  const own = wave.agents.find(({ agent_id }) => agent_id === agentId)!["max_tasks"] as number;
  for (let maxTasks = own + 1; maxTasks <= wave.tasks.length; maxTasks++) {
    const raised = wave.agents.map((one) => (one["agent_id"] === agentId ? { ...one, max_tasks: maxTasks } : one));
    if (await isEnough({ ...wave, agents: raised }, wished, placed)) return maxTasks;
  }
  return null;
}

function beforeOf(one: Record<string, unknown>): string[] {
  return (one["depends_on"] as string[] | undefined) ?? [];
}
