import { type ChildProcess, fork } from "node:child_process";
import type { Order, Report } from "./child.js";

/** Does the orders in worker processes, each in turn by whoever is free; reports come as they are done. @throws where one fails */
export async function runOrders(
  childFile: string,
  orders: readonly Order[],
  numProcesses: number,
  onReport: (report: Exclude<Report, { kind: "failed" }>, order: Order) => void,
): Promise<void> {
  const waiting = [...orders];
  const work = async (): Promise<void> => {
    const child = fork(childFile, [], { serialization: "advanced" });
    try {
      for (let order = waiting.shift(); order !== undefined; order = waiting.shift()) {
        const report = await ask(child, order);
        if (report.kind === "failed") throw new Error(`${describe(order)}: ${report.message}`);
        onReport(report, order);
      }
    } catch (error) {
      // The others end after what they are at.
      waiting.length = 0;
      throw error;
    } finally {
      child.disconnect();
    }
  };
  await Promise.all(Array.from({ length: Math.min(numProcesses, orders.length) }, work));
}

function ask(child: ChildProcess, order: Order): Promise<Report> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      child.removeAllListeners();
      act();
    };
    child.once("message", (report) => settle(() => resolve(report as Report)));
    child.once("error", (error) => settle(() => reject(error)));
    child.once("exit", (code, signal) =>
      settle(() => reject(new Error(`${describe(order)}: the process ended with ${signal ?? code}`))),
    );
    child.send(order);
  });
}

function describe(order: Order): string {
  if (order.kind === "time") return "timings";
  const { world, numAgents, seed } = order.job;
  return `${world}, ${numAgents} agents, seed ${seed}`;
}
