import { bench } from "./bench.js";
import { calibrate } from "./calibrate.js";
import { compare } from "./compare.js";
import { diff } from "./diff.js";
import { evaluate } from "./evaluate.js";
import { explain } from "./explain.js";
import { learn } from "./learn.js";
import { mcp } from "./mcp.js";
import { replan } from "./replan.js";
import { report } from "./report.js";
import { run } from "./run.js";
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
  bench,
] as const;
