import { describe, expect, it } from "vitest";
import { FEEDBACK_FILE } from "../../../src/pipeline/files/feedback-file.js";
import { SYSTEM_FILES } from "../../../src/pipeline/files/file-functions.js";
import { refuseOne } from "../../support/fault-subject.js";
import { expectedAfter, FOREIGN_ROWS, writeRun } from "../../support/power-subject.js";
import { writeScratch } from "./scratch.js";

describe("a system that refuses any one operation of a run", () => {
  it.each([
    ["EIO", "once", false],
    ["ENOSPC", "for ever", false],
    ["EACCES", "once", true],
  ] as const)("%s %s: a clear error, a whole tree, no lock (interrupted: %s)", async (code, mode, partial) => {
    const template = writeScratch(
      Object.fromEntries(["phase16", "phase18"].map((phase) => [`${phase}/${FEEDBACK_FILE}`, FOREIGN_ROWS])),
    );
    await writeRun(template, "a", false, { files: SYSTEM_FILES });
    const run = { generation: "c", partial };
    const expected = await expectedAfter(template, run, ["a"]);
    const faults: string[] = [];
    let at = 1;
    for (; ; at++) {
      const fault = await refuseOne(template, run, { code, at, mode }, expected);
      if (fault === "done") break;
      if (fault !== null) faults.push(fault);
    }
    expect(faults).toEqual([]);
    expect(at).toBeGreaterThan(80);
  });
});
