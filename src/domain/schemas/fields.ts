import { LARGEST } from "../options/solve-options.js";
import { z } from "zod";
import { GATE_HOLDS } from "../gate.js";
import { findAgentIdFault, findIdFault } from "../ids.js";
import { RISK_LEVELS } from "../problem.js";
import { showValue, withCure } from "./check.js";

/** Building blocks of the schemas: each with the cure its error message ends on. */

export function fraction() {
  const error = withCure("give a fraction from 0 to 1");
  return z.number({ error }).min(0, { error }).max(1, { error });
}

/** Below it a time or weight is lost beside others. */
export const SMALLEST = 1e-6;

export function atLeastZero(unit: string, max = LARGEST) {
  const error = withCure(`give ${unit} of at least 0`);
  const tooLarge = withCure(`give ${unit} from 0 to ${max}`);
  return z.number({ error }).min(0, { error }).max(max, { error: tooLarge });
}

export function aboveZero(unit: string) {
  const error = withCure(`give ${unit} greater than 0`);
  const outOfRange = withCure(`give ${unit} from ${SMALLEST} to ${LARGEST}`);
  return z
    .number({ error })
    .gt(0, { error, abort: true })
    .min(SMALLEST, { error: outOfRange })
    .max(LARGEST, { error: outOfRange });
}

export function wholeNumber(min: number, max?: number) {
  const error = withCure(`give a whole number ${max === undefined ? `of at least ${min}` : `from ${min} to ${max}`}`);
  const schema = z.int({ error }).min(min, { error });
  return max === undefined ? schema : schema.max(max, { error });
}

export function confidenceChange() {
  const error = withCure("give a change of confidence from -1 to 1");
  return z.number({ error }).min(-1, { error }).max(1, { error });
}

export function id() {
  return z.string({ error: withCure("give a non-empty id") }).refine((text) => findIdFault(text) === null, {
    error: ({ input }) =>
      `${showValue(input)} ${findIdFault(String(input))}; an id becomes a folder name, so it must not be empty, begin with a dot, contain a slash, backslash or NUL, or have more than 128 bytes`,
  });
}

/** The id of an agent that is declared; where one is referred to, `id` will do. */
export function agentName() {
  return id().refine((text) => findAgentIdFault(text) === null, {
    error: ({ input }) => `${showValue(input)} ${findAgentIdFault(String(input))}; give the agent another id`,
    abort: true,
  });
}

/** Of a goal's value, in the words of its strategy. */
export function goalUnit() {
  const words =
    "Unit of its values. Weighted: a sum over the tasks, each by its weight; a result's `expected` has plain figures.";
  return text().describe(words);
}

export function text() {
  return z.string({ error: withCure("give a string") });
}

export function riskLevel() {
  return z.enum(RISK_LEVELS);
}

export function gateHold() {
  return z
    .enum(GATE_HOLDS)
    .describe(
      "What the live gate holds it back for; unknown_word: a risk level or an approval status that is none; status: Phase 16's own word; absent: nothing, or not known.",
    );
}

export function listOf<T extends z.ZodType>(element: T) {
  return z.array(element);
}

/**
 * An object with these fields and no others. They are built when the schema is first used: a short command would spend
 * more time on building the schemas of all files than on its own work.
 */
export function strict<S extends z.ZodRawShape>(fields: () => S) {
  return z.lazy(() => z.strictObject(fields()));
}
