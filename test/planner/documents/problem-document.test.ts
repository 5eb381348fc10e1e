import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/domain/errors.js";
import { GOAL_KEYS, RISK_LEVELS, SOLVER_CHOICES, STRATEGIES, type FullProblem } from "../../../src/domain/problem.js";
import { parseProblem, problemToDocument, readProblem } from "../../../src/planner/documents/problem-document.js";
import { canonicalText, problemSha256 } from "../../../src/planner/documents/problem-sha256.js";
import { messageOf, writeScratch } from "../../pipeline/files/scratch.js";

const positive = fc.double({ min: 0.001, max: 1e6, noNaN: true });
const fractionOf = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const word = fc.stringMatching(/^[a-z0-9äé_-]{1,8}$/).filter((text) => text !== "");
const words = fc.uniqueArray(word, { maxLength: 3 }).map((list) => list.sort());
const numbers = fc.record({
  successProbability: fractionOf,
  durationMs: positive,
  retries: fractionOf,
  confidenceDelta: fractionOf,
  cost: fractionOf,
});
const planning = fc.option(
  fc.record({
    successProbability: fc.double({ min: 0, max: 1, noNaN: true }),
    retries: fc.integer({ min: 0, max: 3 }),
  }),
);
const estimate = fc
  .tuple(numbers, numbers, planning, fc.option(fc.integer({ min: 0, max: 9 })))
  .map(([values, errors, planned, meanDurationMs]) => ({
    ...values,
    standardErrors: { ...errors, ...(meanDurationMs !== null && { meanDurationMs }) },
    ...(planned !== null && values.successProbability !== undefined && { planning: planned }),
  }));

const options = fc.record(
  {
    strategy: fc.constantFrom(...STRATEGIES),
    weights: fc.constantFrom({ success: 1 }, Object.fromEntries(GOAL_KEYS.map((key, k) => [key, k / 15]))),
    loadLimit: orNull(
      fc.oneof(
        positive.map((factor) => ({ kind: "factor" as const, factor })),
        positive.map((limitMs) => ({ kind: "absolute" as const, limitMs })),
        fc.constant({ kind: "none" as const }),
      ),
    ),
    budget: orNull(positive),
    deferPenalty: orNull(positive),
    noDefer: fc.boolean(),
    maxRetries: fc.nat(5),
    riskAversion: positive,
    gap: fractionOf,
    timeLimitMs: positive,
    workLimit: orNull(fc.integer({ min: 1 })),
    threads: fc.integer({ min: 1, max: 64 }),
    seed: fc.nat(),
    solver: fc.constantFrom(...SOLVER_CHOICES),
  },
  { requiredKeys: [] },
);

/** Any problem our own code can build: sorted, references that hold. */
const fullProblem: fc.Arbitrary<FullProblem> = fc
  .record({
    agentIds: fc.uniqueArray(word, { maxLength: 3 }),
    taskIds: fc.uniqueArray(word, { maxLength: 5 }),
    earlier: words,
  })
  .chain(({ agentIds, taskIds, earlier }) => {
    const sorted = (ids: string[]) => [...ids].sort((a, b) => (a < b ? -1 : 1));
    const earlierIds = earlier.filter((id) => !taskIds.includes(id));
    const agent = (agentId: string) =>
      fc.record({
        agentId: fc.constant(agentId),
        slots: fc.integer({ min: 1, max: 4 }),
        capacityMs: orNull(positive),
        maxTasks: orNull(fc.nat(9)),
        skills: words,
        availableFromMs: positive,
        availableUntilMs: orNull(fc.integer({ min: 2_000_000, max: 3_000_000 })),
        unavailable: fc.constantFrom<[number, number][]>(
          [],
          [[1, 2]],
          [
            [0, 1],
            [3, 4.5],
          ],
        ),
        costPerMs: orNull(positive),
      });
    const task = (taskId: string, k: number, all: string[]) =>
      fc.record({
        taskId: fc.constant(taskId),
        riskLevel: fc.constantFrom(...RISK_LEVELS),
        confidence: fractionOf,
        taskType: orNull(word),
        weight: positive,
        priority: orNull(positive),
        releaseMs: fc.constantFrom(0, 2.5),
        deadlineMs: orNull(positive.map((ms) => 2.5 + ms)),
        dueMs: orNull(positive),
        requiredSkills: words,
        dependsOn: fc.subarray([...all.slice(0, k), ...earlierIds]).map(sorted),
        eligibleAgents: orNull(fc.subarray(agentIds).map(sorted)),
        pinnedAgent: fc.constant(null),
        uses: fc.constantFrom<Record<string, number>>({}, { gpu: 0.5 }),
        held: orNull(word),
        wavesWaited: fc.nat(3),
        estimates: fc.record(Object.fromEntries(agentIds.map((agentId) => [agentId, estimate]))),
      });
    return fc.record({
      agents: fc.tuple(...sorted(agentIds).map(agent)),
      tasks: fc.tuple(...sorted(taskIds).map(task)),
      earlierTasks: fc.record(
        Object.fromEntries(earlierIds.map((id) => [id, fc.constantFrom("finished" as const, "unfinished" as const)])),
      ),
      priorityOrder: fc.array(fc.record({ riskLevel: fc.constantFrom(...RISK_LEVELS), confidenceMin: fractionOf }), {
        maxLength: 3,
      }),
      pools: fc.constant({ gpu: 1 }),
      options,
      usesHistory: fc.boolean(),
    }) as fc.Arbitrary<FullProblem>;
  });

describe("parse after write", () => {
  it("is the identity, through the text of the file", () => {
    fc.assert(
      fc.property(fullProblem, (problem) => {
        const text = JSON.stringify(problemToDocument(problem));
        expect(parseProblem(JSON.parse(text), "p")).toEqual(problem);
      }),
    );
  });

  it("keeps the hash, whatever the order of tasks, agents and keys, and whatever the options", () => {
    fc.assert(
      fc.property(fullProblem, (problem) => {
        const shuffled: FullProblem = {
          ...problem,
          options: {},
          tasks: problem.tasks.toReversed().map((task) => ({
            ...Object.fromEntries(Object.entries(task).reverse()),
            estimates: Object.fromEntries(Object.entries(task.estimates).reverse()),
          })) as unknown as FullProblem["tasks"],
          agents: problem.agents.toReversed(),
        };
        expect(canonicalText(shuffled)).toBe(canonicalText(problem));
        expect(problemSha256(shuffled)).toBe(createHash("sha256").update(canonicalText(problem)).digest("hex"));
      }),
    );
  });

  it("writes options of the call instead of the document's own", () => {
    const problem = parseProblem({ agents: [], tasks: [], options: { seed: 3 } }, "p");
    expect(problemToDocument(problem).options).toEqual({ seed: 3 });
    expect(problemToDocument(problem, { gap: 0.1, loadLimit: { kind: "absolute", limitMs: 5 } }).options).toEqual({
      gap: 0.1,
      load_limit: "5ms",
    });
  });

  it("has one canonical text, with every key sorted and no white space", () => {
    const problem = parseProblem(
      {
        tasks: [{ task_id: "t", risk_level: "LOW", confidence: 0.5, estimates: { a: { duration_ms: 10, cost: 1 } } }],
        agents: [{ agent_id: "a" }],
      },
      "p",
    ) as FullProblem;
    expect(canonicalText(problem)).toBe(
      '{"agents":[{"agent_id":"a","available_from_ms":0,"skills":[],"slots":1}],"earlier_tasks":{},"priority_order":[],' +
        '"schema_version":1,"tasks":[{"confidence":0.5,"depends_on":[],"estimates":{"a":{"cost":1,"duration_ms":10}},' +
        '"required_skills":[],"risk_level":"LOW","task_id":"t","weight":1}],"uses_history":false}',
    );
    expect(problemSha256({ ...problem, usesHistory: true })).not.toBe(problemSha256(problem));
  });
});

describe("anything at all", () => {
  const keys = fc.constantFrom(
    "agents",
    "tasks",
    "options",
    "task_id",
    "agent_id",
    "estimates",
    "a",
    "__proto__",
    "weights",
    "depends_on",
  );
  const anything = fc.anything({
    key: keys,
    maxDepth: 5,
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
  });
  const nearlyRight = fc.record(
    {
      agents: fc.array(
        fc.record({ agent_id: fc.constantFrom("a", "b", "", 3), slots: anything }, { requiredKeys: [] }),
      ),
      tasks: fc.array(
        fc.record(
          {
            task_id: fc.constantFrom("a", "b"),
            risk_level: fc.constant("LOW"),
            confidence: fc.double(),
            depends_on: anything,
            estimates: anything,
          },
          { requiredKeys: ["task_id"] },
        ),
      ),
      options: anything,
    },
    { requiredKeys: [] },
  );

  it("is a problem or an InputError in one line, and never anything else", () => {
    fc.assert(
      fc.property(fc.oneof(anything, nearlyRight, fc.jsonValue()), (value) => {
        let outcome: unknown = "parsed";
        try {
          parseProblem(value, "p");
        } catch (error) {
          outcome = error;
        }
        if (outcome !== "parsed") {
          expect(outcome).toBeInstanceOf(InputError);
          expect((outcome as InputError).message).not.toContain("\n");
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("checkPins", () => {
  const pinned = (estimates: object, deadline_ms = 100): unknown => ({
    agents: [{ agent_id: "a", available_from_ms: 40 }],
    tasks: [
      { task_id: "t", risk_level: "LOW", confidence: 0.5, pinned_agent: "a", deadline_ms, estimates: { a: estimates } },
    ],
  });

  it("counts expected retries and the agent's availability", async () => {
    expect(parseProblem(pinned({ duration_ms: 40, retries: 0.5 }), "p").tasks).toHaveLength(1);
    expect(await messageOf(() => parseProblem(pinned({ duration_ms: 40, retries: 0.75 }), "p"))).toBe(
      'p: tasks[0].pinned_agent: "a" needs 70 ms and has 60 ms until the deadline, 100 ms; move the deadline or the pin',
    );
  });

  it("leaves open what is not given", () => {
    expect(parseProblem(pinned({}, 41), "p").tasks).toHaveLength(1);
  });
});

describe("readProblem", () => {
  const text = '{"agents": [{"agent_id": "a"}], "tasks": []}';

  it("reads a file and standard input alike", async () => {
    const root = writeScratch({ "p.json": text });
    async function* input() {
      yield Buffer.from(text.slice(0, 5));
      yield Buffer.from(text.slice(5));
    }
    expect(await readProblem("-", { standardInput: input() })).toEqual(await readProblem(`${root}/p.json`));
  });

  it("names standard input and the position of a fault", async () => {
    const input = Readable.from([Buffer.from('{"agents": [],\n"tasks": [}')]);
    expect(await messageOf(() => readProblem("-", { standardInput: input }))).toBe(
      "standard input: is not JSON: unexpected } at line 2, column 11",
    );
  });

  it.each([
    ["empty.json", "", "is empty; give a JSON document"],
    ["list.json", "[]", "is a list, not an object; give an object with named fields, {…}, not its rows alone"],
    ["nan.json", '{"agents": NaN}', "is not JSON: unexpected NaN at line 1, column 12; numbers must be finite"],
    [
      "big.json",
      '{"agents": [], "tasks": [], "options": {"budget": 1e999}}',
      "options.budget: Infinity is not a finite number; give a total cost of at least 0",
    ],
  ])("refuses %s", async (name, content, rule) => {
    const root = writeScratch({ [name]: content });
    expect(await messageOf(() => readProblem(`${root}/${name}`))).toBe(`${root}/${name}: ${rule}`);
  });
});
