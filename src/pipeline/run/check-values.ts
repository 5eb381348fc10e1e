import { InputError } from "../../domain/index.js";
import type { Executor } from "../execute/executor.js";
import type { RunOptions } from "./options.js";

const FLAGS = [
  ...(["live", "requireApproval", "allowThresholdRelaxation", "fresh", "replace"] as const),
  ...(["reassignment", "learnBetweenWaves"] as const),
];
const TEXTS = [
  ...(["outputsDir", "phase16Dir", "phase17Dir", "phase18Dir", "outDir", "tasksFile", "agentsFile"] as const),
  ...(["stateFile", "runId"] as const),
];
const LISTS = ["agents", "approved"] as const;

/** Checks the kind of each value. @throws InputError naming the option, its value and the rule */
export function checkValues(options: RunOptions): void {
  const refuse = (name: string, rule: string): never => {
    throw new InputError(`options.${name}`, rule);
  };
  for (const name of FLAGS) {
    const value: unknown = options[name];
    if (value !== undefined && typeof value !== "boolean") refuse(name, `${String(value)} is not true or false`);
  }
  for (const name of TEXTS) {
    const value: unknown = options[name];
    if (value === undefined || (typeof value === "string" && value !== "" && !value.includes("\0"))) continue;
    refuse(name, `${typeof value === "string" ? JSON.stringify(value) : String(value)} is not a text without NUL`);
  }
  for (const name of LISTS) {
    const value: unknown = options[name];
    const isList = Array.isArray(value) && value.every((id) => typeof id === "string");
    if (value !== undefined && !isList) refuse(name, `${String(value)} is not an array of ids`);
  }
  const { now, attemptTimeoutMs, numWaves, executor } = options;
  if (now !== undefined && !(now instanceof Date && !Number.isNaN(now.getTime()))) {
    refuse("now", `${String(now)} is not a valid Date`);
  }
  if (attemptTimeoutMs !== undefined && !(typeof attemptTimeoutMs === "number" && attemptTimeoutMs > 0)) {
    refuse("attemptTimeoutMs", `${String(attemptTimeoutMs)} is not a number of milliseconds greater than 0`);
  }
  if (numWaves !== undefined && !(Number.isSafeInteger(numWaves) && numWaves >= 1)) {
    refuse("numWaves", `${String(numWaves)} is not a whole number of at least 1`);
  }
  if (executor !== undefined) checkExecutor(executor);
}

/** What an executor must have before a run may rely on it. */
function checkExecutor(executor: Executor): void {
  const given: unknown = executor;
  if (typeof given !== "object" || given === null) {
    throw new InputError("options.executor", `${String(given)} is not an object with name, execution and execute`);
  }
  const { name, execution, time, execute } = given as Partial<Record<keyof Executor, unknown>>;
  const refuse = (field: string, value: unknown, rule: string): never => {
    throw new InputError(`options.executor.${field}`, `${JSON.stringify(value) ?? typeof value} is not ${rule}`);
  };
  if (typeof name !== "string" || name === "") refuse("name", name, "a name");
  if (execution !== "real" && execution !== "simulated") refuse("execution", execution, "real or simulated");
  if (time !== undefined && time !== "wall" && time !== "virtual") refuse("time", time, "wall or virtual");
  if (typeof execute !== "function") refuse("execute", execute, "a function");
}
