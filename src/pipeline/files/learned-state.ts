import { compareIds, InputError } from "../../domain/index.js";
import {
  check,
  type EvidenceDocument,
  type LearnedStateDocument,
  learnedStateSchema,
  showValue,
  type StateCompartment,
} from "../../domain/schemas/index.js";
import { checkEvidence, DAMAGED } from "./evidence-checks.js";
import { decodeUtf8, parseJson, readFileBytes } from "../../planner/index.js";
import { migrateFirst, migrateSecond } from "./migrate-state.js";

const FORMAT = "phase19-learned-state";
const SCHEMA_VERSION = 3;
/** Text of the numbers of a row, kept on one line. */
const ROW = /\[\s*((?:(?:-?\d+|null),?\s*)+)\]/g;

/**
 * The learned state in a text, checked to the last number; one of an older version is read as the newest.
 *
 * @param place file name for the messages
 * @throws InputError: not JSON; another format; a newer schema version; a field missing, unknown or of the wrong kind; counts
 * that contradict each other
 */
export function parseLearnedState(text: string, place: string): LearnedStateDocument {
  const json = parseJson(text, place);
  const version = refuseForeign(json, place);
  const state = readVersion(version, json, place);
  checkCompartment(state.real, `${place}: real`);
  checkCompartment(state.simulated, `${place}: simulated`);
  refuseTwice(
    state.runs.map(({ run_id: runId }) => runId),
    `${place}: runs`,
    "run_id",
  );
  return state;
}

function readVersion(version: unknown, json: unknown, place: string): LearnedStateDocument {
  if (version === 1) return migrateFirst(json, place);
  return version === 2 ? migrateSecond(json, place) : check(learnedStateSchema, json, place);
}

/** The learned state in a file. @throws InputError as `parseLearnedState`, and where the file cannot be read */
export async function readLearnedState(file: string): Promise<LearnedStateDocument> {
  return parseLearnedState(decodeUtf8(await readFileBytes(file), file), file);
}

/** The one text of a state: fields in the order of its schema, records by key, a row a line, a newline at the end. */
export function learnedStateText(state: LearnedStateDocument): string {
  const ordered: LearnedStateDocument = {
    format: state.format,
    schema_version: state.schema_version,
    run_id: state.run_id,
    updated: state.updated,
    files: state.files.map(({ name, sha256, bytes, rows, head_sha256 }) => ({
      name,
      sha256,
      bytes,
      rows,
      head_sha256,
    })),
    type_from: state.type_from,
    real: orderCompartment(state.real),
    simulated: orderCompartment(state.simulated),
    runs: state.runs.map(({ run_id, outcomes }) => ({ run_id, outcomes })),
  };
  const text = JSON.stringify(ordered, null, 1);
  return `${text.replace(ROW, (_, numbers: string) => `[${numbers.replace(/\s+/g, "")}]`)}\n`;
}

function orderCompartment(compartment: StateCompartment): StateCompartment {
  return {
    outcomes: compartment.outcomes,
    evidence: orderEvidence(compartment.evidence),
    recent: compartment.recent.map(orderEvidence),
    history_waves: [...compartment.history_waves],
    run_waves: compartment.run_waves,
    restated_agents: [...compartment.restated_agents].sort(compareIds),
    heuristic_weights: sortRecord(compartment.heuristic_weights, (weight) => weight),
    heuristic_performance: sortRecord(compartment.heuristic_performance, ({ applications, successes }) => {
      return { applications, successes };
    }),
    phase17_performance: sortRecord(compartment.phase17_performance, ({ applications, successes }) => {
      return { applications, successes };
    }),
    strategies: sortRecord(compartment.strategies, ({ waves, mean_reward, squares }) => {
      return { waves, mean_reward, squares };
    }),
  };
}

function orderEvidence({ agents, task_types, trials, log_times, gains }: EvidenceDocument): EvidenceDocument {
  return { agents, task_types, trials, log_times, gains };
}

function sortRecord<T>(record: Readonly<Record<string, T>>, copy: (value: T) => T): Record<string, T> {
  const entries = Object.entries(record).sort(([a], [b]) => compareIds(a, b));
  return Object.fromEntries(entries.map(([key, value]) => [key, copy(value)]));
}

/** @returns the version, where it is a number */
function refuseForeign(json: unknown, place: string): unknown {
  const fields = typeof json === "object" && json !== null ? (json as Record<string, unknown>) : {};
  if (fields.format !== FORMAT) {
    const found = fields.format === undefined ? "is missing" : `${showValue(fields.format)} is not ${FORMAT}`;
    throw new InputError(`${place}: format`, `${found}; give a learned_state.json this program wrote`);
  }
  const version = fields.schema_version;
  if (typeof version === "number" && version > SCHEMA_VERSION) {
    const cure = "use a newer phase19-optimizer, or start afresh with --fresh";
    throw new InputError(
      `${place}: schema_version`,
      `${version} is newer than ${SCHEMA_VERSION}, the latest this version reads; ${cure}`,
    );
  }
  return version;
}

/** Rules between the numbers of a compartment. */
function checkCompartment(compartment: StateCompartment, place: string): void {
  checkEvidence(compartment.evidence, `${place}.evidence`);
  compartment.recent.forEach((wave, k) => checkEvidence(wave, `${place}.recent[${k}]`));
  for (const [id, { applications, successes }] of Object.entries(compartment.heuristic_performance)) {
    if (successes <= applications) continue;
    const rule = `${successes} successes of ${applications} applications; ${DAMAGED}`;
    throw new InputError(`${place}.heuristic_performance.${id}`, rule);
  }
}

function refuseTwice(keys: readonly string[], place: string, what: string): void {
  const seen = new Set<string>();
  keys.forEach((key, k) => {
    if (seen.has(key)) {
      throw new InputError(`${place}[${k}]`, `${key} is listed twice; remove one entry of the same ${what}`);
    }
    seen.add(key);
  });
}
