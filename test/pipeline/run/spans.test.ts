import { afterEach, expect, it } from "vitest";
import type { RunEvent } from "../../../src/pipeline/run/events.js";
import { openSpans, RunSpans, type TelemetryApi } from "../../../src/pipeline/run/spans.js";

interface Told {
  readonly name: string;
  readonly parent: string | null;
  readonly attributes: Record<string, unknown>;
  readonly events: string[];
  status: unknown;
  numEnds: number;
}

/** An SDK that writes down what it is told. */
function recorder(): { readonly api: TelemetryApi; readonly spans: Told[] } {
  const spans: Told[] = [];
  const startSpan = (name: string, { attributes }: { attributes: object }, context: object) => {
    const { parent = null } = context as { parent?: string };
    const told: Told = { name, parent, attributes: { ...attributes }, events: [], status: null, numEnds: 0 };
    spans.push(told);
    return {
      ...{ told, setStatus: (status: unknown) => (told.status = status), end: () => void told.numEnds++ },
      setAttributes: (more: object) => Object.assign(told.attributes, more),
      addEvent: (event: string) => told.events.push(event),
    };
  };
  const setSpan = (_: object, span: unknown) => ({ parent: (span as { told: Told }).told.name });
  const api = {
    context: { active: () => ({}) },
    trace: { getTracer: () => ({ startSpan }), setSpan },
    SpanStatusCode: { ERROR: 2 },
  };
  return { api, spans };
}

const head = { run_id: "r", wave: 1, timestamp: "2026-01-01T00:00:00.000Z" };
const attempt = { task_id: "t1", agent_id: "a", attempt: 1, start_ms: 0 };
const events = [
  { ...head, event: "run_started", waves: 1, tasks: 2 },
  { ...head, event: "wave_started", waves: 1, tasks: 2, strategy: "mix", reason: "asked for" },
  { ...head, event: "plan", termination: "optimal", planned_tasks: 2, value: 1.5, gap: null },
  { ...head, event: "attempt_started", ...attempt, expected_end_ms: 5 },
  { ...head, event: "attempt_started", ...attempt, task_id: "t2", expected_end_ms: 5 },
  { ...head, event: "agent_down", agent_id: "a", at_ms: 1, probe_at_ms: null, reason: "gone" },
  { ...head, event: "attempt_ended", ...attempt, end_ms: 3, succeeded: false, error_message: "no", cost: 2 },
] as unknown as RunEvent[];

afterEach(() => void Reflect.deleteProperty(globalThis, Symbol.for("opentelemetry.js.api.1")));

it("tells a run as spans: run, wave, plan and attempts, each ended once", () => {
  const { api, spans } = recorder();
  const told = new RunSpans(api);
  for (const event of events) told.hear(event);
  // Interrupted: t2 has no answer.
  told.end();
  told.end();
  expect(spans.map(({ name, parent, numEnds }) => [name, parent, numEnds])).toEqual([
    ["phase19.run", null, 1],
    ["phase19.wave", "phase19.run", 1],
    ["phase19.plan", "phase19.wave", 1],
    ["phase19.attempt", "phase19.wave", 1],
    ["phase19.attempt", "phase19.wave", 1],
  ]);
  expect(spans[1]!.events).toEqual(["phase19.agent_down"]);
  expect(spans[2]!.attributes).toMatchObject({ "phase19.termination": "optimal", "phase19.value": 1.5 });
  expect(spans[3]!.attributes).toMatchObject({
    "phase19.task_id": "t1",
    "phase19.succeeded": false,
    "phase19.cost": 2,
  });
  expect(spans.map(({ status }) => status)).toEqual([null, null, null, { code: 2, message: "no" }, null]);
});

it("is nothing where no SDK is registered, or its API is not beside us", async () => {
  const load = () => Promise.resolve(recorder().api);
  const missing = () => Promise.reject(Object.assign(new Error("none"), { code: "ERR_MODULE_NOT_FOUND" }));
  expect(await openSpans(load)).toBeNull();
  Object.assign(globalThis, { [Symbol.for("opentelemetry.js.api.1")]: {} });
  expect(await openSpans(load)).toBeInstanceOf(RunSpans);
  expect(await openSpans(missing)).toBeNull();
  await expect(openSpans(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});
