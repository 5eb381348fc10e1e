import { describe, expect, it } from "vitest";
import { InputError, type WhatIf } from "../../../src/domain/index.js";
import { parseChanged, problemToDocument } from "../../../src/planner/documents/problem-document.js";

const DOCUMENT = {
  agents: [{ agent_id: "anna", skills: ["sql"], max_tasks: 1 }, { agent_id: "ben" }, { agent_id: "ben.x" }],
  tasks: [
    { task_id: "load", risk_level: "LOW", confidence: 0.9, required_skills: ["sql"], pinned_agent: "anna" },
    {
      ...{
        task_id: "clean",
        risk_level: "LOW",
        confidence: 0.9,
        depends_on: ["load"],
        eligible_agents: ["anna", "ben"],
      },
      estimates: { anna: { duration_ms: 5 }, ben: { duration_ms: 7 } },
    },
    { task_id: "a=b", risk_level: "LOW", confidence: 0.9 },
  ],
};
const change = (whatIf: WhatIf, document: unknown = DOCUMENT) =>
  problemToDocument(parseChanged(document, "wave.json", whatIf));
const task = (document: ReturnType<typeof change>, id: string) => document.tasks.find(({ task_id }) => task_id === id);
const refuse = (whatIf: WhatIf, document: unknown = DOCUMENT): string => {
  try {
    change(whatIf, document);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("was accepted");
};

describe("changes of a document", () => {
  it("change nothing where none is asked for", () => {
    expect(change({})).toEqual(change({ pins: [] }));
  });

  it("take an agent out: its estimates, its place among eligible agents, and pins to it, whose tasks no agent may take", () => {
    const changed = change({ without: ["anna"] });
    expect(changed.agents.map(({ agent_id }) => agent_id)).toEqual(["ben", "ben.x"]);
    expect(task(changed, "load")).toMatchObject({ eligible_agents: [] });
    expect(task(changed, "load")).not.toHaveProperty("pinned_agent", "anna");
    expect(task(changed, "clean")).toMatchObject({ eligible_agents: ["ben"], estimates: { ben: { duration_ms: 7 } } });
    expect(Object.keys(task(changed, "clean")!.estimates!)).toEqual(["ben"]);
  });

  it("drop a task, and no other waits for it", () => {
    const changed = change({ drop: ["load"] });
    expect(changed.tasks.map(({ task_id }) => task_id)).toEqual(["a=b", "clean"]);
    expect(task(changed, "clean")!.depends_on ?? []).toEqual([]);
  });

  it("pin a task, also one whose name holds the sign between the two", () => {
    const changed = change({ pins: ["clean=ben", "a=b=ben"] });
    expect(task(changed, "clean")).toMatchObject({ pinned_agent: "ben" });
    expect(task(changed, "a=b")).toMatchObject({ pinned_agent: "ben" });
  });

  it("give an agent's field a number, a duration, names, JSON or nothing; the longest id that fits is meant", () => {
    const changed = change({
      agentFields: [
        "anna.max_tasks=null",
        "anna.capacity_ms=2m",
        "ben.skills=sql,go",
        "ben.x.slots=3",
        "ben.unavailable=[[1,2]]",
      ],
    });
    const [anna, ben, other] = changed.agents;
    expect(anna).toMatchObject({ capacity_ms: 120_000 });
    expect(anna!.max_tasks ?? null).toBeNull();
    expect(ben).toMatchObject({ skills: ["go", "sql"], unavailable: [[1, 2]] });
    expect(other).toMatchObject({ slots: 3 });
  });

  it("refuse what is not there, by option, value, rule and cure", () => {
    expect(refuse({ without: ["ann"] })).toBe('--without: "ann" is not an agent; did you mean "anna"?');
    expect(refuse({ drop: ["laod"] })).toBe('--drop: "laod" is not a task; did you mean "load"?');
    expect(refuse({ pins: ["load=bne"] })).toBe('--pin load=bne: "bne" is not an agent; did you mean "ben"?');
    expect(refuse({ pins: ["load"] })).toBe("--pin load: is not written TASK=AGENT; name a task and an agent");
    expect(refuse({ without: ["ben"], pins: ["load=ben"] })).toContain('--pin load=ben: "ben" is not an agent');
    expect(refuse({ agentFields: ["anna.max_task=1"] })).toBe(
      '--agent anna.max_task=1: "max_task" is not a field of an agent; did you mean "max_tasks"?',
    );
    expect(refuse({ agentFields: ["anna.slots=many"] })).toBe(
      '--agent anna.slots=many: "many" is not a value; give a number, null or JSON',
    );
    expect(refuse({ agentFields: ["anna"] })).toContain("is not written ID.FIELD=VALUE");
  });

  it("name the change that breaks a rule which the document keeps", () => {
    expect(refuse({ drop: ["a=b"], pins: ["load=anna", "clean=ben.x"] })).toBe(
      '--pin clean=ben.x: wave.json: tasks[1].pinned_agent: "ben.x" is not one of eligible_agents; pin the task to one of them, or add it there',
    );
    expect(refuse({ agentFields: ["anna.slots=-1"] })).toMatch(
      /^--agent anna\.slots=-1: wave\.json: agents\[0\]\.slots/,
    );
  });

  it("leave a document that is wrong in itself to its own message", () => {
    const broken = { ...DOCUMENT, agents: [...DOCUMENT.agents, { agent_id: "carl", slots: 0 }] };
    expect(refuse({ drop: ["load"] }, broken)).toMatch(/^wave\.json: agents\[3\]\.slots/);
    expect(refuse({ drop: ["load"] }, [])).toMatch(/^wave\.json/);
    expect(change({ without: ["carl"] }, broken).agents).toHaveLength(3);
  });
});
