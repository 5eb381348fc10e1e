/** The user gave something that breaks a rule. Exit code 2. */
export class InputError extends Error {
  override readonly name = "InputError";

  /**
   * @param place file with line (`tasks.jsonl:7`), JSON path (`problem.json: tasks[3].confidence`) or option (`--gap`)
   * @param rule what is required there, with the offending value and, where there is one, the cure
   */
  constructor(
    readonly place: string,
    readonly rule: string,
    options?: ErrorOptions,
  ) {
    super(`${place}: ${rule}`, options);
  }
}

/** A program or plan of ours breaks our own rules: a bug. Exit code 1. */
export class ModelError extends Error {
  override readonly name = "ModelError";
}

/** A solver package failed (did not load, aborted, answered rubbish). Carried in `attempts`, never thrown at a user. */
export class SolverError extends Error {
  override readonly name = "SolverError";
}
