import { expect, it } from "vitest";
import { computeRunId } from "../../../src/pipeline/files/run-id.js";

const inputs = [
  { role: "phase16/planned_tasks.jsonl", sha256: "aa" },
  { role: "phase18/multi_agent_summary.json", sha256: "bb" },
];
const options = { strategy: "maximize_success", gap: 0.01, live: { a: 1, b: [2, 1] } };
const id = computeRunId({ inputs, options, seed: 1 });

it("names a run by 12 hexadecimal digits that stay the same", () => {
  expect(id).toMatch(/^[0-9a-f]{12}$/);
  expect(computeRunId({ inputs: [...inputs].reverse(), options, seed: 1 })).toBe(id);
  const { strategy, gap } = options;
  const shuffled = { more: undefined, live: { b: [2, 1], a: 1 }, gap, strategy };
  expect(computeRunId({ inputs, options: shuffled, seed: 1 })).toBe(id);
});

it("differs with any content, role, option or seed", () => {
  const other = [
    computeRunId({ inputs, options, seed: 2 }),
    computeRunId({ inputs, options: { ...options, gap: 0.02 }, seed: 1 }),
    computeRunId({ inputs, options: { ...options, live: { a: 1, b: [1, 2] } }, seed: 1 }),
    computeRunId({ inputs: inputs.slice(1), options, seed: 1 }),
    computeRunId({ inputs: [{ ...inputs[0]!, sha256: "cc" }, inputs[1]!], options, seed: 1 }),
    computeRunId({
      inputs: [
        { ...inputs[0]!, sha256: "bb" },
        { ...inputs[1]!, sha256: "aa" },
      ],
      options,
      seed: 1,
    }),
  ];
  expect(new Set([id, ...other]).size).toBe(other.length + 1);
});
