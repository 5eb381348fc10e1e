import type { WaveRecord } from "../../domain/index.js";
import { EMPTY_STATE, type LearnedFile, type LearnedStateDocument } from "../../domain/schemas/index.js";
import { learnedStateText } from "../files/learned-state.js";
import type { OutputDirectory } from "../files/output-directory.js";
import { type EvaluatedWave, readEvaluatedWaves } from "./evaluated-waves.js";
import type { RunOptions } from "./options.js";
import { readStateFile, stateInPlace } from "./start-run.js";

/** The tree that an evaluated wave goes into. */
export interface EvaluatedTree {
  readonly runId: string;
  /** What its first wave started from, or the state file where that has learned something else since. */
  readonly stateBefore: LearnedStateDocument;
  /** Its other waves, ascending; those that the state has learned already teach nothing any more. */
  readonly others: readonly EvaluatedWave[];
  /** Outcome files whose rows count as learned. */
  readonly known: readonly LearnedFile[];
  /** Tasks of this wave that count as learned. */
  readonly knownIds: ReadonlySet<string>;
  /** The wave goes into a tree that was there, under its name. */
  readonly isGathered: boolean;
}

type TreeOptions = Pick<RunOptions, "runId" | "stateFile" | "fresh">;

/**
 * The tree in place where the wave belongs to it, else a new one: waves of one `runId` belong together; without one, waves
 * whose tasks are others. A wave of the same number takes the place of the one before.
 *
 * @param newId name of a new tree
 * @throws InputError where the tree or a state is damaged, or the name cannot be used
 */
export async function findTree(
  directory: OutputDirectory,
  record: WaveRecord,
  options: TreeOptions,
  newId: string,
): Promise<EvaluatedTree> {
  const givenId = options.runId ?? null;
  const { previous, path } = directory;
  const waves = previous === null || options.fresh === true ? [] : await readEvaluatedWaves(path);
  const belongs = givenId === null ? isOfSameTree(waves, record) : givenId === previous?.runId;
  if (previous === null || previous.summary === null || waves.length === 0 || !belongs) {
    const runId = givenId ?? newId;
    const stateBefore = await stateOfNewTree(directory, runId, options);
    return { runId, stateBefore, others: [], known: stateBefore.files, knownIds: new Set(), isGathered: false };
  }
  const runId = previous.summary.run_id;
  const given = options.stateFile === undefined ? null : await readStateFile(options.stateFile, "begin");
  const isElsewhere = given !== null && learnedStateText(given.state) !== previous.stateAfter;
  const stateBefore = isElsewhere ? given.state : stateInPlace(directory, runId, false);
  const isLearned = ({ learnedFiles }: EvaluatedWave): boolean =>
    learnedFiles.every(({ sha256 }) => stateBefore.files.some((file) => file.sha256 === sha256));
  const others = waves.filter(({ wave }) => wave.record.wave !== record.wave);
  const replaced = waves.find(({ wave }) => wave.record.wave === record.wave);
  return {
    runId,
    stateBefore,
    others: others.map((one) => (isElsewhere && isLearned(one) ? { ...one, freshIds: new Set<string>() } : one)),
    known: [
      ...stateBefore.files,
      ...others.filter((one) => sharesTask(one, record)).flatMap((one) => one.learnedFiles),
    ],
    knownIds: isElsewhere && replaced !== undefined && isLearned(replaced) ? ranIds(replaced.wave.record) : new Set(),
    isGathered: true,
  };
}

/** A wave of the same number has tasks of this one, and no other wave ran one of its tasks. */
function isOfSameTree(waves: readonly EvaluatedWave[], record: WaveRecord): boolean {
  const own = new Set(idsOf(record));
  return waves.every((one) =>
    one.wave.record.wave === record.wave
      ? idsOf(one.wave.record).some((taskId) => own.has(taskId))
      : !sharesTask(one, record),
  );
}

/** Tasks the plan placed or put off. */
function idsOf({ planned, deferrals }: WaveRecord): string[] {
  return [...planned, ...deferrals].map(({ taskId }) => taskId);
}

function sharesTask({ wave }: EvaluatedWave, record: WaveRecord): boolean {
  const ran = ranIds(wave.record);
  return record.tasks.some(({ taskId }) => ran.has(taskId));
}

function ranIds({ tasks }: WaveRecord): ReadonlySet<string> {
  return new Set(tasks.map(({ taskId }) => taskId));
}

/** A state file that is not there yet is begun. */
async function stateOfNewTree(
  directory: OutputDirectory,
  runId: string,
  { stateFile, fresh = false }: TreeOptions,
): Promise<LearnedStateDocument> {
  if (stateFile === undefined) return stateInPlace(directory, runId, fresh);
  if (fresh) return EMPTY_STATE;
  return (await readStateFile(stateFile, "begin"))?.state ?? EMPTY_STATE;
}
