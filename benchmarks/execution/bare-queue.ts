import { setTimeout as sleep } from "node:timers/promises";
import { Queue, QueueEvents } from "bullmq";
import { Redis } from "ioredis";
import type { Stopwatch } from "./stopwatch.js";

interface BareWork {
  readonly numTasks: number;
  readonly slots: number;
}

const PROBE_EVERY_MS = 100;

const connect = (url: string): Redis => new Redis(url, { maxRetriesPerRequest: null });

/**
 * So many tasks over some queues of bare BullMQ, with as many under way in each as there are slots.
 *
 * @param watch times them, without the making of connections
 */
export async function bareRun(url: string, names: readonly string[], work: BareWork, watch?: Stopwatch): Promise<void> {
  const { numTasks, slots } = work;
  const connections: Redis[] = [];
  const open = (): Redis => {
    connections.push(connect(url));
    return connections.at(-1)!;
  };
  const queues = names.map((name) => new Queue(name, { connection: open() }));
  const events = names.map((name) => new QueueEvents(name, { connection: open() }));
  const ended = new Map<string, () => void>();
  for (const one of events) one.on("completed", ({ jobId }) => ended.get(jobId)?.());
  const run = `${Date.now()}`;
  await Promise.all(queues.map((queue) => untilHeard(queue, ended, `${run}-probe-${queue.name}`)));
  let next = 0;
  const slot = async (queue: Queue): Promise<void> => {
    while (next < numTasks) {
      const jobId = `${run}-${next++}`;
      const end = new Promise<void>((resolve) => ended.set(jobId, resolve));
      await queue.add("attempt", { jobId }, { jobId, removeOnComplete: true });
      await end;
      ended.delete(jobId);
    }
  };
  const all = () => Promise.all(queues.flatMap((queue) => Array.from({ length: slots }, () => slot(queue))));
  await (watch === undefined ? all() : watch.time(all));
  await Promise.all([...queues, ...events].map((one) => one.close()));
  for (const connection of connections) connection.disconnect();
}

/** Events that come before the first is read are lost, whatever says that the reader is ready: jobs go in until the end of one is heard. */
async function untilHeard(queue: Queue, ended: Map<string, () => void>, name: string): Promise<void> {
  let isHeard = false;
  for (let k = 0; !isHeard; k++) {
    const jobId = `${name}-${k}`;
    ended.set(jobId, () => (isHeard = true));
    await queue.add("probe", {}, { jobId, removeOnComplete: true });
    await sleep(PROBE_EVERY_MS);
  }
}

/** Jobs that are still in these queues, in any state. */
export async function countJobs(url: string, names: readonly string[]): Promise<number> {
  const connection = connect(url);
  let sum = 0;
  for (const name of names) {
    const queue = new Queue(name, { connection });
    const counts = await queue.getJobCounts();
    sum += Object.values(counts).reduce((total, count) => total + count, 0);
  }
  connection.disconnect();
  return sum;
}
