import { parentPort } from "node:worker_threads";
import { monotonicNowMs } from "../threads/clock.js";
import type { WorkerMessage } from "../threads/worker-pool.js";
import type { GoalAnswer, GoalNews, GoalTask } from "./goal-task.js";
import { isLarge } from "./large.js";
import { proveGoal } from "./prove-goal.js";

const NEWS_INTERVAL_MS = 50;

/** Entry of a worker thread of the engine: one goal at a time. */
const port = parentPort;
if (port === null) throw new Error("this file runs in a worker thread only");
port.on("message", (task: GoalTask) => {
  const post = (message: WorkerMessage<GoalAnswer, GoalNews>): void => port.postMessage(message);
  const tell = (news: GoalNews): void => post({ kind: "news", news });
  post({ kind: "answer", answer: proveGoal(task, isLarge(task.instance) ? withPauses(tell) : tell) });
});

/** Tells of an incumbent now and then: large instances have them by the thousand. */
function withPauses(tell: (news: GoalNews) => void): (news: GoalNews) => void {
  let toldAtMs = -Infinity;
  return (news) => {
    const nowMs = monotonicNowMs();
    if (news.kind === "incumbent" && nowMs < toldAtMs + NEWS_INTERVAL_MS) return;
    if (news.kind === "incumbent") toldAtMs = nowMs;
    tell(news);
  };
}
