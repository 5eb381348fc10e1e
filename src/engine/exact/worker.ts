import { parentPort, workerData } from "node:worker_threads";
import type { Adapter, Backend, RawAnswer, WorkerTask } from "./messages.js";
import { propagateBounds } from "./propagate-bounds.js";

/** Entry of a worker thread: one package, one runtime, one task at a time. */
const { backend } = workerData as { backend: Backend };
const port = parentPort;
if (port === null) throw new Error("this file runs in a worker thread only");
const solve = await loadAdapter(backend);
port.on("message", (task: WorkerTask) => port.postMessage({ kind: "answer", answer: answer(solve, task) }));

async function loadAdapter(name: Backend): Promise<Adapter> {
  switch (name) {
    case "glpk":
      return (await import("./glpk-adapter.js")).loadGlpk();
    case "highs":
      return (await import("./highs-adapter.js")).loadHighs();
    case "lp-solver":
      return (await import("./lp-solver-adapter.js")).solveWithLpSolver;
  }
}

function answer(adapter: Adapter, task: WorkerTask): RawAnswer {
  try {
    const program = propagateBounds(task.program);
    return program === null ? { verdict: "infeasible" } : adapter({ ...task, program });
  } catch (error) {
    return { verdict: "error", message: error instanceof Error ? error.message : String(error), isRuntimeBroken: true };
  }
}
