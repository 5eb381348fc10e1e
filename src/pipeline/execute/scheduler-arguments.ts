import { z } from "zod";
import type { Instance } from "../../../models/index.js";
import {
  checkOptionNames,
  type FullProblem,
  InputError,
  isKnown,
  markKnown,
  reading,
  type ResultDocument,
  suggestNearest,
} from "../../domain/index.js";
import { check, parseResult, showValue } from "../../domain/schemas/index.js";
import { parseProblem, problemToDocument } from "../../planner/index.js";
import type { ScheduleExecution, SchedulerOptions } from "./adaptive-scheduler.js";
import { checkExecutor } from "./check-executor.js";
import { WaveInbox } from "./live/inbox.js";
import { MAX_TIMER_MS } from "./make-attempt.js";
import type { RebalanceOptions } from "./rebalance.js";

/** What callers of the scheduler may hand in, looked through before it is used. All throw InputError. */

const PROBLEM_CURE = "pass `problem` of the optimizer's result, or use AdaptiveScheduler.fromDocument with a document";

/** A problem of somebody else must be what a document of it would be. */
export function checkProblem(problem: FullProblem): void {
  if (isKnown(problem)) return;
  reading("problem", PROBLEM_CURE, () => {
    const isFull = problem.tasks.every((task) =>
      Object.values(task.estimates).every(({ successProbability, durationMs }) => successProbability + durationMs >= 0),
    );
    if (!isFull) throw new InputError("problem", `lacks estimates; ${PROBLEM_CURE}`);
    parseProblem(JSON.parse(JSON.stringify(problemToDocument(problem))), "problem");
    markKnown(problem);
  });
}

export function checkResult(result: ResultDocument): void {
  if (isKnown(result)) return;
  reading("result", "pass what solve returned", () => {
    parseResult(result, "result");
    markKnown(result);
  });
}

const whole = (min: number, max: number) => z.int().min(min).max(max).optional();
const schedulerSchema = z.looseObject({
  maxRetries: whole(0, 1_000),
  reassignment: z.boolean().optional(),
  seed: whole(0, 4_294_967_295),
  wave: whole(0, Number.MAX_SAFE_INTEGER),
  runId: z.string().min(1).optional(),
  heuristics: z
    .looseObject({ priorityOrder: z.array(z.unknown()), unknownIds: z.array(z.unknown()), weights: z.looseObject({}) })
    .optional(),
});

export function checkSchedulerOptions(options: SchedulerOptions): void {
  checkOptionNames("options", options, ["heuristics", "maxRetries", "reassignment", "seed", "wave", "runId"]);
  reading("options", "give a plain object", () => check<unknown>(schedulerSchema, options, "options"));
}

const rebalanceSchema = z.looseObject({
  loadBoundMs: z.number().min(0).optional(),
  movePrice: z.number().min(0).optional(),
  unavailable: z.instanceof(Set).optional(),
  fixed: z.instanceof(Set).optional(),
});

export function checkRebalance(options: RebalanceOptions, { agentIds, taskIds }: Instance): void {
  checkOptionNames("options", options, ["loadBoundMs", "unavailable", "fixed", "movePrice"]);
  reading("options", "give a plain object", () => check<unknown>(rebalanceSchema, options, "options"));
  requireKnownIds("options.unavailable", options.unavailable, agentIds);
  requireKnownIds("options.fixed", options.fixed, taskIds);
}

function requireKnownIds(place: string, ids: Iterable<unknown> = [], known: readonly string[]): void {
  const stranger = [...ids].find((id) => !known.some((one) => one === id));
  if (stranger === undefined) return;
  throw new InputError(place, `${showValue(stranger)} is not in the wave; ${suggestNearest(String(stranger), known)}`);
}

const plannedSchema = z.array(
  z.looseObject({
    ...{ taskId: z.string(), agentId: z.string(), slot: z.int().min(0), startMs: z.number(), endMs: z.number() },
    ...{ durationMs: z.number(), retries: z.number(), confidence: z.number(), dependsOn: z.array(z.string()) },
    ...{ endIntervalMs: z.tuple([z.number(), z.number()]), attemptProbabilities: z.array(z.number()) },
  }),
);
const EXECUTION_NAMES = "executor planned attemptTimeoutMs signal onAttempt onDecision onMove clock inbox".split(" ");

export function checkExecution(own: ScheduleExecution): void {
  checkOptionNames("options", own, EXECUTION_NAMES);
  reading("options", "give a plain object", () => {
    const { executor, planned, attemptTimeoutMs, signal } = own;
    if (executor !== undefined) checkExecutor(executor);
    if (planned !== undefined) check<unknown>(plannedSchema, planned, "options.planned");
    if (attemptTimeoutMs !== undefined) {
      check(z.number().positive().max(MAX_TIMER_MS), attemptTimeoutMs, "options.attemptTimeoutMs");
    }
    if (signal !== undefined && !(signal instanceof AbortSignal)) {
      throw new InputError("options.signal", "is not an AbortSignal; pass controller.signal");
    }
    if (own.inbox !== undefined && !(own.inbox instanceof WaveInbox)) {
      throw new InputError("options.inbox", "is not a WaveInbox; pass new WaveInbox()");
    }
    for (const name of ["onAttempt", "onDecision", "onMove", "clock"] as const) {
      if (own[name] !== undefined && typeof own[name] !== "function") {
        throw new InputError(`options.${name}`, "is not a function");
      }
    }
  });
}
