import { InputError } from "../../domain/index.js";
import { showValue } from "../../domain/schemas/index.js";
import type { Executor } from "./executor.js";

/** What an executor must have before a run may rely on it. */
export function checkExecutor(executor: Executor): void {
  const given: unknown = executor;
  if (typeof given !== "object" || given === null) {
    throw new InputError("options.executor", `${showValue(given)} is not an object with name, execution and execute`);
  }
  const { name, execution, time, execute } = given as Partial<Record<keyof Executor, unknown>>;
  const refuse = (field: string, value: unknown, rule: string): never => {
    throw new InputError(`options.executor.${field}`, `${showValue(value)} is not ${rule}`);
  };
  if (typeof name !== "string" || name === "") refuse("name", name, "a name");
  if (execution !== "real" && execution !== "simulated") refuse("execution", execution, "real or simulated");
  if (time !== undefined && time !== "wall" && time !== "virtual") refuse("time", time, "wall or virtual");
  if (typeof execute !== "function") refuse("execute", execute, "a function");
}
