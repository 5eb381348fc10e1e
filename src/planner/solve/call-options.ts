import {
  InputError,
  LARGEST,
  SOLVE_OPTION_NAMES,
  type SolveOptionsInput,
  type SolveOptions,
  type ResultDocument,
  type StrategyName,
  suggestNearest,
} from "../../domain/index.js";
import { parseResult, showValue } from "../../domain/schemas/index.js";
import { CustomStrategy } from "../instance/custom-strategy.js";
import type { StayRequest } from "./stay.js";
import { parseCallOptions } from "../documents/problem-document.js";
import type { ProgressEvent } from "../../engine/index.js";

/** Options of a library call; each overrides the document's. */
export interface SolveCallOptions extends Omit<SolveOptionsInput, "strategy"> {
  /** The goal of the plan: a name, or what `defineStrategy` gave (default: maximize_success). */
  readonly strategy?: StrategyName | CustomStrategy;
  /** Ends the solve with the best plan so far. */
  readonly signal?: AbortSignal;
  /** A result to stay near: of plans that are equal on the goals up to the first, the one that changes least of it. */
  readonly plan?: ResultDocument;
  /** With `plan`: what each changed task costs, a share of the first goal's value. Default 0. */
  readonly stay?: number;
  /** Hears of every new incumbent and bound. What it throws, or an async one is rejected with, ends the solve and rejects it. */
  readonly onProgress?: (event: ProgressEvent) => unknown;
  /** A fixed clock: durations in the result are null, its timestamp this instant. */
  readonly now?: Date;
}

const OTHERS = ["signal", "onProgress", "now", "plan", "stay"];
const NAMES: readonly string[] = [...SOLVE_OPTION_NAMES, ...OTHERS];

/** The data among the options, checked like those of a document. @throws InputError with the nearest valid name */
export function readCallOptions(options: SolveCallOptions): Partial<SolveOptions> {
  checkOthers(options);
  const stranger = Object.keys(options).find((name) => !NAMES.includes(name));
  if (stranger !== undefined) {
    throw new InputError("options", `"${stranger}" is not an option; ${suggestNearest(stranger, NAMES)}`);
  }
  const { strategy, ...others } = options;
  const name = strategy instanceof CustomStrategy ? strategy.then : strategy;
  return parseCallOptions({ ...others, ...(name !== undefined && { strategy: name }) });
}

/** The strategy that the caller defined; undefined where it is a named one. */
export function readCustom({ strategy }: Pick<SolveCallOptions, "strategy">): CustomStrategy | undefined {
  return strategy instanceof CustomStrategy ? strategy : undefined;
}

/** What is no data is checked here: a wrong signal would fail much later, inside a timer. */
function checkOthers(options: unknown): void {
  if (typeof options !== "object" || options === null) {
    throw new InputError(
      "options",
      `${String(options)} is not an object; leave it out or give one such as { strategy: "mix" }`,
    );
  }
  const { signal, onProgress, now, plan, stay } = options as Record<string, unknown>;
  const refuse = (name: string, rule: string): never => {
    throw new InputError(`options.${name}`, rule);
  };
  if (signal !== undefined && !(signal instanceof AbortSignal))
    refuse("signal", "is not an AbortSignal; pass controller.signal");
  if (onProgress !== undefined && typeof onProgress !== "function") refuse("onProgress", "is not a function");
  if (now !== undefined && !(now instanceof Date && Number.isFinite(now.getTime())))
    refuse("now", "is not a valid Date");
  checkStay(stay);
  if (stay !== undefined && plan === undefined) refuse("stay", "is the price of leaving a plan; give plan too");
}

/** @throws InputError where the price of a changed task is no share */
export function checkStay(stay: unknown): void {
  if (stay === undefined || (typeof stay === "number" && stay >= 0 && stay <= LARGEST)) return;
  throw new InputError("options.stay", `${showValue(stay)} is not a share from 0 to ${LARGEST}, such as 0.01`);
}

/** The plan to stay near, checked; undefined where there is none. @throws InputError where it is no result */
export function readStay({ plan, stay = 0 }: Pick<SolveCallOptions, "plan" | "stay">): StayRequest | undefined {
  return plan === undefined ? undefined : { plan: parseResult(plan, "options.plan"), price: stay };
}
