import { parentPort } from "node:worker_threads";
import { monotonicNowMs } from "../threads/clock.js";
import type { WorkerMessage } from "../threads/worker-pool.js";
import type { ArraysAnswer, ArraysNews, ArraysTask } from "./arrays-task.js";
import { settleArrays } from "./settle-arrays.js";

/** Incumbents of large problems come by the thousand: one in so many milliseconds is told. */
const NEWS_INTERVAL_MS = 50;

/** Entry of a worker thread for arrays: one goal at a time. */
const port = parentPort;
if (port === null) throw new Error("this file runs in a worker thread only");
port.on("message", (task: ArraysTask) => {
  const post = (message: WorkerMessage<ArraysAnswer, ArraysNews>): void => port.postMessage(message);
  let toldAtMs = -Infinity;
  const tell = (news: ArraysNews): void => {
    if (news.kind === "incumbent") {
      const nowMs = monotonicNowMs();
      if (nowMs < toldAtMs + NEWS_INTERVAL_MS) return;
      toldAtMs = nowMs;
    }
    post({ kind: "news", news });
  };
  post({ kind: "answer", answer: settleArrays(task, tell) });
});
