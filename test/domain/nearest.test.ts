import { expect, it } from "vitest";
import { findAllMeant, findMisspelt, suggestNearest } from "../../src/domain/nearest.js";

it("tells a misspelt field from one that is simply not known", () => {
  const known = ["agent_id", "max_tasks", "capacity_ms", "skills", "cost_per_ms"];
  expect(findMisspelt("max_task", known)).toBe("max_tasks");
  expect(findMisspelt("capacity", known)).toBe("capacity_ms");
  expect(findMisspelt("Skills", known)).toBe("skills");
  expect(findMisspelt("capactiy_ms", known)).toBe("capacity_ms");
  expect(findMisspelt("region", known)).toBeNull();
  expect(findMisspelt("notes", known)).toBeNull();
});

it("names every field that a word may have been meant to be, and only the same word where it is there", () => {
  expect(findAllMeant("confidence", ["wave", "confidence_delta", "confidence_before"])).toEqual([
    "confidence_delta",
    "confidence_before",
  ]);
  expect(findAllMeant("Wave", ["waves", "wave"])).toEqual(["wave"]);
  expect(findAllMeant("region", ["wave"])).toEqual([]);
});

it("completes the beginning of a word before it takes one that is spelt alike", () => {
  expect(suggestNearest("--explore", ["--approve", "--explore-high-risk"])).toContain('"--explore-high-risk"');
  expect(suggestNearest("wall", ["gate", "wall_ms"])).toContain('"wall_ms"');
  expect(suggestNearest("ga", ["gb", "gateway"])).toContain('"gb"');
});

it("asks whether a short word was meant only where it is near", () => {
  expect(suggestNearest("ab", ["cd"])).toBe('the nearest valid one is "cd"');
  expect(suggestNearest("x", ["y"])).toBe('the nearest valid one is "y"');
  expect(suggestNearest("mxi", ["mix"])).toBe('did you mean "mix"?');
});

it("of ids far from the word names one that holds it, not the shortest", () => {
  expect(suggestNearest("build", ["x", "wave1_task01_build_all"])).toBe(
    'the nearest valid one is "wave1_task01_build_all"',
  );
  expect(suggestNearest("zzzzzz", ["anna", "ben"])).toMatch(/^the nearest valid one is "/);
});
