/** Worker process: plays one world, or takes the times, for each message, until its parent lets go of it. */
import { closeSolvers } from "../../src/engine/goals/threads.js";
import { type Job, type JobOutcome, playWorld } from "./play-world.js";
import { takeTimes, type Timings } from "./timings.js";

export type Order = { readonly kind: "play"; readonly job: Job } | { readonly kind: "time" };
export type Report =
  | { readonly kind: "played"; readonly outcome: JobOutcome }
  | { readonly kind: "timed"; readonly timings: Timings }
  | { readonly kind: "failed"; readonly message: string };

process.on("message", (order: Order) => {
  void obey(order)
    .catch((error: unknown): Report => {
      return { kind: "failed", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    })
    .then((report) => process.send!(report));
});
process.on("disconnect", () => void closeSolvers());

async function obey(order: Order): Promise<Report> {
  return order.kind === "play"
    ? { kind: "played", outcome: await playWorld(order.job) }
    : { kind: "timed", timings: await takeTimes() };
}
