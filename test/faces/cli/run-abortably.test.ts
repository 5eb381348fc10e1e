import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Environment } from "../../../src/faces/cli/environment.js";
import { createInterrupts } from "../../../src/faces/cli/interrupts.js";
import { agents, task } from "../../support/documents.js";
import { runRecorded } from "./recorded-environment.js";

/** Ctrl-C the moment that work begins. */
function interruptedAtOnce(): Pick<Environment, "abortable"> {
  const { abortable, raise } = createInterrupts({ exitNow: () => undefined, tell: () => undefined });
  return {
    abortable: (work) =>
      abortable((signal, begin) =>
        work(signal, () => {
          begin();
          raise();
        }),
      ),
  };
}

const CUT = "phase19: interrupted, finishing with what is done; again to stop at once";
const MISSING = "phase19: interrupted: what was not begun by then is missing";

describe("work that Ctrl-C ends early", () => {
  const folder = mkdtempSync(join(tmpdir(), "phase19-"));
  const [problem, result, events] = ["wave.json", "result.json", "events.jsonl"].map((name) => join(folder, name));
  beforeAll(async () => {
    const tasks = ["t1", "t2", "t3"].map((id, k) => task(id, "ab", 10 + k));
    writeFileSync(problem!, JSON.stringify({ schema_version: 1, agents: agents({ max_tasks: 2 }, {}), tasks }));
    writeFileSync(events!, '{"at_ms":1,"event":"agent_down","agent_id":"b"}\n');
    await runRecorded(["solve", "--problem", problem!, "--strategy", "minimize_cost", "--out", result!]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ["explain", (): string[] => [result!, "--problem", problem!], [CUT, MISSING]],
    ["report", (): string[] => [result!, "--problem", problem!], [CUT, MISSING]],
    ["compare", (): string[] => ["--problem", problem!], [CUT, MISSING]],
    [
      "replan",
      (): string[] => [result!, "--problem", problem!, "--events", events!],
      ["phase19: interrupted, finishing with the best plan so far; again to stop at once"],
    ],
    [
      "solve",
      (): string[] => ["--problem", problem!, "--strategy", "minimize_cost"],
      ["phase19: interrupted, finishing with the best plan so far; again to stop at once"],
    ],
  ])("is said, and ends %s with exit code 130", async (command, words, said) => {
    const { stdout, stderr, exitCode } = await runRecorded([command, ...words()], interruptedAtOnce());
    expect({ exitCode, stderr: stderr.filter((line) => line.includes("interrupted")) }).toEqual({
      exitCode: 130,
      stderr: said,
    });
    expect(stdout).not.toBe("");
  });
});
