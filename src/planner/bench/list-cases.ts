import { InputError, type SuiteName } from "../../domain/index.js";
import type { BenchCase } from "./bench-instance.js";
import { generatedCases } from "./generated-cases.js";
import { publicCases } from "./public-cases.js";

export interface CaseChoice {
  readonly suites: readonly SuiteName[];
  /** Directory of the public files; null: generated instances alone. */
  readonly instancesDir: string | null;
  /** Only instances whose `suite/name` holds this text. */
  readonly only: string;
}

/**
 * The instances to measure: of each suite the public ones, then the generated ones.
 *
 * @throws InputError where the directory is not there, or no instance is left
 */
export async function listCases({ suites, instancesDir, only }: CaseChoice): Promise<BenchCase[]> {
  const cases: BenchCase[] = [];
  for (const suite of suites) {
    if (instancesDir !== null) cases.push(...(await publicCases(suite, instancesDir)));
    cases.push(...generatedCases(suite));
  }
  const chosen = cases.filter((one) => caseLabel(one).includes(only));
  if (chosen.length === 0)
    throw new InputError("--only", `no instance of ${suites.join(", ")} has "${only}" in its name`);
  return chosen;
}

/** Name of an instance among all suites. */
export function caseLabel({ suite, name }: Pick<BenchCase, "suite" | "name">): string {
  return `${suite}/${name}`;
}
