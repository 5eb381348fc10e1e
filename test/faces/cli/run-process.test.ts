import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { checkOutputs } from "../../support/check-outputs.js";
import { copyFixture, readDocument } from "../../support/fixture-copies.js";
import { runRecorded } from "./recorded-environment.js";

const MAIN = fileURLToPath(new URL("../../../dist/src/faces/cli/main.js", import.meta.url));
let root = "";
beforeEach(() => (root = copyFixture("demo")));

const start = (...words: string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [MAIN, "run", "--outputs", root, "--solver", "greedy", ...words]);

describe("the process of a run", () => {
  it("ends its run where the reader of its events has left", async () => {
    const child = start("--events", "-");
    const notes = text(child.stderr);
    child.stdout.once("data", () => child.stdout.destroy());
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(await notes).toBe("");
    expect(checkOutputs(join(root, "phase19"))).toEqual([]);
  });

  it("keeps the finished waves where it is interrupted, and the tree before until a run is complete", async () => {
    const words = ["run", "--outputs", root, "--solver", "greedy", "--waves", "2"];
    await runRecorded(words);
    const controller = new AbortController();
    const { exitCode } = await runRecorded([...words, "--events", "-", "--seed", "2"], {
      abortable: (work) => work(controller.signal, () => undefined),
      writeOutput: (line) => void (/"wave_started".*"wave":2,/.test(line) && controller.abort()),
    });
    expect(exitCode).toBe(130);
    const place = join(root, "phase19");
    expect(checkOutputs(place)).toEqual([]);
    expect(readDocument(join(place, "phase19_summary.json"))).toMatchObject({ partial: true, seed: 2 });
    expect(readDocument(`${place}.previous/phase19_summary.json`)).toMatchObject({ partial: false, seed: 1 });
    await runRecorded([...words, "--seed", "2"]);
    expect(readDocument(join(place, "phase19_summary.json"))).toMatchObject({ partial: false, seed: 2 });
    expect([".previous", ".lock", ".staging"].filter((end) => existsSync(place + end))).toEqual([]);
  });
});
