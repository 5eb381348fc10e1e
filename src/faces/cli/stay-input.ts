import { COMMAND_OPTIONS, InputError } from "../../domain/index.js";
import type { StayRequest } from "../../planner/index.js";
import { readJson } from "./read-json.js";

/** The options that name a plan to stay near. */
export const STAY_OPTIONS = [COMMAND_OPTIONS.plan, COMMAND_OPTIONS.stay];

interface StayFlags {
  readonly plan?: string;
  readonly stay?: number;
}

/** @param others the other inputs, of which only one can be standard input. @throws InputError */
export function checkStayFlags({ plan, stay }: StayFlags, others: readonly (string | undefined)[]): void {
  if (stay !== undefined && plan === undefined) {
    throw new InputError("--stay", "is the price of leaving a plan; name that with --plan FILE");
  }
  if (plan === "-" && others.includes("-")) {
    throw new InputError("--plan", "only one of the inputs can be - (standard input)");
  }
}

/** The plan to stay near; undefined where the call names none. @throws InputError where it cannot be read or is not a result */
export async function readStayFlags({ plan, stay = 0 }: StayFlags): Promise<StayRequest | undefined> {
  if (plan === undefined) return undefined;
  const { parseResult } = await import("../../domain/schemas/index.js");
  const { json, place } = await readJson(plan);
  return { plan: parseResult(json, place), price: stay };
}
