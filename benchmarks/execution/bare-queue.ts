import { Queue, QueueEvents } from "bullmq";
import { Redis } from "ioredis";

const connect = (url: string): Redis => new Redis(url, { maxRetriesPerRequest: null });

/** Milliseconds that bare BullMQ takes for so many tasks over some queues, with as many under way in each as there are slots. */
export async function bareRun(url: string, names: readonly string[], numTasks: number, slots: number): Promise<number> {
  const connections: Redis[] = [];
  const open = (): Redis => {
    connections.push(connect(url));
    return connections.at(-1)!;
  };
  const queues = names.map((name) => new Queue(name, { connection: open() }));
  const events = names.map((name) => new QueueEvents(name, { connection: open() }));
  const ended = new Map<string, () => void>();
  for (const one of events) one.on("completed", ({ jobId }) => ended.get(jobId)?.());
  await Promise.all(events.map((one) => one.waitUntilReady()));
  const startMs = performance.now();
  const run = `${Date.now()}`;
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
  await Promise.all(queues.flatMap((queue) => Array.from({ length: slots }, () => slot(queue))));
  const tookMs = performance.now() - startMs;
  await Promise.all([...queues, ...events].map((one) => one.close()));
  for (const connection of connections) connection.disconnect();
  return tookMs;
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
