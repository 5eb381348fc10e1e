import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { type Assignment, DEFERRED, findViolations, goalChain, type Instance } from "../../../models/index.js";
import { PLAIN_STRATEGIES, type PlainStrategy, STRATEGY_MODELS } from "../../../models/strategies.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { applyLoadLimit } from "../../../src/engine/wave/load-limit.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { readAgents } from "../../support/check-against-brute-force.js";
import { agents, deferredIds, estimate, type Row, solveVerified, task } from "../../support/documents.js";

afterAll(closeSolvers);

const urgencies = fc.record({
  priority: fc.option(fc.integer({ min: 1, max: 3 })),
  waited: fc.constantFrom(0, 0, 1),
  due: fc.option(fc.constantFrom(10, 20)),
});

/** Few values for many tasks, so that plans tie. */
const waves = fc.record({
  slots: fc.integer({ min: 1, max: 2 }),
  maxTasks: fc.integer({ min: 1, max: 2 }),
  budget: fc.option(fc.integer({ min: 3, max: 8 })),
  tasks: fc.array(
    fc.record({
      urgency: urgencies,
      weight: fc.constantFrom(1, 1, 2),
      deadline: fc.option(fc.constantFrom(10, 15)),
      busy: fc.constantFrom(5, 5, 10),
      cost: fc.constantFrom(1, 2),
      chance: fc.constantFrom(0.8, 0.9),
    }),
    { minLength: 2, maxLength: 8 },
  ),
});

/** An exchange of one deferred for one less urgent placed task that keeps every row and every goal; null where there is none. */
function findExchange(
  instance: Instance,
  strategy: PlainStrategy,
  plan: Assignment,
  isMoreUrgent: (a: number, b: number) => boolean,
) {
  const { goals } = goalChain(instance, STRATEGY_MODELS[strategy]);
  const values = goals.map((goal) => goal.evaluate(plan));
  for (let task = 0; task < instance.numTasks; task++) {
    if (plan.agentOf[task] !== DEFERRED) continue;
    for (let other = 0; other < instance.numTasks; other++) {
      if (plan.agentOf[other] === DEFERRED || !isMoreUrgent(task, other)) continue;
      for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
        const agent = instance.pairAgent[pair]!;
        for (let slot = 0; slot < instance.slots[agent]!; slot++) {
          const exchanged = {
            agentOf: plan.agentOf.with(task, agent).with(other, DEFERRED),
            slotOf: plan.slotOf.with(task, slot).with(other, DEFERRED),
          };
          if (findViolations(instance, exchanged).length > 0) continue;
          const isKept = goals.every((goal, k) => {
            const loss =
              goal.sense === "min" ? goal.evaluate(exchanged) - values[k]! : values[k]! - goal.evaluate(exchanged);
            return loss <= 1e-12;
          });
          if (isKept) return `${instance.taskIds[task]} for ${instance.taskIds[other]} on ${instance.agentIds[agent]}`;
        }
      }
    }
  }
  return null;
}

describe("of equal tasks the more urgent one is placed", () => {
  const one = agents({ max_tasks: 1 });
  const offer = (first: Row, second: Row): Promise<string[]> =>
    solveVerified({ agents: one, tasks: [task("x", "a", 5, first), task("y", "a", 5, second)] }).then(deferredIds);

  it("by priority, then by waves waited, then by due date, and by no id", async () => {
    expect(await offer({ priority: 9 }, { priority: 1 })).toEqual(["x"]);
    expect(await offer({ priority: 1 }, { priority: 9 })).toEqual(["y"]);
    expect(await offer({}, { priority: 9 })).toEqual(["x"]);
    expect(await offer({ due_ms: 40 }, { due_ms: 30 })).toEqual(["x"]);
    expect(await offer({}, { due_ms: 30 })).toEqual(["x"]);
    expect(await offer({ waves_waited: 1 }, { waves_waited: 2 })).toEqual(["x"]);
    expect(await offer({ waves_waited: 2, priority: 2 }, { priority: 1 })).toEqual(["x"]);
    expect(await offer({ due_ms: 1 }, { waves_waited: 1, due_ms: 40 })).toEqual(["x"]);
    expect(await offer({ priority: 2, due_ms: 1 }, { priority: 1, due_ms: 40 })).toEqual(["x"]);
  });

  it("but no goal gives way to urgency", async () => {
    const better = { estimates: { a: estimate(5, { success_probability: 0.91 }) } };
    expect(await offer({ priority: 9, ...better }, { priority: 1 })).toEqual(["y"]);
    expect(await offer({ priority: 9, weight: 2 }, { priority: 1 })).toEqual(["y"]);
  });

  it("until no exchange of one deferred for one placed task is left", { timeout: 60_000 }, async () => {
    let numDeferring = 0;
    await fc.assert(
      fc.asyncProperty(waves, fc.constantFrom(...PLAIN_STRATEGIES), async (wave, strategy) => {
        const document = {
          agents: agents({ slots: wave.slots, capacity_ms: 10 }, { max_tasks: wave.maxTasks }),
          tasks: wave.tasks.map(({ urgency, weight, deadline, busy, cost, chance }, k) =>
            task(`t${k}`, "", 0, {
              ...{ weight, waves_waited: urgency.waited },
              ...{ priority: urgency.priority ?? undefined, due_ms: urgency.due ?? undefined },
              ...(deadline === null ? {} : { deadline_ms: deadline }),
              estimates: {
                a: estimate(busy, { cost, success_probability: chance }),
                b: estimate(10, { cost, success_probability: chance }),
              },
            }),
          ),
          options: { load_limit: "none", ...(wave.budget === null ? {} : { budget: wave.budget }) },
        };
        const plain: unknown = JSON.parse(JSON.stringify(document));
        const result = await solveVerified(plain, { strategy });
        const problem = parseProblem(plain, "problem");
        const options = resolveOptions(problem.options, { strategy });
        const { instance } = applyLoadLimit(buildInstance(fillFromPrior(problem, options), options), options.loadLimit);
        const keyOf = (k: number) => wave.tasks[k]!.urgency;
        const isMoreUrgent = (a: number, b: number): boolean => {
          const [one, other] = [keyOf(a), keyOf(b)];
          const [p, q] = [one.priority ?? Infinity, other.priority ?? Infinity];
          if (p !== q) return p < q;
          return one.waited !== other.waited
            ? one.waited > other.waited
            : (one.due ?? Infinity) < (other.due ?? Infinity);
        };
        numDeferring += Number(result.deferred_tasks.length > 0);
        expect(findExchange(instance, strategy, readAgents(result, instance), isMoreUrgent)).toBeNull();
      }),
      { numRuns: 60, seed: 12 },
    );
    expect(numDeferring).toBeGreaterThan(20);
  });
});
