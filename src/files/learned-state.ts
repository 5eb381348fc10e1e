import { InputError } from "../domain/errors.js";
import { compareIds } from "../domain/ids.js";
import { check, showValue } from "../domain/schemas/check.js";
import {
  learnedStateSchema,
  type LearnedStateDocument,
  type StateCompartment,
} from "../domain/schemas/learned-state.js";
import { parseJson } from "./json.js";
import { decodeUtf8, readFileBytes } from "./read.js";

const FORMAT = "phase19-learned-state";
const SCHEMA_VERSION = 1;

/**
 * The learned state in a text, checked to the last number.
 *
 * @param place file name for the messages
 * @throws InputError: not JSON; another format; a newer schema version; a field missing, unknown or of the wrong kind; counts
 * that contradict each other
 */
export function parseLearnedState(text: string, place: string): LearnedStateDocument {
  const json = parseJson(text, place);
  refuseForeign(json, place);
  const state = check(learnedStateSchema, json, place);
  checkCompartment(state.real, `${place}: real`);
  checkCompartment(state.simulated, `${place}: simulated`);
  refuseTwice(
    state.runs.map(({ run_id: runId }) => runId),
    `${place}: runs`,
    "run_id",
  );
  return state;
}

/** The learned state in a file. @throws InputError as `parseLearnedState`, and where the file cannot be read */
export async function readLearnedState(file: string): Promise<LearnedStateDocument> {
  return parseLearnedState(decodeUtf8(await readFileBytes(file), file), file);
}

/** The one text of a state: fields in the order of its schema, records by key, two spaces, a newline at the end. */
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
    real: orderCompartment(state.real),
    simulated: orderCompartment(state.simulated),
    runs: state.runs.map(({ run_id, outcomes }) => ({ run_id, outcomes })),
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

function orderCompartment(compartment: StateCompartment): StateCompartment {
  return {
    outcomes: compartment.outcomes,
    evidence: compartment.evidence.map(({ agent_id, task_type, risk_level, trials, log_times, gains }) => ({
      ...{ agent_id, task_type, risk_level, trials },
      log_times: { count: log_times.count, mean: log_times.mean, squares: log_times.squares },
      gains: { count: gains.count, mean: gains.mean, squares: gains.squares },
    })),
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

function sortRecord<T>(record: Readonly<Record<string, T>>, copy: (value: T) => T): Record<string, T> {
  const entries = Object.entries(record).sort(([a], [b]) => compareIds(a, b));
  return Object.fromEntries(entries.map(([key, value]) => [key, copy(value)]));
}

function refuseForeign(json: unknown, place: string): void {
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
}

/** Rules between the numbers of a compartment. */
function checkCompartment(compartment: StateCompartment, place: string): void {
  const cure = "the file is damaged: restore it, or start afresh with --fresh";
  compartment.evidence.forEach(({ trials, log_times, gains }, k) => {
    const at = `${place}.evidence[${k}]`;
    trials.forEach(([confidence, count, successes], t) => {
      if (successes > count) {
        throw new InputError(`${at}.trials[${t}]`, `${successes} successes of ${count} attempts; ${cure}`);
      }
      if (t > 0 && confidence <= trials[t - 1]![0]) {
        throw new InputError(`${at}.trials[${t}]`, `confidence ${confidence} does not ascend; ${cure}`);
      }
    });
    for (const [name, { count, mean, squares }] of [["log_times", log_times] as const, ["gains", gains] as const]) {
      if (count > 0 || (mean === 0 && squares === 0)) continue;
      throw new InputError(`${at}.${name}`, `mean ${mean} and squares ${squares} of 0 measurements; ${cure}`);
    }
  });
  for (const [id, { applications, successes }] of Object.entries(compartment.heuristic_performance)) {
    if (successes <= applications) continue;
    const rule = `${successes} successes of ${applications} applications; ${cure}`;
    throw new InputError(`${place}.heuristic_performance.${id}`, rule);
  }
  const kinds = compartment.evidence.map((entry) =>
    JSON.stringify([entry.agent_id, entry.task_type, entry.risk_level]),
  );
  refuseTwice(kinds, `${place}.evidence`, "agent, type and risk");
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
