import { describe, expect, it } from "vitest";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { messageOf } from "../../pipeline/files/scratch.js";

type Json = Record<string, unknown>;

const task = (id: string, more: Json = {}): Json => ({ task_id: id, risk_level: "LOW", confidence: 0.8, ...more });
const agent = (id: string, more: Json = {}): Json => ({ agent_id: id, ...more });
const problem = (tasks: unknown[], agents: unknown[] = [agent("a"), agent("b")]): Json => ({ agents, tasks });
const withTask = (more: Json) => problem([task("t"), task("u", more)]);
const withAgent = (more: Json) => problem([task("t")], [agent("a", more)]);

/** Document and the whole message after `problem.json: `. */
const GOLDEN: [string, unknown, string][] = [
  [
    "a long cycle",
    problem(Array.from({ length: 30 }, (_, k) => task(`t${k + 10}`, { depends_on: [`t${((k + 1) % 30) + 10}`] }))),
    `tasks[0].depends_on: dependencies form a cycle: ${Array.from({ length: 20 }, (_, k) => `t${k + 10}`).join(" -> ")} -> 10 more -> t10; remove one of them`,
  ],
  [
    "an absence that ends before it starts",
    withAgent({
      unavailable: [
        [1, 2],
        [7, 5],
      ],
    }),
    "agents[0].unavailable[1]: [7, 5] ends before it starts; give a pair [from_ms, to_ms]",
  ],
  [
    "an absence of three numbers",
    withAgent({ unavailable: [[1, 2, 3]] }),
    "agents[0].unavailable[0]: a list has more than 2 entries; give a pair [from_ms, to_ms]",
  ],
  [
    "absences that cover all of an agent's time",
    withAgent({
      available_from_ms: 3,
      available_until_ms: 20,
      unavailable: [
        [10, 25],
        [0, 10],
      ],
    }),
    "agents[0].unavailable: it is away from 3 ms to 20 ms, all of its time; leave the agent out or shorten an absence",
  ],
  [
    "an agent that leaves before it comes",
    withAgent({ available_from_ms: 9, available_until_ms: 4 }),
    "agents[0].available_until_ms: 4 is before available_from_ms, 9; let it leave after it comes",
  ],
  [
    "a pool that a task exceeds alone",
    { ...withTask({ uses: { gpu: 3 } }), pools: { gpu: 2 } },
    'tasks[1].uses: 3 of "gpu" is more than its limit, 2; raise the limit or use less',
  ],
  [
    "an unknown pool",
    { ...withTask({ uses: { gpus: 1 } }), pools: { gpu: 2 } },
    'tasks[1].uses: "gpus" is not a pool; did you mean "gpu"?',
  ],
  ["a pool without any", withTask({ uses: { gpu: 1 } }), 'tasks[1].uses: "gpu" is not a pool; give its limit in pools'],
  [
    "an unknown eligible agent",
    withTask({ eligible_agents: ["b", "c"] }),
    'tasks[1].eligible_agents: "c" is not an agent; the nearest valid one is "a"',
  ],
  [
    "a pin outside the eligible agents",
    withTask({ eligible_agents: ["b"], pinned_agent: "a" }),
    'tasks[1].pinned_agent: "a" is not one of eligible_agents; pin the task to one of them, or add it there',
  ],
  [
    "a deadline before the release",
    withTask({ release_ms: 5, deadline_ms: 4 }),
    "tasks[1].deadline_ms: 4 is before release_ms, 5; let the deadline come after the release",
  ],
  [
    "a pin that its release makes late",
    withTask({ release_ms: 5, deadline_ms: 14, pinned_agent: "a", estimates: { a: { duration_ms: 10 } } }),
    'tasks[1].pinned_agent: "a" needs 10 ms and has 9 ms until the deadline, 14 ms; move the deadline or the pin',
  ],
];

describe("every broken rule of times, pools and eligible agents gives one line with place, value, rule and cure", () => {
  it.each(GOLDEN)("%s", async (_rule, document, message) => {
    expect(await messageOf(() => parseProblem(document, "problem.json"))).toBe(`problem.json: ${message}`);
  });

  it.each<[string, unknown, string]>([
    ["negative release", withTask({ release_ms: -1 }), "tasks[1].release_ms"],
    ["negative use", { ...withTask({ uses: { p: -1 } }), pools: { p: 1 } }, "tasks[1].uses.p"],
    ["negative pool", { ...problem([]), pools: { p: -1 } }, "pools.p"],
    [
      "a pin that fits in no window",
      problem(
        [task("t", { pinned_agent: "a", estimates: { a: { duration_ms: 6 } } })],
        [agent("a", { available_until_ms: 10, unavailable: [[5, 6]] })],
      ),
      "tasks[0].pinned_agent",
    ],
  ])("refuses %s", async (_rule, document, place) => {
    const message = await messageOf(() => parseProblem(document, "problem.json"));
    expect(message.startsWith(`problem.json: ${place}: `)).toBe(true);
  });
});

describe("legal corners of times", () => {
  it("accepts an empty list of eligible agents, a release at the deadline and an agent that leaves as it comes", () => {
    const parsed = parseProblem(
      problem(
        [task("t", { eligible_agents: [], release_ms: 3, deadline_ms: 3 })],
        [agent("a", { available_from_ms: 2, available_until_ms: 2, unavailable: [[0, 9]] })],
      ),
      "p",
    );
    expect(parsed.tasks[0]).toMatchObject({ eligibleAgents: [], releaseMs: 3, deadlineMs: 3 });
  });

  it("joins absences that touch and drops those of no length", () => {
    const absences = [
      [5, 7],
      [9, 9],
      [1, 3],
      [3, 5],
    ];
    expect(parseProblem(withAgent({ unavailable: absences }), "p").agents[0]!.unavailable).toEqual([[1, 7]]);
  });

  it("checks a chain of 10,000 tasks and a cycle of as many without running out of stack", async () => {
    const chain = (first: Json): Json =>
      problem(Array.from({ length: 10_000 }, (_, k) => task(`t${k}`, k === 0 ? first : { depends_on: [`t${k - 1}`] })));
    expect(parseProblem(chain({}), "p").tasks).toHaveLength(10_000);
    expect(await messageOf(() => parseProblem(chain({ depends_on: ["t9999"] }), "p"))).toMatch(
      /form a cycle: t0 -> t9999/,
    );
  });
});
