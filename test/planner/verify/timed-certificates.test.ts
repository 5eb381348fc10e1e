import { afterAll, describe, expect, it } from "vitest";
import type { StrategyName } from "../../../src/domain/problem.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { verify } from "../../../src/planner/solve/solve.js";
import { agents, type Document, solveVerified, task } from "../../support/documents.js";
import type { Draft } from "../../support/tampering.js";

afterAll(closeSolvers);

const options = { load_limit: "none" };
const after = (id: string): { depends_on: string[] } => ({ depends_on: [id] });
const others = (count: number, own: object): Document["tasks"] =>
  Array.from({ length: count }, (_, k) => task(`t${k + 2}`, "ab", 10, { ...own }));

/** t1 → t2 → t3, 10 ms each. */
const chain: Document = {
  agents: agents({}, {}),
  tasks: [task("t1", "ab", 10), task("t2", "ab", 10, after("t1")), task("t3", "ab", 10, after("t2"))],
  options,
};
/** After t1 four tasks of 10 ms on two agents: 10 + 20. */
const crowd: Document = { agents: agents({}, {}), tasks: [task("t1", "ab", 10), ...others(4, after("t1"))], options };
/** After t1 three tasks of 10 ms on two agents: work alone would allow 25, but one agent has two of them. */
const odd: Document = { agents: agents({}, {}), tasks: [task("t1", "ab", 10), ...others(3, after("t1"))], options };
/** Three tasks on two agents that share one licence. */
const licence: Document = {
  agents: agents({}, {}),
  tasks: others(3, { uses: { licence: 1 } }),
  pools: { licence: 1 },
  options,
};
/** Either of t2 and t3 has to be deferred; t4 → t5 outweigh them. */
const rivals: Document = {
  agents: agents({}, {}, {}),
  tasks: [
    task("t2", "a", 10, { deadline_ms: 10 }),
    task("t3", "a", 10, { deadline_ms: 10 }),
    task("t4", "b", 15, { weight: 5 }),
    task("t5", "c", 15, { weight: 5, ...after("t4") }),
  ],
  options,
};

const TIMES = { head_ms: 1, tail_ms: 1, at_ms: 10 };

/** Ways to falsify a certificate while its bound stays as it was. */
const TAMPERINGS: Record<string, (certificate: NonNullable<Draft["certificate"]>) => boolean> = {
  "a larger bound": (certificate) => (certificate.bound += 1) > 0,
  "no multipliers": (certificate) =>
    Object.keys(certificate.multipliers).length > 0 && Object.keys((certificate.multipliers = {})).length === 0,
  "negative multipliers": ({ multipliers }) =>
    Object.keys(multipliers).map((row) => (multipliers[row] = -1 - multipliers[row]!)).length > 0,
  "no task": (certificate) => "tasks" in certificate && (certificate.tasks = []).length === 0,
  "a task left out": (certificate) => "tasks" in certificate && certificate.tasks.pop() !== undefined,
  "an unknown task": (certificate) => "tasks" in certificate && certificate.tasks.push("nobody") > 0,
  "a task twice": (certificate) => "tasks" in certificate && certificate.tasks.push(certificate.tasks[0]!) > 0,
  ...Object.fromEntries(
    Object.entries(TIMES).map(([name, step]) => [
      `a larger ${name}`,
      (certificate: object) => name in certificate && ((certificate as Record<string, number>)[name]! += step) > 0,
    ]),
  ),
};

describe("verify proves a bound of a timed wave from the document alone", () => {
  it.each<[string, StrategyName, Document, string, number]>([
    ["a chain", "maximize_throughput", chain, "path", 30],
    ["tasks that share agents", "maximize_throughput", crowd, "fleet_interval", 30],
    ["tasks that do not divide evenly", "maximize_throughput", odd, "refuted_windows", 30],
    ["tasks that share a pool", "maximize_throughput", licence, "fleet_interval", 30],
    ["a chain beside tasks that may be deferred", "maximize_throughput", rivals, "path", 30],
    ["a sum", "minimize_cost", chain, "lagrangian", 3],
    ["loads", "balance_load", crowd, "lagrangian", 25],
  ])("%s, %s", async (_, strategy, document, kind, bound) => {
    const result = await solveVerified(document, { strategy, seed: 1 });
    expect(result.certificate).toMatchObject({ kind });
    expect(result.certificate!.bound).toBeCloseTo(bound, 6);
    const tried: string[] = [];
    for (const [name, tamper] of Object.entries(TAMPERINGS)) {
      const draft = JSON.parse(JSON.stringify(result)) as Draft;
      if (!tamper(draft.certificate!)) continue;
      const { verdict } = verify(draft, document, { strategy, seed: 1 });
      tried.push(verdict === "invalid" ? "rejected" : `accepted: ${name}`);
    }
    expect(new Set(tried)).toEqual(new Set(["rejected"]));
  });
});
