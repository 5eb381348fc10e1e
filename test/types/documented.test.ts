import { expect, it } from "vitest";
import { ROOT } from "../source-files.js";
import { findUndocumented } from "../support/undocumented.js";

it("says of every field and method that the library exports what it means", () => {
  const { numFields, missing } = findUndocumented(
    ["index", "runtime", "engine", "models"].map((name) => `${ROOT}dist/types/${name}.d.ts`),
  );
  expect(numFields).toBeGreaterThan(500);
  expect(missing).toEqual([]);
});
