import { parentPort } from "node:worker_threads";
import type { WorkerMessage } from "../threads/worker-pool.js";
import type { GoalAnswer, GoalNews, GoalTask } from "./goal-task.js";
import { proveGoal } from "./prove-goal.js";

/** Entry of a worker thread of the engine: one goal at a time. */
const port = parentPort;
if (port === null) throw new Error("this file runs in a worker thread only");
port.on("message", (task: GoalTask) => {
  const post = (message: WorkerMessage<GoalAnswer, GoalNews>): void => port.postMessage(message);
  post({ kind: "answer", answer: proveGoal(task, (news) => post({ kind: "news", news })) });
});
