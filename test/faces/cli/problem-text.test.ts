import { describe, expect, it } from "vitest";
import type { ProblemDocument } from "../../../src/domain/schemas/index.js";
import { problemText } from "../../../src/faces/cli/problem-text.js";

const ESTIMATE = { success_probability: 0.5, duration_ms: 10, retries: 0, confidence_delta: 0.01 };

function documentOf(numTasks: number, estimate = ESTIMATE): ProblemDocument {
  const tasks = Array.from({ length: numTasks }, (_, k) => ({
    ...{ task_id: `t${k}`, risk_level: "LOW" as const, confidence: 0.5 },
    estimates: { a: estimate },
  }));
  return { schema_version: 1, agents: [{ agent_id: "a" }], tasks };
}

describe("problemText", () => {
  it("indents what people can read", () => {
    const document = documentOf(3);
    expect(problemText(document, "--save-problem")).toBe(`${JSON.stringify(document, null, 2)}\n`);
  });

  it("writes a hundred thousand estimates and more in one line", () => {
    const document = documentOf(100_001);
    expect(problemText(document, "--save-problem")).toBe(`${JSON.stringify(document)}\n`);
  });

  it("says what to do where the text would be too long for any string", () => {
    const longest = {
      ...ESTIMATE,
      toJSON: (): never => {
        throw new RangeError("Invalid string length");
      },
    };
    expect(() => problemText(documentOf(100_001, longest), "--save-problem")).toThrow(
      "--save-problem: 100001 estimates (100001 tasks and 1 agent) are too many for one document; leave the option out, or split the wave",
    );
  });
});
