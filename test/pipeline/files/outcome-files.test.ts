import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { findOutcomeFiles, readPipe } from "../../../src/pipeline/files/outcome-files.js";
import { loadOutcomes } from "../../../src/pipeline/files/reported-outcomes.js";
import { jsonLines, writeScratch } from "./scratch.js";

const ROWS = jsonLines([
  { task_id: "t1", agent_id: "agent_1", wave: 2, status: "success", execution_time_ms: 30 },
  { task_id: "t2", agent_id: "agent_1", wave: 2, status: "failed", execution_time_ms: 20 },
]);
const NOWHERE = { tasksFile: null, phase16Dir: null, phase18Dir: null };

describe("outcomes from standard input", () => {
  it("are read once and are what the same rows in a file are", async () => {
    const content = await readPipe("-", Readable.from([Buffer.from(ROWS)]));
    const { rows, learnedFiles } = await loadOutcomes({ outcomes: "-", content, ...NOWHERE }, []);
    expect(rows.map(({ place, wave }) => [place, wave])).toEqual([
      ["standard input:1", 2],
      ["standard input:2", 2],
    ]);
    const file = `${writeScratch({ "outcomes.jsonl": ROWS })}/outcomes.jsonl`;
    const read = await loadOutcomes({ outcomes: file, ...NOWHERE }, []);
    expect(read.learnedFiles.map(({ sha256 }) => sha256)).toEqual(learnedFiles.map(({ sha256 }) => sha256));
    expect(await loadOutcomes({ outcomes: "-", content, ...NOWHERE }, learnedFiles)).toMatchObject({
      rows: [{ isKnown: true }, { isKnown: true }],
    });
  });

  it("are named where there are none", async () => {
    const [file] = await findOutcomeFiles("-", ["task_outcomes"]);
    expect(file!.path).toBe("standard input");
    const empty = loadOutcomes({ outcomes: "-", content: new Uint8Array(), ...NOWHERE }, []);
    await expect(empty).rejects.toThrow(/^standard input: holds no outcome of a task that ended/);
  });
});
