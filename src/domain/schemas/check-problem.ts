import { findIdFault } from "../ids.js";
import { LARGEST, SOLVE_OPTIONS } from "../options/solve-options.js";
import { check } from "./check.js";
import { SMALLEST } from "./fields.js";
import { type ProblemDocument, problemSchema } from "./problem.js";

type Task = ProblemDocument["tasks"][number];

/** Ranges of the numbers of an estimate, as their fields in the schema say. */
export const ESTIMATE_RANGES: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ["success_probability", [0, 1]],
  ["duration_ms", [SMALLEST, LARGEST]],
  ["retries", [0, SOLVE_OPTIONS.maxRetries.kind.max]],
  ["confidence_delta", [-1, 1]],
  ["cost", [0, LARGEST]],
]);

/**
 * `check` of a problem document. Estimates are most of a large one, and a schema takes many times as long for them as this loop: those that are plain
 * numbers within their ranges are checked here, all others, and whatever is wrong, by the schema, which names the fault.
 *
 * @throws InputError as `check` does. O(size of the document)
 */
export function checkProblem(json: unknown, place: string): ProblemDocument {
  const plain = plainTasks(json);
  if (plain === null) return check<ProblemDocument>(problemSchema, json, place);
  const { value, estimates } = plain;
  const parsed = problemSchema.safeParse(value);
  if (!parsed.success) return check<ProblemDocument>(problemSchema, json, place);
  const document: ProblemDocument = parsed.data;
  const tasks = document.tasks.map((task, k): Task => (estimates[k] ? { ...task, estimates: estimates[k] } : task));
  return { ...document, tasks };
}

interface PlainTasks {
  /** The document without the plain estimates. */
  readonly value: object;
  /** By task; null where its estimates are left to the schema. */
  readonly estimates: readonly (Task["estimates"] | null)[];
}

/** Null where no task has plain estimates. */
function plainTasks(json: unknown): PlainTasks | null {
  if (!isObject(json) || !Array.isArray(json["tasks"])) return null;
  const sound = new Set<string>();
  const tasks: readonly unknown[] = json["tasks"];
  const estimates = tasks.map((task) => {
    const own = isObject(task) ? task["estimates"] : null;
    return arePlain(own, sound) ? own : null;
  });
  if (estimates.every((own) => own === null)) return null;
  const light = tasks.map((task, k) => (estimates[k] === null ? task : { ...(task as object), estimates: null }));
  return { value: { ...json, tasks: light }, estimates };
}

/** @param sound ids without a fault, grows */
function arePlain(estimates: unknown, sound: Set<string>): estimates is NonNullable<Task["estimates"]> {
  if (!isObject(estimates)) return false;
  for (const id of Object.keys(estimates)) {
    if (!sound.has(id)) {
      if (findIdFault(id) !== null) return false;
      sound.add(id);
    }
    const estimate = estimates[id];
    if (!isObject(estimate)) return false;
    for (const field of Object.keys(estimate)) {
      const [range, value] = [ESTIMATE_RANGES.get(field), estimate[field]];
      if (range === undefined || typeof value !== "number" || !(value >= range[0] && value <= range[1])) return false;
    }
  }
  return true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
