import { type OptionsReport, reportOptions, type SolveOptions, type SolveResult } from "../../domain/index.js";
import type { CheckList } from "./report.js";

/** Options that say what is solved; the others say how hard and by whom, and change no fact that a result states. */
const BINDING = [
  "strategy",
  "weights",
  "load_limit",
  "budget",
  "defer_penalty",
  "no_defer",
  "max_retries",
  "risk_aversion",
  "exploration",
  "explore_high_risk",
] as const satisfies readonly (keyof OptionsReport)[];

/** Whether the options a result states are those of the document and the call. */
export function checkOptions(result: SolveResult, asked: SolveOptions, list: CheckList): void {
  const due = reportOptions(asked);
  list.check("strategy", result.strategy === due.strategy, `${result.strategy}, asked for ${due.strategy}`);
  for (const name of BINDING) {
    const [stated, expected] = [showOption(result.options[name]), showOption(due[name])];
    const cure = `document and call say ${expected}; give the options again that it was solved with`;
    list.check(`options.${name}`, stated === expected, stated === expected ? stated : `states ${stated}, ${cure}`);
  }
}

/** An option as text, keys in one order. */
function showOption(value: OptionsReport[keyof OptionsReport]): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
