import { describe, expect, it } from "vitest";
import { chooseTypeField, NO_TYPE, typeIn, typeOfOutcome } from "../../../src/pipeline/files/task-types.js";

function choose(rows: readonly Record<string, unknown>[], asked?: string) {
  const [notes, warnings]: [string[], string[]] = [[], []];
  const ledger = { note: (text: string) => void notes.push(text), warn: (text: string) => void warnings.push(text) };
  return { field: chooseTypeField(rows, asked, ledger), notes, warnings };
}
const rows = (count: number, of: (k: number) => Record<string, unknown>): Record<string, unknown>[] =>
  Array.from({ length: count }, (_, k) => ({ task_id: `t${k}`, ...of(k) }));

describe("what stands for the type of a task", () => {
  it("is task_type, else tool, else category, else the first word of title or description", () => {
    const all = { task_type: "a", tool: "b", category: "c", title: "Fix it", description: "Mend it" };
    const order = ["task_type", "tool", "category", "title", "description"] as const;
    const left: Record<string, unknown> = { ...all };
    for (const field of order) {
      expect(choose(rows(10, () => left)).field).toBe(field);
      left[field] = null;
    }
    expect(choose(rows(10, () => left)).field).toBe(NO_TYPE);
  });

  it("is a word of a sentence, whatever its case and what stands around it", () => {
    expect(
      ["Fix the bug", "[api] fix", "fix: it", "12 Fix", " ", 7].map((title) => typeIn({ title }, "title")),
    ).toEqual([...["fix", "api", "fix", "fix", null, null]]);
    expect(typeIn({ tool: "web_action" }, "tool")).toBe("web_action");
  });

  it("is no field that names single tasks, and that is told", () => {
    const found = choose(rows(20, (k) => ({ task_type: `Write page ${k}`, tool: k % 2 === 0 ? "web" : "shell" })));
    expect(found.field).toBe("tool");
    expect(found.warnings).toEqual([
      "task_type has 20 values in 20 tasks: it names single tasks and is not used as their type",
    ]);
    expect(
      choose(
        rows(20, (k) => ({ tool: `x${k}` })),
        "tool",
      ).field,
    ).toBe(NO_TYPE);
  });

  it("is a field that most rows have before one that few have; what is without is told", () => {
    const few = rows(10, (k) => ({ ...(k < 3 && { task_type: "code" }), title: k % 2 === 0 ? "add x" : "fix y" }));
    expect(choose(few).field).toBe("title");
    const half = choose(rows(10, (k) => ({ ...(k % 2 === 0 && { task_type: "code" }) })));
    expect(half.field).toBe("task_type");
    expect(half.warnings).toEqual(["5 of 10 tasks have no task_type, which stands for their type"]);
  });

  it("is what was asked for, and a field that is nowhere is refused with the nearest", () => {
    const given = rows(10, () => ({ task_type: "code", component: "ui" }));
    expect(choose(given, "component").field).toBe("component");
    expect(choose(given, "none").field).toBe(NO_TYPE);
    expect(() => choose(given, "componant")).toThrow(
      /options.typeFrom: no task has a word in "componant".*"component"/,
    );
  });

  it("of an outcome is its own, else that of its task", () => {
    expect(typeOfOutcome({ tool: "web" }, "tool", "shell")).toBe("web");
    expect(typeOfOutcome({}, "tool", "shell")).toBe("shell");
    expect(typeOfOutcome({ task_type: "code" }, "tool", null)).toBe("code");
    expect(typeOfOutcome({ task_type: "code", tool: "web" }, NO_TYPE, "shell")).toBeNull();
  });
});
