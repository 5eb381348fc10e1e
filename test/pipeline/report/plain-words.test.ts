import { expect, it } from "vitest";
import { EMPTY_PAGE } from "../../../src/pipeline/report/page/page-of-result.js";
import { describeRun } from "../../../src/pipeline/report/page/plain-words.js";

it.each([
  [0, 1, "0 of 1 task was completed"],
  [1, 1, "1 of 1 task was completed"],
  [1, 4, "1 of 4 tasks was completed"],
  [0, 4, "0 of 4 tasks were completed"],
])("of a run, %i of %i: %s", (completed, total, words) => {
  const tasks = { total, completed, failed: total - completed, deferred: 0, open: 0, retries: 0, reassigned: 0 };
  const page: Parameters<typeof describeRun>[0] = {
    ...EMPTY_PAGE,
    kind: "run",
    state: "finished",
    version: "1",
    strategy: "",
    tasks,
    waves: [],
  };
  expect(describeRun(page)[0]).toMatch(new RegExp(`^${words}`));
});
