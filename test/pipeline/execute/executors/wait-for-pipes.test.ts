import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { waitForPipes } from "../../../../src/pipeline/execute/executors/wait-for-pipes.js";

/** Nothing else happens in this process meanwhile, as when it is paused. */
const standStill = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

it("has read what is in the pipes, though this process stood still until the time was over", async () => {
  const child = spawn("/bin/echo", ["answer"]);
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  await once(child, "spawn");
  standStill(500);
  const waiting = waitForPipes(new Promise(() => undefined), 1);
  standStill(20);
  await waiting;
  expect(said).toBe("answer\n");
});
