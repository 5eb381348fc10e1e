import { expect, it } from "vitest";
import { commonReason } from "../../../src/pipeline/run/common-reason.js";

it.each([
  [["waits for w1-003, not finished", "waits for w2-014, not finished"], "waits for …"],
  [["depends on t1, which is deferred", "depends on t12, which is deferred"], "depends on …"],
  [["depends on задача-1", "depends on задание-1"], "depends on …"],
  [
    ["needs at least 0.9 and has 0.82.", "needs at least 0.9 and has 0.7.", "needs at least 0.9 and has 0.75."],
    "needs at least 0.9 and has …",
  ],
  [["placing it breaks load[anna]", "placing it breaks load[ben]"], "placing it breaks load[…"],
  [["it was withdrawn", "it was withdrawn"], "it was withdrawn"],
])("no part of a name or of a number is left of %j", (reasons, common) => {
  expect(reasons.reduce((so_far, reason) => commonReason(so_far, reason))).toBe(common);
});
