import { z } from "zod";
import { suggestNearest } from "../nearest.js";
import { showValue } from "./check.js";
import { atLeastZero, id, strict } from "./fields.js";
import { taskSchema } from "./problem.js";

/** Rows of what has happened to a wave since it was planned, as `replan` takes them. */

const at = () =>
  atLeastZero("milliseconds from the start of the wave").describe("When, milliseconds from the start of the wave.");
const ofTask = <Event extends string>(event: Event, what: string) =>
  strict(() => ({
    at_ms: at(),
    event: z.literal(event).describe(what),
    task_id: id().describe("The task."),
    agent_id: id().optional().describe("Its agent; absent: the one it was last on."),
  }));
const ofAgent = <Event extends string>(event: Event, what: string) =>
  strict(() => ({
    at_ms: at(),
    event: z.literal(event).describe(what),
    agent_id: id().describe("The agent."),
  }));

export const waveEventSchema = z.lazy(() =>
  z.discriminatedUnion(
    "event",
    [
      ofTask("started", "An attempt at the task began."),
      ofTask("ended", "The task succeeded."),
      ofTask("failed", "An attempt at the task failed; it is tried again as long as retries are left."),
      ofAgent("agent_down", "The agent is gone; what it was doing begins anew elsewhere."),
      ofAgent("agent_up", "The agent is back."),
      strict(() => ({
        at_ms: at(),
        event: z.literal("task_added").describe("A task came that the problem does not hold."),
        task: taskSchema.describe("The task, as in a problem document."),
      })),
      strict(() => ({
        at_ms: at(),
        event: z.literal("task_withdrawn").describe("The task is not wanted any more."),
        task_id: id().describe("The task."),
      })),
    ],
    { error: ({ input }) => nameEvents(input) },
  ),
);

const EVENTS = ["started", "ended", "failed", "agent_down", "agent_up", "task_added", "task_withdrawn"];

/** What a row is told whose `event` is none. */
function nameEvents(input: unknown): string {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return `${showValue(input)} is not an event`;
  const given = "event" in input ? input.event : undefined;
  if (given === undefined) return `is missing; give one of ${EVENTS.join(", ")}`;
  const cure = typeof given === "string" ? `; ${suggestNearest(given, EVENTS)}` : "";
  return `${showValue(given)} is not one of ${EVENTS.join(", ")}${cure}`;
}

export type WaveEvent = z.infer<typeof waveEventSchema>;
