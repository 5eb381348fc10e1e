/** A worker of the queue, ours or a bare one of BullMQ, whose every task takes a millisecond. Usage: worker.ts ours|bare URL QUEUE… */
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { type Executor, runWorker } from "../../src/pipeline/index.js";

const [kind, url = "", ...names] = process.argv.slice(2);
const CONCURRENCY = 32;

if (kind === "ours") {
  const executor: Executor = {
    name: "a millisecond",
    execution: "real",
    execute: async () => {
      await sleep(1);
      return { succeeded: true };
    },
  };
  const settings = { url, executor, agents: names, concurrency: CONCURRENCY, takeoverMs: 30_000 };
  await runWorker(settings, new AbortController().signal);
} else {
  for (const name of names) {
    const connection = new Redis(url, { maxRetriesPerRequest: null });
    new Worker(name, async () => void (await sleep(1)), { connection, concurrency: CONCURRENCY });
  }
}
