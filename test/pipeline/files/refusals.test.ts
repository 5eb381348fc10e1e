import { describe, expect, it } from "vitest";
import { FEEDBACK_FILE } from "../../../src/pipeline/files/feedback-file.js";
import { SYSTEM_FILES } from "../../../src/pipeline/files/file-functions.js";
import { refuseEach } from "../../support/fault-subject.js";
import { expectedAfter, FOREIGN_ROWS, writer } from "../../support/power-subject.js";
import { writeScratch } from "./scratch.js";

describe("a system that refuses any one operation of a run", () => {
  it.each([
    ["EIO", "once", false, 1],
    ["ENOSPC", "for ever", false, 2],
    ["EACCES", "once", true, 3],
  ] as const)("%s %s: a clear error, a whole tree, no lock (interrupted: %s)", async (code, mode, partial, first) => {
    // Every third operation: the three cases meet all; `npm run check:power` tries each of them in every way.
    const template = writeScratch(
      Object.fromEntries(["phase16", "phase18"].map((phase) => [`${phase}/${FEEDBACK_FILE}`, FOREIGN_ROWS])),
    );
    await writer("a")(template, { files: SYSTEM_FILES });
    const run = writer("c", partial);
    const { operations, faults } = await refuseEach(
      template,
      run,
      { code, mode },
      await expectedAfter(template, run, ["a"]),
      { first, step: 3 },
    );
    expect(faults).toEqual([]);
    expect(operations).toBeGreaterThan(80);
  });
});
