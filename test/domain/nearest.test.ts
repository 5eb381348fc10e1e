import { expect, it } from "vitest";
import { findMisspelt } from "../../src/domain/nearest.js";

it("tells a misspelt field from one that is simply not known", () => {
  const known = ["agent_id", "max_tasks", "capacity_ms", "skills", "cost_per_ms"];
  expect(findMisspelt("max_task", known)).toBe("max_tasks");
  expect(findMisspelt("capacity", known)).toBe("capacity_ms");
  expect(findMisspelt("Skills", known)).toBe("skills");
  expect(findMisspelt("capactiy_ms", known)).toBe("capacity_ms");
  expect(findMisspelt("region", known)).toBeNull();
  expect(findMisspelt("notes", known)).toBeNull();
});
