import { parentPort, workerData } from "node:worker_threads";
import type { Backend } from "../../domain/index.js";
import type { Adapter, RawAnswer, WorkerTask } from "./messages.js";
import { propagateBounds } from "./propagate-bounds.js";

/** What the worker thread of a backend is started with. */
export interface BackendData {
  readonly backend: Backend;
}

/** Answers tasks where this is the worker thread of that backend: one package, one runtime, one task at a time. Elsewhere it does nothing. */
export async function serve(name: Backend, load: () => Adapter | Promise<Adapter>): Promise<void> {
  const port = parentPort;
  if (port === null || (workerData as Partial<BackendData> | null)?.backend !== name) return;
  const adapter = await load();
  port.on("message", (task: WorkerTask) => port.postMessage({ kind: "answer", answer: answer(adapter, task) }));
}

function answer(adapter: Adapter, task: WorkerTask): RawAnswer {
  try {
    const program = propagateBounds(task.program);
    return program === null ? { verdict: "infeasible" } : adapter({ ...task, program });
  } catch (error) {
    return { verdict: "error", message: error instanceof Error ? error.message : String(error), isRuntimeBroken: true };
  }
}
