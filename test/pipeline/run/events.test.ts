import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { RunEvent } from "../../../src/pipeline/run/events.js";
import { RUN_AT, runIn, smallInputs } from "../../support/pipeline-runs.js";

afterAll(closeSolvers);

/** A run of one task, and what it told. */
async function listen(signal?: AbortSignal) {
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent): void => void events.push(event);
  const options = { solver: "greedy", onEvent, ...(signal && { signal }) } as const;
  const { summary, runId } = await runIn(smallInputs([{ task_id: "a" }]), options);
  return { events, summary, end: { event: "run_finished", run_id: runId, timestamp: RUN_AT.toISOString(), summary } };
}

it("tells whoever listens that it begins, and at last that it has ended, with its summary", async () => {
  const { events, summary, end } = await listen();
  expect(events[0]).toMatchObject({ event: "run_started", waves: 1, tasks: 1 });
  expect(summary).toMatchObject({ partial: false });
  expect(events.at(-1)).toEqual(end);
});

it("tells of a run that wrote nothing that it has ended, too", async () => {
  const { events, summary, end } = await listen(AbortSignal.abort());
  expect(summary).toBeNull();
  expect(events.at(-1)).toEqual(end);
});
