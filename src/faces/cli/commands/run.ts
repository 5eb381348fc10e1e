import { COMMAND_OPTIONS, InputError, RUN_OPTIONS, SOLVE_OPTIONS } from "../../../domain/index.js";
import type { RunOptions } from "../../../pipeline/index.js";
import { readApprovals } from "../approvals.js";
import { defineCommand, OUTPUT_OPTIONS, PLANNING_OPTIONS } from "../command.js";
import { givenByFlags } from "../flags.js";
import { createNotes } from "../notes.js";
import { reportRun } from "../report-run.js";

/** `phase19 run`: the whole pipeline, from the phases' files to the output directory. */
export const run = defineCommand({
  name: "run",
  summary: "The whole pipeline: gate, plan, execute, compare, learn, watch and report.",
  options: [
    ...Object.values(RUN_OPTIONS).filter((option) => "flag" in option),
    ...PLANNING_OPTIONS,
    COMMAND_OPTIONS.now,
    COMMAND_OPTIONS.dryRun,
    COMMAND_OPTIONS.execute,
    COMMAND_OPTIONS.approve,
    COMMAND_OPTIONS.events,
    ...OUTPUT_OPTIONS,
  ],
  help: `
Examples:
  $ phase19 run --outputs outputs
  $ phase19 run --outputs outputs --strategy adaptive --weights success=0.7,throughput=0.3
  $ phase19 run --outputs outputs --exploration 0.01
  $ phase19 run --outputs outputs --waves 2 --gate live --approve approved.txt --events events.jsonl
  $ phase19 run --outputs outputs --live --execute "command:python3 agent.py" --attempt-timeout 2m

Reads phase16, phase17 and phase18 below --outputs, writes phase19 there in one swap, and adds a feedback
row to phase16 and phase18. Ctrl-C keeps the finished waves.`,
  check: ({ live, dryRun, gate, execute = SIMULATED }) => {
    if (live === true && dryRun === true) throw new InputError("phase19 run", "takes --dry-run or --live, not both");
    if (live === true && gate === "rehearse") {
      throw new InputError("--gate", "rehearse is for dry runs; a live run always obeys the live gate");
    }
    if (live === true && execute === SIMULATED) {
      throw new InputError(
        "--live",
        "needs an executor that really runs tasks, such as --execute command:CMD or http:URL; leave --live out, or let Phase 18 run the plan and report its outcomes with phase19 evaluate",
      );
    }
  },
  run: async (flags, environment) => {
    const notes = createNotes(flags, environment.writeError);
    const pipeline = await import("../../../pipeline/index.js");
    const { strategy = RUN_OPTIONS.strategy.default, weights } = flags;
    if (weights !== undefined && strategy !== "mix" && strategy !== "adaptive") {
      notes.warn(`--weights: used by mix and adaptive only, ${strategy} takes no notice`);
    }
    if (flags.solver !== "greedy") (await import("../../../engine/index.js")).prewarm(flags.threads);
    const executor = await pipeline.createExecutor(flags.execute ?? SIMULATED);
    if (executor !== null && flags.live !== true) {
      throw new InputError("--execute", `${flags.execute} runs tasks for real; a dry run must not: give --live`);
    }
    const approvals = flags.approve === undefined ? null : await readApprovals(flags.approve);
    const base: RunOptions = {
      ...(executor !== null && { executor }),
      ...givenByFlags(SOLVE_OPTIONS, { ...flags, strategy: undefined }),
      ...givenByFlags(RUN_OPTIONS, flags),
      ...(approvals !== null && { approved: approvals.ids }),
    };
    const settings = { notes, places: base, inputs: [approvals?.file], goesOn: flags.live === true };
    return reportRun(flags, environment, settings, (ears) =>
      new pipeline.Phase19Harness({ ...base, ...ears }).runPhase19(),
    );
  },
});

const SIMULATED = COMMAND_OPTIONS.execute.default;
