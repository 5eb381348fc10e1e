import { PACKAGE_VERSION, systemCode } from "../../domain/index.js";
import type { RunEvent } from "./events.js";

/** What we use of `@opentelemetry/api`, which is loaded only where an SDK is registered. */
export interface TelemetryApi {
  readonly context: { readonly active: () => Context };
  readonly trace: {
    readonly getTracer: (name: string, version: string) => Tracer;
    readonly setSpan: (context: Context, span: Span) => Context;
  };
  readonly SpanStatusCode: { readonly ERROR: number };
}

type Context = object;
type Attributes = Readonly<Record<string, string | number | boolean>>;

interface Tracer {
  readonly startSpan: (name: string, options: { readonly attributes: Attributes }, context: Context) => Span;
}

interface Span {
  readonly setAttributes: (attributes: Attributes) => unknown;
  readonly setStatus: (status: { readonly code: number; readonly message?: string }) => unknown;
  readonly addEvent: (name: string, attributes: Attributes) => unknown;
  readonly end: () => void;
}

/** Where version 1 of the API keeps what an SDK registers. */
const REGISTRY = Symbol.for("opentelemetry.js.api.1");
/** The name is a variable, so that neither bundlers nor the compiler want the package. */
const PACKAGE: string = "@opentelemetry/api";
const loadPackage = async (): Promise<TelemetryApi> => (await import(/* @vite-ignore */ PACKAGE)) as TelemetryApi;

/** The spans of a run; null where no OpenTelemetry SDK is registered, or its API is not installed beside us. */
export async function openSpans(load = loadPackage): Promise<RunSpans | null> {
  if (!(REGISTRY in globalThis)) return null;
  try {
    return new RunSpans(await load());
  } catch (error) {
    if (systemCode(error) === "ERR_MODULE_NOT_FOUND") return null;
    throw error;
  }
}

/** Tells a run as spans: run → wave → plan and attempts. Moves, agents that go and come, and alerts are events of their wave. */
export class RunSpans {
  readonly #tracer: Tracer;
  #run: Span | null = null;
  #wave: Span | null = null;
  #plan: Span | null = null;
  /** Attempts under way, by task. */
  readonly #attempts = new Map<string, Span>();

  constructor(private readonly api: TelemetryApi) {
    this.#tracer = api.trace.getTracer("phase19-optimizer", PACKAGE_VERSION);
  }

  hear(event: RunEvent): void {
    switch (event.event) {
      case "run_started":
        this.#run = this.#start("phase19.run", null, { run_id: event.run_id, waves: event.waves, tasks: event.tasks });
        return;
      case "wave_started": {
        const { wave, tasks, strategy } = event;
        this.#wave = this.#start("phase19.wave", this.#run, { wave, tasks, strategy });
        this.#plan = this.#start("phase19.plan", this.#wave, { wave, strategy });
        return;
      }
      case "plan":
        return this.#endPlan(event);
      case "attempt_started": {
        const { wave, task_id, agent_id, attempt } = event;
        const span = this.#start("phase19.attempt", this.#wave, { wave, task_id, agent_id, attempt });
        this.#attempts.set(task_id, span);
        return;
      }
      case "attempt_ended":
        return this.#endAttempt(event);
      case "moved":
        return this.#note("moved", { task_id: event.task_id, from: event.from_agent_id, to: event.to_agent_id });
      case "agent_down":
      case "agent_up":
        return this.#note(event.event, { agent_id: event.agent_id, reason: event.reason });
      case "alert":
        return this.#note("alert", { message: event.alert.message });
      case "wave_finished":
        this.#wave?.setAttributes(
          named({ completed_tasks: event.completed_tasks, failed_tasks: event.failed_tasks, spent: event.spent }),
        );
        return this.#endWave();
      case "metric":
      case "anomaly":
      case "run_finished":
    }
  }

  /** Ends what is still open: the run has ended, or was interrupted. */
  end(): void {
    this.#endWave();
    this.#run?.end();
    this.#run = null;
  }

  #start(name: string, parent: Span | null, attributes: Attributes): Span {
    const { context, trace } = this.api;
    const around = parent === null ? context.active() : trace.setSpan(context.active(), parent);
    return this.#tracer.startSpan(name, { attributes: named(attributes) }, around);
  }

  #note(name: string, attributes: Attributes): void {
    this.#wave?.addEvent(`phase19.${name}`, named(attributes));
  }

  #endPlan({ termination, planned_tasks, value, gap }: RunEvent & { readonly event: "plan" }): void {
    const numbers = { ...(value !== null && { value }), ...(gap !== null && { gap }) };
    this.#plan?.setAttributes(named({ termination, planned_tasks, ...numbers }));
    this.#plan?.end();
    this.#plan = null;
  }

  #endAttempt({ task_id, succeeded, error_message, cost }: RunEvent & { readonly event: "attempt_ended" }): void {
    const span = this.#attempts.get(task_id);
    if (span === undefined) return;
    this.#attempts.delete(task_id);
    span.setAttributes(named({ succeeded, ...(cost !== null && { cost }) }));
    if (!succeeded) {
      span.setStatus({
        code: this.api.SpanStatusCode.ERROR,
        ...(error_message !== null && { message: error_message }),
      });
    }
    span.end();
  }

  #endWave(): void {
    for (const span of this.#attempts.values()) span.end();
    this.#attempts.clear();
    this.#plan?.end();
    this.#wave?.end();
    [this.#plan, this.#wave] = [null, null];
  }
}

function named(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`phase19.${name}`, value]));
}
