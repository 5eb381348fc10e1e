import { COMMAND_OPTIONS, InputError, SOLVE_OPTIONS, toJsonText } from "../../../domain/index.js";
import type { ProblemDocument, TaskDocument, WaveEvent } from "../../../domain/schemas/index.js";
import type * as Planner from "../../../planner/index.js";
import { noteDefaultTimes } from "../default-notes.js";
import { defineCommand, OUTPUT_OPTIONS } from "../command.js";
import { givenByFlags } from "../flags.js";
import { createNotes } from "../notes.js";
import { checkOutputFiles, keepBesideOutput } from "../output-files.js";
import { presentResult } from "../present.js";
import { problemText } from "../problem-text.js";
import { readContent, readJson } from "../read-json.js";
import { exitOfPlan, PLAN_CUT, runAbortably } from "../run-abortably.js";

const EVENTS = {
  ...COMMAND_OPTIONS.events,
  group: "Input",
  help: "what has happened since, as JSONL; - is standard input",
} as const;

/** `phase19 replan`: the present plan and what has happened since, to the plan that changes least. */
export const replan = defineCommand({
  name: "replan",
  summary: "Plan what is left of a wave again: what ended stands, what runs goes on, and as little as possible moves.",
  argument: "the present plan: a result of solve or replan, or - for standard input",
  options: [
    COMMAND_OPTIONS.problem,
    EVENTS,
    {
      ...COMMAND_OPTIONS.stay,
      help: "what each changed task costs, a share of the first goal's value",
      otherwise: "0.0005",
    },
    { ...SOLVE_OPTIONS.timeLimitMs, otherwise: "150ms" },
    SOLVE_OPTIONS.workLimit,
    SOLVE_OPTIONS.seed,
    COMMAND_OPTIONS.now,
    COMMAND_OPTIONS.resultFile,
    COMMAND_OPTIONS.saveProblem,
    ...OUTPUT_OPTIONS,
  ],
  required: [COMMAND_OPTIONS.problem, EVENTS],
  help: `
Example:
  $ phase19 replan result.json --problem wave.json --events events.jsonl --out next.json --save-problem rest.json
  $ phase19 verify next.json --problem rest.json --plan result.json --stay 0.0005

Rows: {"at_ms": 1200, "event": "agent_down", "agent_id": "agent_0"}; events are started, ended, failed, agent_down, agent_up,
task_added and task_withdrawn. The problem is the saved one (--save-problem), with the tasks that came since left out.`,
  check: ({ problem, events }, resultFile) => {
    if ([problem, events, resultFile].filter((file) => file === "-").length > 1)
      throw new InputError("--events", "only one of the inputs can be - (standard input)");
  },
  run: async (flags, environment, resultFile) => {
    const outputs = {
      ...(flags.out !== undefined && { result: { option: "--out", path: flags.out, kind: "result" as const } }),
      ...(flags.saveProblem !== undefined && {
        problem: { option: "--save-problem", path: flags.saveProblem, kind: "problem" as const },
      }),
    };
    await checkOutputFiles(Object.values(outputs), [resultFile, flags.problem, flags.events]);
    const planner = await import("../../../planner/index.js");
    const { json: plan } = await readJson(resultFile);
    const { json: document } = await readJson(flags.problem);
    const place = flags.events === "-" ? "standard input" : flags.events;
    const rows = parseRows(await readContent(flags.events, place), place, planner.parseJson);
    const notes = createNotes(flags, environment.writeError);
    const { answer, wasInterrupted } = await runAbortably(environment, notes, PLAN_CUT, (signal) =>
      inLines(rows, (events) =>
        planner.replan(plan, document, events, {
          ...givenByFlags(SOLVE_OPTIONS, flags),
          ...(flags.stay !== undefined && { stay: flags.stay }),
          ...(flags.now !== undefined && { now: new Date(flags.now) }),
          signal,
        }),
      ),
    );
    const { result, problem } = answer;
    const given = withGivenTimes(problem, rows);
    if (given !== null) {
      const [own, whole] = [given, problem].map((one) => planner.parseProblem(one, "problem"));
      const full = planner.fillFromPrior(whole!, { maxRetries: result.options.max_retries });
      noteDefaultTimes(await planner.defaultTimes(own!, full), notes, environment.isTerminal);
    }
    const stdout = await presentResult(result, flags, environment);
    let exitCode = exitOfPlan(result.termination, wasInterrupted);
    if (outputs.problem !== undefined) {
      const text = problemText(problem, outputs.problem.option);
      exitCode = await keepBesideOutput(outputs.problem, text, exitCode, notes);
    }
    if (result.error !== null) notes.error(result.error);
    return { stdout, exitCode: await keepBesideOutput(outputs.result, toJsonText(result), exitCode, notes) };
  },
});

/** The problem with the tasks that came as their rows have them: without the times that were predicted. Null where none came. */
function withGivenTimes({ tasks, ...problem }: ProblemDocument, rows: readonly Row[]): ProblemDocument | null {
  const added = rows.flatMap(({ value }): TaskDocument[] => {
    const event = value as WaveEvent;
    return event.event === "task_added" ? [event.task] : [];
  });
  if (added.length === 0) return null;
  const rowOf = new Map(added.map((task) => [task.task_id, task]));
  const given = (task: TaskDocument): TaskDocument => {
    const row = rowOf.get(task.task_id);
    return row === undefined ? task : { ...task, estimates: row.estimates };
  };
  return { ...problem, tasks: tasks.map(given) };
}

interface Row {
  /** `events.jsonl:7`. */
  readonly place: string;
  readonly value: unknown;
}

/** @throws InputError `file:line` where a line is not JSON */
function parseRows(text: string, place: string, parseJson: typeof Planner.parseJson): Row[] {
  return text.split("\n").flatMap((line, k) => {
    if (line.trim() === "") return [];
    const own = `${place}:${k + 1}`;
    return [{ place: own, value: parseJson(line, own, "line") }];
  });
}

/** What a row breaks is named by its line, not by its number in a list that the file does not show. */
async function inLines<T>(rows: readonly Row[], work: (events: readonly unknown[]) => Promise<T>): Promise<T> {
  try {
    return await work(rows.map(({ value }) => value));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [, number, rest] = /^events\[(\d+)\](.*)$/.exec(error.place) ?? [];
    const row = rows[Number(number)];
    if (row === undefined) throw error;
    throw new InputError(`${row.place}${rest}`, error.rule, { cause: error });
  }
}
