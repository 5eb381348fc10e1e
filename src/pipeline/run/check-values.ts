import {
  InputError,
  isRunId,
  type OptionKind,
  ModelError,
  RUN_ID_RULE,
  RUN_OPTIONS,
  suggestNearest,
  withTableCase,
} from "../../domain/index.js";
import { showValue } from "../../domain/schemas/index.js";
import { checkExecutor } from "../execute/check-executor.js";
import type { RunOptions } from "./options.js";

/** Checks the kind of each value. @throws InputError naming the option, its value and the rule */
export function checkValues(options: RunOptions): void {
  const refuse = (name: string, rule: string): never => {
    throw new InputError(`options.${name}`, rule);
  };
  for (const [name, { kind }] of Object.entries(RUN_OPTIONS)) {
    const value = (options as Record<string, unknown>)[name];
    const rule = value === undefined ? null : brokenRule(kind, value);
    if (rule !== null) refuse(name, `${showValue(value)} ${rule}`);
  }
  const { now, executor, signal, onEvent } = options;
  if (now !== undefined && !(now instanceof Date && !Number.isNaN(now.getTime()))) {
    refuse("now", `${now instanceof Date ? String(now) : showValue(now)} is not a valid Date`);
  }
  if (executor !== undefined) checkExecutor(executor);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    refuse("signal", "is not an AbortSignal; pass controller.signal");
  }
  if (onEvent !== undefined && typeof onEvent !== "function") refuse("onEvent", "is not a function");
}

/** What is wrong with a value of a kind, null where nothing is. Options of a plan are checked by the planner. */
function brokenRule(kind: OptionKind, value: unknown): string | null {
  switch (kind.type) {
    case "boolean":
      return typeof value === "boolean" ? null : "is not true or false";
    case "choice":
      return kind.choices.includes(withTableCase(kind, value) as string) ? null : describeChoices(kind.choices, value);
    case "integer": {
      const { min, max = Number.MAX_SAFE_INTEGER } = kind;
      const isInRange = Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
      return isInRange ? null : `is not a whole number of at least ${min}`;
    }
    case "duration":
      return typeof value === "number" && value > 0 ? null : "is not a number of milliseconds greater than 0";
    case "text":
      return isText(value) ? null : "is not a text without NUL";
    case "runId":
      return isText(value) && isRunId(value) ? null : RUN_ID_RULE;
    case "ids":
      return Array.isArray(value) && value.every((id) => typeof id === "string") ? null : "is not an array of ids";
    case "number":
      return typeof value === "number" && Number.isFinite(value) && value >= kind.min
        ? null
        : `is not ${kind.what} of at least ${kind.min}`;
    case "fraction":
    case "loadLimit":
    case "weights":
    case "texts":
    case "seeds":
    case "instant":
      throw new ModelError(`no option of a run is of kind ${kind.type}`);
  }
}

function describeChoices(choices: readonly string[], value: unknown): string {
  const cure = typeof value === "string" ? `; ${suggestNearest(value, choices)}` : "";
  return `is not one of ${choices.join(", ")}${cure}`;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !value.includes("\0");
}
