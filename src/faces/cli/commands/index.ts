import { bench } from "./bench.js";
import { calibrate } from "./calibrate.js";
import { compare } from "./compare.js";
import { completion } from "./completion.js";
import { diff } from "./diff.js";
import { evaluate } from "./evaluate.js";
import { explain } from "./explain.js";
import { init } from "./init.js";
import { learn } from "./learn.js";
import { mcp } from "./mcp.js";
import { replan } from "./replan.js";
import { report } from "./report.js";
import { run } from "./run.js";
import { schema } from "./schema.js";
import { serve } from "./serve.js";
import { showModel } from "./show-model.js";
import { solve } from "./solve.js";
import { verify } from "./verify.js";
import { worker } from "./worker.js";

/** Every command, in the order of help. What a command needs to do its work it loads when it runs. */
export const COMMANDS = [
  solve,
  run,
  evaluate,
  verify,
  replan,
  explain,
  compare,
  report,
  serve,
  diff,
  showModel,
  learn,
  calibrate,
  worker,
  mcp,
  init,
  schema,
  completion,
  bench,
] as const;

/** Headings of the list of commands, in the order in which they first come. */
const GROUPS: readonly { readonly heading: string; readonly names: readonly string[] }[] = [
  { heading: "Plan and run:", names: ["solve", "run", "evaluate", "replan"] },
  { heading: "See and ask:", names: ["verify", "explain", "compare", "report", "diff", "show-model"] },
  { heading: "Learn:", names: ["learn", "calibrate"] },
  { heading: "Serve:", names: ["serve", "worker", "mcp"] },
];

/** The heading of a command in the list of all. */
export function groupOf(name: string): string {
  return GROUPS.find(({ names }) => names.includes(name))?.heading ?? "Other:";
}
