import {
  CUSTOM_STRATEGY,
  type OptionsReport,
  optionsToDocument,
  snakeCase,
  SOLVE_OPTION_NAMES,
  SOLVE_OPTIONS,
  type SolveOptions,
  type ResultDocument,
} from "../../domain/index.js";
import type { CheckList } from "./report.js";

/** Whether the options a result states are those of the document and the call, as far as they say what is solved. */
export function checkOptions(result: ResultDocument, asked: SolveOptions, list: CheckList): void {
  const due = optionsToDocument(asked);
  const named = result.strategy === CUSTOM_STRATEGY ? result.options.strategy : result.strategy;
  list.check(
    "strategy",
    named === due.strategy,
    named === due.strategy ? named : `${named}, asked for ${due.strategy}`,
  );
  for (const name of SOLVE_OPTION_NAMES.filter((one) => SOLVE_OPTIONS[one].group === "Planning")) {
    const key = snakeCase(name);
    const [stated, expected] = [showOption(result.options[key]), showOption(due[key])];
    const cure = `document and call say ${expected}; give the options again that it was solved with`;
    list.check(`options.${key}`, stated === expected, stated === expected ? stated : `states ${stated}, ${cure}`);
  }
}

/** An option as text; weights as the command line has them, in one order. */
function showOption(value: OptionsReport[keyof OptionsReport]): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, weight]) => `${key}=${weight}`).join(",");
}
