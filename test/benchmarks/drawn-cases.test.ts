import { expect, it } from "vitest";
import { drawnCases } from "../../benchmarks/instances/drawn-cases.js";
import { generatedCases } from "../../src/planner/bench/generated-cases.js";

it("draws the suites' own instances with seed 1, and others with other seeds", async () => {
  const own = generatedCases("gap").find(({ name }) => name === "gen-d-5x100")!;
  const [first, second] = drawnCases("d-5x100", [1, 2]);
  expect(second!.name).toBe("gen-d-5x100 seed 2");
  const [suites, drawn, other] = await Promise.all([own.load(), first!.load(), second!.load()]);
  expect(drawn.arrays).toEqual(suites.arrays);
  expect(other.arrays).not.toEqual(suites.arrays);
});

it("names what is no class or has no size", () => {
  expect(() => drawnCases("x-5x100", [1])).toThrow('"x-5x100" is no class');
  expect(() => drawnCases("d", [1])).toThrow('"d" is no class');
});
