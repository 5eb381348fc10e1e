import { promises } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

/** Preloaded by `node --import`: every move waits before and after, every removal before, SLOW_MS milliseconds. */
const slowMs = Number(process.env["SLOW_MS"]);
const { rename, rm } = promises;
promises.rename = async (from, to) => {
  await sleep(slowMs);
  await rename(from, to);
  await sleep(slowMs);
};
promises.rm = async (path, options) => {
  await sleep(slowMs);
  await rm(path, options);
};
syncBuiltinESMExports();
