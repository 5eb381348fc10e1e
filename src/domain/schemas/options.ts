import { z } from "zod";
import { describeDefault, SOLVE_OPTION_NAMES } from "../options/forms.js";
import type { OptionKind } from "../options/kinds.js";
import { snakeCase } from "../options/names.js";
import {
  type OptionsDocument,
  type OptionsReport,
  SOLVE_OPTIONS,
  type SolveOptionName,
} from "../options/solve-options.js";
import { ModelError } from "../errors.js";
import { GOAL_KEYS } from "../problem.js";
import { aboveZero, atLeastZero, fraction, wholeNumber } from "./fields.js";

/** The options of documents and results, from the one table of options. */

/** What a document may hold, checked with a cure. */
function givenSchema(kind: OptionKind): z.ZodType {
  switch (kind.type) {
    case "boolean":
      return z.boolean();
    case "choice":
      return z.enum(kind.choices);
    case "fraction":
      return fraction();
    case "number":
      return atLeastZero(kind.what);
    case "integer":
      return wholeNumber(kind.min, kind.max);
    case "duration":
      return aboveZero("milliseconds");
    case "loadLimit":
      return z.union([z.number(), z.string()]);
    case "weights":
      return weightsSchema(() => atLeastZero("a weight").optional());
    case "text":
    case "texts":
    case "runId":
    case "ids":
    case "seeds":
    case "instant":
      throw new ModelError(`no option of a problem document is of kind ${kind.type}`);
  }
}

function weightsSchema(weight: () => z.ZodType): z.ZodType {
  return z.strictObject(Object.fromEntries(GOAL_KEYS.map((key) => [key, weight().describe(`Weight of ${key}.`)])));
}

/** What a result may hold: checked for its shape, because `verify` judges the numbers. */
function reportSchema(kind: OptionKind): z.ZodType {
  if (kind.type === "fraction" || kind.type === "number" || kind.type === "duration") return z.number();
  if (kind.type === "integer") return z.int().min(kind.min);
  if (kind.type !== "weights") return givenSchema(kind);
  return weightsSchema(() => z.exactOptional(z.number()));
}

function shapeOf(
  fieldOf: (name: SolveOptionName) => z.ZodType,
  finish: (field: z.ZodType) => z.ZodType,
): Record<string, z.ZodType> {
  const describe = (name: SolveOptionName): string => {
    const otherwise = name === "strategy" ? NO_STRATEGY : describeDefault(SOLVE_OPTIONS[name]);
    return `${capitalize(SOLVE_OPTIONS[name].help)}${otherwise === null ? "" : ` (default: ${otherwise})`}.`;
  };
  return Object.fromEntries(
    SOLVE_OPTION_NAMES.map((name) => {
      const field = fieldOf(name);
      const orNull = SOLVE_OPTIONS[name].default === null ? field.nullable() : field;
      return [snakeCase(name), finish(orNull.describe(describe(name)))];
    }),
  );
}

/** The library has a default; the command does not guess what a plan is for. */
const NO_STRATEGY = `${SOLVE_OPTIONS.strategy.default} in the library; the command solve wants it here or by --strategy`;

const capitalize = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`;

export const optionsSchema: z.ZodType<OptionsDocument, OptionsDocument> = z.lazy(
  () =>
    z.strictObject(
      shapeOf(
        (name) => givenSchema(SOLVE_OPTIONS[name].kind),
        (field) => field.optional(),
      ),
    ) as unknown as z.ZodType<OptionsDocument, OptionsDocument>,
);

export const optionsReportSchema: z.ZodType<OptionsReport> = z.lazy(
  () =>
    z.strictObject(
      shapeOf(
        (name) => reportSchema(SOLVE_OPTIONS[name].kind),
        (field) => field,
      ),
    ) as unknown as z.ZodType<OptionsReport>,
);
