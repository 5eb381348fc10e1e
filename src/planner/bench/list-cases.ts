import { InputError, type SuiteName } from "../../domain/index.js";
import type { BenchCase } from "./bench-instance.js";
import { generatedCases } from "./generated-cases.js";

export interface CaseChoice {
  readonly suites: readonly SuiteName[];
  /** Only instances whose `suite/name` holds this text. */
  readonly only: string;
}

/** The generated instances to measure. @throws InputError where no instance is left */
export function listCases(choice: CaseChoice): BenchCase[] {
  return chooseCases(choice.suites.flatMap(generatedCases), choice);
}

/** Those of the instances whose name has the text. @throws InputError where none has it */
export function chooseCases(cases: readonly BenchCase[], { suites, only }: CaseChoice): BenchCase[] {
  const chosen = cases.filter((one) => caseLabel(one).includes(only));
  if (chosen.length === 0)
    throw new InputError("--only", `no instance of ${suites.join(", ")} has "${only}" in its name`);
  return chosen;
}

/** Name of an instance among all suites. */
export function caseLabel({ suite, name }: Pick<BenchCase, "suite" | "name">): string {
  return `${suite}/${name}`;
}
