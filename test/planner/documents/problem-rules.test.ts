import { describe, expect, it } from "vitest";
import { STRATEGIES } from "../../../models/strategies.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { messageOf } from "../../pipeline/files/scratch.js";

type Json = Record<string, unknown>;

const task = (id: string, more: Json = {}): Json => ({ task_id: id, risk_level: "LOW", confidence: 0.8, ...more });
const agent = (id: string, more: Json = {}): Json => ({ agent_id: id, ...more });
const problem = (tasks: unknown[], agents: unknown[] = [agent("a"), agent("b")], more: Json = {}): Json => ({
  agents,
  tasks,
  ...more,
});
const withTask = (more: Json) => problem([task("t"), task("u", more)]);
const withAgent = (more: Json) => problem([task("t")], [agent("a", more)]);
const withEstimate = (estimate: unknown) => withTask({ estimates: { a: estimate } });
const withOptions = (options: unknown) => problem([task("t")], undefined, { options });
const NEAREST_IS_A = 'is not an agent; the nearest valid one is "a"';
const ID_RULE =
  "an id becomes a folder name, so it must not be empty, begin with a dot, contain a slash, backslash or NUL, or have more than 128 bytes";

/** Document and the whole message after `problem.json: `. */
const GOLDEN: [string, unknown, string][] = [
  [
    "fraction above 1",
    withTask({ confidence: 1.2 }),
    "tasks[1].confidence: 1.2 is greater than 1; give a fraction from 0 to 1",
  ],
  [
    "fraction below 0",
    withTask({ confidence: -0.1 }),
    "tasks[1].confidence: -0.1 is less than 0; give a fraction from 0 to 1",
  ],
  [
    "text for a number",
    withTask({ confidence: "high" }),
    'tasks[1].confidence: "high" is not a number; give a fraction from 0 to 1',
  ],
  [
    "missing field",
    withTask({ confidence: undefined }),
    "tasks[1].confidence: is missing; give a fraction from 0 to 1",
  ],
  [
    "NaN",
    withTask({ confidence: Number.NaN }),
    "tasks[1].confidence: NaN is not a finite number; give a fraction from 0 to 1",
  ],
  [
    "1e999",
    withTask({ deadline_ms: Infinity }),
    "tasks[1].deadline_ms: Infinity is not a finite number; give milliseconds of at least 0",
  ],
  ["unknown field", withTask({ confidance: 1 }), 'tasks[1].confidance: unknown field; did you mean "confidence"?'],
  [
    "misspelt field",
    problem([{ task_id: "t", risk_level: "LOW", confidance: 1 }]),
    'tasks[0].confidance: unknown field; did you mean "confidence"?',
  ],
  ["unknown field at the top", { ...problem([]), taks: [] }, 'taks: unknown field; did you mean "tasks"?'],
  [
    "risk level",
    withTask({ risk_level: "low" }),
    'tasks[1].risk_level: "low" is not one of LOW, MEDIUM, HIGH; did you mean "LOW"?',
  ],
  [
    "zero duration",
    withEstimate({ duration_ms: 0 }),
    "tasks[1].estimates.a.duration_ms: 0 is not greater than 0; give milliseconds greater than 0",
  ],
  [
    "probability",
    withEstimate({ success_probability: 1.01 }),
    "tasks[1].estimates.a.success_probability: 1.01 is greater than 1; give a fraction from 0 to 1",
  ],
  [
    "slots",
    withAgent({ slots: 1.5 }),
    "agents[0].slots: 1.5 is not a whole number; give a whole number from 1 to 10000",
  ],
  ["no slots", withAgent({ slots: 0 }), "agents[0].slots: 0 is less than 1; give a whole number from 1 to 10000"],
  [
    "max_tasks",
    withAgent({ max_tasks: -1 }),
    "agents[0].max_tasks: -1 is less than 0; give a whole number of at least 0",
  ],
  ["weight", withTask({ weight: 0 }), "tasks[1].weight: 0 is not greater than 0; give a weight greater than 0"],
  ["empty id", withTask({ task_id: "" }), `tasks[1].task_id: "" is empty; ${ID_RULE}`],
  ["id with a slash", withAgent({ agent_id: "../x" }), `agents[0].agent_id: "../x" begins with a dot; ${ID_RULE}`],
  [
    "duplicate task",
    problem([task("t"), task("u"), task("t")]),
    'tasks[2].task_id: "t" is already the id of tasks[0]; ids must be unique',
  ],
  [
    "duplicate agent",
    problem([], [agent("a"), agent("a")]),
    'agents[1].agent_id: "a" is already the id of agents[0]; ids must be unique',
  ],
  [
    "unknown agent in estimates",
    withTask({ estimates: { agent_1: {} } }),
    `tasks[1].estimates: "agent_1" ${NEAREST_IS_A}`,
  ],
  [
    "unsafe agent in estimates",
    withTask({ estimates: { "x/y": {} } }),
    `tasks[1].estimates["x/y"]: "x/y" contains a slash; ${ID_RULE}`,
  ],
  ["unknown pin", withTask({ pinned_agent: "c" }), `tasks[1].pinned_agent: "c" ${NEAREST_IS_A}`],
  [
    "pin without skill",
    withTask({ pinned_agent: "a", required_skills: ["go"] }),
    'tasks[1].pinned_agent: "a" lacks the required skill "go"; pin the task to an agent that has it',
  ],
  [
    "dependency on nothing",
    withTask({ depends_on: ["tt"] }),
    'tasks[1].depends_on: "tt" is not a task of this wave and not in earlier_tasks; did you mean "t"?',
  ],
  ["dependency on itself", withTask({ depends_on: ["u"] }), 'tasks[1].depends_on: "u" depends on itself; remove it'],
  [
    "cycle",
    problem([task("c", { depends_on: ["a"] }), task("a", { depends_on: ["b"] }), task("b", { depends_on: ["c"] })]),
    "tasks[1].depends_on: dependencies form a cycle: a -> b -> c -> a; remove one of them",
  ],
  [
    "earlier and present",
    problem([task("t"), task("u", { depends_on: ["t"] })], undefined, { earlier_tasks: { t: "finished" } }),
    'tasks[1].depends_on: "t" is both a task of this wave and in earlier_tasks; remove one of them',
  ],
  [
    "strategy",
    withOptions({ strategy: "maximise_success" }),
    `options.strategy: "maximise_success" is not one of ${STRATEGIES.join(", ")}; did you mean "maximize_success"?`,
  ],
  [
    "weight key",
    withOptions({ weights: { sucess: 1 } }),
    'options.weights.sucess: unknown field; did you mean "success"?',
  ],
  [
    "no weight",
    withOptions({ weights: { success: 0 } }),
    "options.weights: no weight is greater than 0; give at least one such as success=0.6",
  ],
  [
    "load limit",
    withOptions({ load_limit: "fast" }),
    'options.load_limit: "fast" is not a load limit; give a factor such as 1.25, "none" or a duration such as "2500ms"',
  ],
  ["seed", withOptions({ seed: -1 }), "options.seed: -1 is less than 0; give a whole number from 0 to 4294967295"],
  ["version", { ...problem([]), schema_version: 2 }, "schema_version: 2 is not 1"],
  ["no object", [], "is a list, not an object; give an object with named fields, {…}, not its rows alone"],
  ["null", null, "is null, not an object; give an object with named fields, {…}"],
  ["nothing", {}, "agents: is missing"],
];

describe("every broken rule gives one line with place, value, rule and cure", () => {
  it.each(GOLDEN)("%s", async (_rule, document, message) => {
    expect(await messageOf(() => parseProblem(document, "problem.json"))).toBe(`problem.json: ${message}`);
  });

  it.each<[string, unknown, string]>([
    ["slots as text", withAgent({ slots: "2" }), "agents[0].slots"],
    ["slots beyond integers", withAgent({ slots: 1e300 }), "agents[0].slots"],
    ["negative capacity", withAgent({ capacity_ms: -1 }), "agents[0].capacity_ms"],
    ["negative availability", withAgent({ available_from_ms: -1 }), "agents[0].available_from_ms"],
    ["negative price", withAgent({ cost_per_ms: -1 }), "agents[0].cost_per_ms"],
    ["skills as text", withAgent({ skills: "go" }), "agents[0].skills"],
    ["a number as skill", withAgent({ skills: [1] }), "agents[0].skills[0]"],
    ["unknown field of an agent", withAgent({ slot: 1 }), "agents[0].slot"],
    ["negative weight", withTask({ weight: -1 }), "tasks[1].weight"],
    ["negative priority", withTask({ priority: -1 }), "tasks[1].priority"],
    ["negative deadline", withTask({ deadline_ms: -1 }), "tasks[1].deadline_ms"],
    ["negative due date", withTask({ due_ms: -1 }), "tasks[1].due_ms"],
    ["id as number", withTask({ task_id: 7 }), "tasks[1].task_id"],
    ["id with NUL", withTask({ task_id: "a\0" }), "tasks[1].task_id"],
    ["id too long", withTask({ task_id: "x".repeat(129) }), "tasks[1].task_id"],
    ["dependency as text", withTask({ depends_on: "t" }), "tasks[1].depends_on"],
    ["unsafe dependency", withTask({ depends_on: [".."] }), "tasks[1].depends_on[0]"],
    ["estimates as list", withTask({ estimates: [] }), "tasks[1].estimates"],
    ["estimate as number", withEstimate(3), "tasks[1].estimates.a"],
    ["negative retries", withEstimate({ retries: -0.1 }), "tasks[1].estimates.a.retries"],
    ["negative cost", withEstimate({ cost: -1 }), "tasks[1].estimates.a.cost"],
    ["confidence change beyond 1", withEstimate({ confidence_delta: 1.5 }), "tasks[1].estimates.a.confidence_delta"],
    ["unknown field of an estimate", withEstimate({ duration: 3 }), "tasks[1].estimates.a.duration"],
    [
      "negative standard error",
      withEstimate({ standard_errors: { cost: -1 } }),
      "tasks[1].estimates.a.standard_errors.cost",
    ],
    [
      "unknown standard error",
      withEstimate({ standard_errors: { costs: 1 } }),
      "tasks[1].estimates.a.standard_errors.costs",
    ],
    ["reserved agent", withTask({ estimates: JSON.parse('{"__proto__": {}}') }), "tasks[1].estimates"],
    ["reserved task", { ...problem([]), earlier_tasks: JSON.parse('{"__proto__": "finished"}') }, "earlier_tasks"],
    ["state of an earlier task", { ...problem([]), earlier_tasks: { x: "done" } }, "earlier_tasks.x"],
    ["bucket", { ...problem([]), priority_order: [{ risk_level: "LOW" }] }, "priority_order[0].confidence_min"],
    ["history flag", { ...problem([]), uses_history: "yes" }, "uses_history"],
    ["tasks as object", { agents: [], tasks: {} }, "tasks"],
    ["task as text", problem(["t"]), "tasks[0]"],
    ["negative weight of a goal", withOptions({ weights: { success: -1 } }), "options.weights.success"],
    ["zero load limit", withOptions({ load_limit: 0 }), "options.load_limit"],
    ["negative budget", withOptions({ budget: -1 }), "options.budget"],
    ["negative penalty", withOptions({ defer_penalty: -1 }), "options.defer_penalty"],
    ["no_defer as number", withOptions({ no_defer: 1 }), "options.no_defer"],
    ["slots beyond what runs", withAgent({ slots: 10_001 }), "agents[0].slots"],
    ["an agent named as a file of ours", withAgent({ agent_id: "Wave_Summary.json" }), "agents[0].agent_id"],
    ["agents that differ in case alone", problem([task("t")], [agent("Ada"), agent("ada")]), "agents"],
    [
      "an error without its probability",
      withEstimate({ standard_errors: { success_probability: 0.1 } }),
      'tasks[1].estimates of "a"',
    ],
    ["retries as fraction", withOptions({ max_retries: 1.5 }), "options.max_retries"],
    ["negative aversion", withOptions({ risk_aversion: -1 }), "options.risk_aversion"],
    ["gap above 1", withOptions({ gap: 2 }), "options.gap"],
    ["no time", withOptions({ time_limit_ms: 0 }), "options.time_limit_ms"],
    ["no work", withOptions({ work_limit: 0 }), "options.work_limit"],
    ["no thread", withOptions({ threads: 0 }), "options.threads"],
    ["too many threads", withOptions({ threads: 65 }), "options.threads"],
    ["seed as fraction", withOptions({ seed: 0.5 }), "options.seed"],
    ["unknown solver", withOptions({ solver: "cplex" }), "options.solver"],
    ["unknown option", withOptions({ time_limit: 1 }), "options.time_limit"],
  ])("refuses %s", async (_rule, document, place) => {
    const message = await messageOf(() => parseProblem(document, "problem.json"));
    expect(message.startsWith(`problem.json: ${place}: `)).toBe(true);
    expect(message).not.toContain("\n");
  });
});

describe("legal corners", () => {
  it("accepts no tasks, no agents, zero capacity and zero tasks an agent", () => {
    expect(parseProblem({ agents: [], tasks: [] }, "p").tasks).toEqual([]);
    expect(parseProblem(problem([task("t")], []), "p").agents).toEqual([]);
    expect(parseProblem(withAgent({ max_tasks: 0, capacity_ms: 0 }), "p").agents[0]).toMatchObject({
      maxTasks: 0,
      capacityMs: 0,
    });
  });

  it("takes null for absent and fills in the defaults", () => {
    const nulls = {
      weight: null,
      priority: null,
      deadline_ms: null,
      depends_on: null,
      pinned_agent: null,
      estimates: null,
    };
    expect(parseProblem(withTask(nulls), "p").tasks[1]).toEqual({
      taskId: "u",
      riskLevel: "LOW",
      confidence: 0.8,
      taskType: null,
      weight: 1,
      priority: null,
      deadlineMs: null,
      dueMs: null,
      requiredSkills: [],
      dependsOn: [],
      pinnedAgent: null,
      releaseMs: 0,
      eligibleAgents: null,
      uses: {},
      held: null,
      wavesWaited: 0,
      estimates: {},
    });
    expect(parseProblem(withAgent({ slots: null }), "p").agents[0]).toEqual({
      agentId: "a",
      slots: 1,
      capacityMs: null,
      maxTasks: null,
      skills: [],
      availableFromMs: 0,
      availableUntilMs: null,
      unavailable: [],
      costPerMs: null,
    });
  });

  it("sorts by code unit and names places by the order of the document", async () => {
    const document = problem([task("b"), task("B"), task("a10"), task("a2", { depends_on: ["nowhere"] })]);
    expect(await messageOf(() => parseProblem(document, "p"))).toMatch(/^p: tasks\[3\]\.depends_on/);
    const sorted = parseProblem(problem([task("b"), task("B"), task("a10"), task("a2")]), "p");
    expect(sorted.tasks.map(({ taskId }) => taskId)).toEqual(["B", "a10", "a2", "b"]);
  });

  it("keeps ids that are names of inherited properties apart from them", () => {
    const parsed = parseProblem(problem([task("toString")], [agent("constructor")]), "p");
    expect(parsed.tasks[0]!.estimates["constructor"]).toBeUndefined();
    expect(parsed.earlierTasks["toString"]).toBeUndefined();
  });
});
