import { afterAll, expect, it } from "vitest";
import type { ResultDocument } from "../../../src/domain/index.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { runRecorded } from "../../faces/cli/recorded-environment.js";
import { ROOT } from "../../source-files.js";

afterAll(closeSolvers);

it("counts moves in whole numbers, also where some count for a part of one", async () => {
  const flow = `${ROOT}/fixtures/flow`;
  const input = ["--phase18", `${flow}/phase18`, "--phase16", `${flow}/phase16`, "--wave", "1"];
  const limits = ["--work-limit", "40000", "--time-limit", "10m", "--format", "json"];
  const { stdout } = await runRecorded(["solve", ...input, "--strategy", "maximize_throughput", ...limits]);
  const notes = (JSON.parse(stdout) as ResultDocument).attempts.flatMap(({ note }) => note ?? []);
  expect(notes.some((note) => note.includes(" moves, "))).toBe(true);
  expect(notes.filter((note) => /\d\.\d+ moves?/.test(note))).toEqual([]);
});
