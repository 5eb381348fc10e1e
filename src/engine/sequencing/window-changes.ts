/** Rules for the slots of an agent, in order of their cost: of two tasks, and of sets of tasks. */
export const RULES = ["pairs", "sets"] as const;
export type Rule = (typeof RULES)[number];

/** What has changed on an agent: nothing, windows of tasks alone that may run elsewhere, or one of a task that must run there. */
export const Change = { none: 0, optional: 1, required: 2 } as const;
type Change = (typeof Change)[keyof typeof Change];

/** What has changed in windows since the rules looked at it, so that they look at nothing else again. */
export class WindowChanges {
  /** Of each task whether its dependencies are to be looked at. */
  readonly ofTask: Uint8Array;
  /** By rule the `Change` of each agent, and of each pair whether its window changed. */
  readonly ofAgent: Readonly<Record<Rule, Uint8Array>>;
  readonly ofPair: Readonly<Record<Rule, Uint8Array>>;

  constructor(numTasks: number, numAgents: number, numPairs: number) {
    this.ofTask = new Uint8Array(numTasks);
    this.ofAgent = { pairs: new Uint8Array(numAgents), sets: new Uint8Array(numAgents) };
    this.ofPair = { pairs: new Uint8Array(numPairs), sets: new Uint8Array(numPairs) };
  }

  note(task: number, pair: number, agent: number, change: Change): void {
    this.ofTask[task] = 1;
    const { pairs, sets } = this.ofAgent;
    if (pairs[agent]! < change) pairs[agent] = change;
    if (sets[agent]! < change) sets[agent] = change;
    this.ofPair.pairs[pair] = this.ofPair.sets[pair] = 1;
  }

  noteAll(): void {
    this.#fill(1, Change.required);
  }

  forget(): void {
    this.#fill(0, Change.none);
  }

  #fill(flag: number, change: Change): void {
    this.ofTask.fill(flag);
    for (const rule of RULES) {
      this.ofAgent[rule].fill(change);
      this.ofPair[rule].fill(flag);
    }
  }
}
