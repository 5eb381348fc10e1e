import { join } from "node:path";
import {
  attributeOf,
  COMMAND_OPTIONS,
  EMPTY_HISTORY,
  type FlagOption,
  type Heuristics,
  type History,
  InputError,
  longOf,
  NO_HEURISTICS,
  type Problem,
  RUN_OPTIONS,
} from "../../domain/index.js";
import type { LearnedStateDocument } from "../../domain/schemas/index.js";
import type * as Pipeline from "../../pipeline/index.js";
import type { Phases, PhaseSources } from "../../pipeline/index.js";
import { historyOfState, learnPhases } from "./learned-input.js";
import type { Notes } from "./notes.js";
import { requireFolder } from "./require-folder.js";
import { type FlagsOf, WHAT_IF_FLAGS, whatIfOf } from "./flags.js";

/** Where the wave comes from: a problem document, or the files of the neighbouring phases. */
export type Source =
  { readonly kind: "document"; readonly path: string } | { readonly kind: "phases"; readonly files: PhaseSources };

export interface SolveInput {
  readonly problem: Problem;
  readonly history: History;
  readonly heuristics: Heuristics;
  /** Number of the wave, null of a document. */
  readonly wave: number | null;
  /** Field that stands for the type of a task, or `none`; null of a document. */
  readonly typeFrom: string | null;
  /** Phase 16's word by task id, as far as there is one. */
  readonly approvalStatus: ReadonlyMap<string, string>;
  /** Of every wave. */
  readonly taskIds: readonly string[];
  /** Null where none was named. */
  readonly state: LearnedStateDocument | null;
}

const withPhase18 = <O extends FlagOption>(option: O) => ({ ...option, help: `with --phase18: ${option.help}` });

const PHASE_ONLY = [
  withPhase18(RUN_OPTIONS.tasksFile),
  withPhase18({ ...RUN_OPTIONS.phase16Dir, otherwise: "beside Phase 18's where --tasks is not given" }),
  withPhase18({ ...RUN_OPTIONS.phase17Dir, otherwise: undefined }),
  withPhase18(RUN_OPTIONS.agents),
  withPhase18(RUN_OPTIONS.agentsFile),
  withPhase18(RUN_OPTIONS.priorityOrder),
  withPhase18(RUN_OPTIONS.typeFrom),
];

/** The options that say which wave is planned, and from what it is predicted. */
export const INPUT_OPTIONS = [
  COMMAND_OPTIONS.problem,
  {
    ...RUN_OPTIONS.phase18Dir,
    help: "instead of --problem: Phase 18's output directory",
    otherwise: undefined,
  },
  COMMAND_OPTIONS.wave,
  ...PHASE_ONLY,
  ...WHAT_IF_FLAGS,
  { ...RUN_OPTIONS.stateFile, help: "predict from this learned state too; it is only read", otherwise: undefined },
];
export type InputFlags = FlagsOf<(typeof INPUT_OPTIONS)[number]>;

/**
 * Finds the one input the flags name.
 *
 * @throws InputError where they name none or two, or set what the input does not use
 */
export function chooseSource(flags: InputFlags, command = "phase19 solve"): Source {
  const { problem, phase18 } = flags;
  if (problem !== undefined && phase18 !== undefined) {
    throw new InputError(command, "takes --problem or --phase18, not both");
  }
  if (phase18 !== undefined) return { kind: "phases", files: choosePhaseFiles(flags, phase18) };
  if (problem === undefined) {
    throw new InputError(command, "needs an input: --problem FILE, or --phase18 DIR with --tasks FILE");
  }
  const stray = PHASE_ONLY.find(({ flag }) => flags[attributeOf(flag)] !== undefined);
  if (stray !== undefined) {
    throw new InputError(
      longOf(stray.flag),
      "goes with --phase18 only; a problem document holds its own tasks and agents",
    );
  }
  return { kind: "document", path: problem };
}

/** Without a task file the plan of Phase 16 is meant: that of `--phase16`, else of the folder beside Phase 18's. */
function choosePhaseFiles(flags: InputFlags, phase18Dir: string): PhaseSources {
  const { tasks, phase17, agentsFile, agents, typeFrom, priorityOrder = "ascending" } = flags;
  const phase16Dir = flags.phase16 ?? (tasks === undefined ? join(phase18Dir, "..", "phase16") : null);
  return {
    phase18Dir,
    priorityOrder,
    ...(typeFrom !== undefined && { typeFrom }),
    ...(tasks !== undefined && { tasksFile: tasks }),
    ...(phase16Dir !== null && { phase16Dir }),
    ...(phase17 !== undefined && { phase17Dir: phase17 }),
    ...(agentsFile !== undefined && { agentsFile }),
    ...(agents !== undefined && { agents }),
  };
}

/** The files named on the command line, which no output may overwrite. */
export function namedFiles(
  source: Source,
  { state, plan }: Pick<InputFlags, "state"> & { readonly plan?: string },
): string[] {
  const { tasksFile, agentsFile } = source.kind === "document" ? { tasksFile: source.path } : source.files;
  return [tasksFile, agentsFile, state, plan].filter((file) => file !== undefined && file !== "-") as string[];
}

/** Reads the wave and says on standard error what was left out of it. */
export async function readInput(source: Source, flags: InputFlags, notes: Notes): Promise<SolveInput> {
  const state = flags.state === undefined ? null : await (await loadPipeline()).readLearnedState(flags.state);
  if (source.kind === "document") {
    const { readProblem } = await import("../../planner/index.js");
    const problem = await readProblem(source.path, { whatIf: whatIfOf(flags) });
    const history = state === null ? EMPTY_HISTORY : await historyOfState(state);
    const taskIds = problem.tasks.map(({ taskId }) => taskId);
    const silent = { heuristics: NO_HEURISTICS, typeFrom: null, approvalStatus: new Map<string, string>() };
    return { problem, history, ...silent, wave: flags.wave ?? null, taskIds, state };
  }
  const pipeline = await loadPipeline();
  for (const name of ["phase18", "phase17", "phase16"] as const) await requireFolder(`--${name}`, flags[name]);
  const phases = await pipeline.loadPhases(source.files, state === null ? {} : { known: state.files });
  reportPhases(phases.report, notes);
  const { history, heuristics } = state === null ? phases : await learnPhases(state, phases);
  const { tasks, earlier } = await followEvaluated(flags, phases.tasks, pipeline, notes);
  const unchanged = pipeline.buildWaveProblem(
    { ...phases, tasks, history, heuristics },
    {
      ...earlier,
      ...(flags.wave !== undefined && { wave: flags.wave }),
      ...(flags.agents !== undefined && { agents: flags.agents }),
    },
  );
  const { changeProblem } = await import("../../planner/index.js");
  const problem = changeProblem(unchanged, whatIfOf(flags));
  const [onlyWave] = phases.tasks.map(({ wave }) => wave);
  return {
    ...{ problem, history, heuristics, state, wave: flags.wave ?? onlyWave ?? null },
    typeFrom: phases.typeField,
    approvalStatus: new Map(
      phases.tasks.flatMap(({ task, approvalStatus: word }) => (word === null ? [] : [[task.taskId, word]])),
    ),
    taskIds: phases.tasks.map(({ task }) => task.taskId),
  };
}

type EarlierTasks = Pick<Pipeline.EarlierWaves, "finishedTaskIds" | "unfinishedTaskIds">;

/** What `evaluate` booked of earlier waves, in the tree beside Phase 18's folder: who is finished, and who was put off into this wave. */
async function followEvaluated(
  { phase18, wave }: InputFlags,
  tasks: Phases["tasks"],
  pipeline: typeof Pipeline,
  notes: Notes,
): Promise<{ readonly tasks: Phases["tasks"]; readonly earlier: EarlierTasks | null }> {
  if (phase18 === undefined || wave === undefined) return { tasks, earlier: null };
  const tree = join(phase18, "..", "phase19");
  const earlier = await pipeline.readEarlierWaves(tree, wave, tasks);
  const { waves, carried, unreported } = earlier;
  if (waves.length === 0) return { tasks, earlier: null };
  notes.detail(`${tree}: waves ${waves.join(", ")} were evaluated; ${earlier.finishedTaskIds.size} tasks are finished`);
  if (carried.size > 0) notes.warn(`put off by earlier waves and planned again: ${[...carried.keys()].join(", ")}`);
  if (unreported.length > 0) {
    notes.warn(`not planned again, because nobody reported whether they ran: ${unreported.join(", ")}`);
  }
  return { tasks: pipeline.carryInto(wave, tasks, carried), earlier };
}

/** A problem document without a learned state does not wait for the pipeline to load. */
const loadPipeline = (): Promise<typeof Pipeline> => import("../../pipeline/index.js");

function reportPhases(report: Phases["report"], notes: Notes): void {
  const { skipped, absent, unknownFields, misspelt, notes: remarks } = report;
  for (const sentence of misspelt) notes.warn(sentence);
  for (const { place, reason } of skipped) notes.warn(`skipped ${place}: ${reason}`);
  for (const file of absent) notes.detail(`absent: ${file}`);
  for (const [file, counts] of Object.entries(unknownFields)) {
    const fields = Object.entries(counts).map(([field, count]) => `${field} (${count})`);
    notes.detail(`${file}: fields not known here: ${fields.join(", ")}`);
  }
  for (const remark of remarks) notes.detail(remark);
}
