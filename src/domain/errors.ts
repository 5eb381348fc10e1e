/** The user gave something that breaks a rule. Exit code 2. */
export class InputError extends Error {
  /** Tells the errors of this package apart. */
  override readonly name = "InputError";
  /** Where the mistake is: a file with its line, a JSON path or an option. */
  readonly place: string;
  /** What is required there, with the offending value and, where there is one, the cure. */
  readonly rule: string;

  /**
   * @param place file with line (`tasks.jsonl:7`), JSON path (`problem.json: tasks[3].confidence`) or option (`--gap`)
   * @param rule what is required there, with the offending value and, where there is one, the cure
   */
  constructor(place: string, rule: string, options?: ErrorOptions) {
    super(`${place}: ${rule}`, options);
    this.place = place;
    this.rule = rule;
  }
}

/** A program or plan of ours breaks our own rules: a bug. Exit code 1. */
export class ModelError extends Error {
  /** Tells the errors of this package apart. */
  override readonly name = "ModelError";
}

/** A solver package failed (did not load, aborted, answered rubbish). Carried in `attempts`, never thrown at a user. */
export class SolverError extends Error {
  /** Tells the errors of this package apart. */
  override readonly name = "SolverError";
}
