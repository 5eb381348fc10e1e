import type { Estimate, PlanningNumbers, StandardErrors } from "./problem.js";

/** Numbers of a pair that every estimate has, and its standard errors. */
const COLUMNS = ["successProbability", "durationMs", "retries", "confidenceDelta", "cost"] as const;
const ERROR_COLUMNS = [...COLUMNS, "meanDurationMs"] as const;

type Columns<Name extends string> = Readonly<Record<Name, Float64Array>>;

/**
 * The estimates of a wave as arrays: the entry of a task and an agent is task · agents + agent. As objects, those of a
 * million pairs take four times the memory and most of the time of a prediction. `row` shows the entries of one task as
 * the record that the rest of the house reads.
 */
export class EstimateTable {
  readonly values: Columns<(typeof COLUMNS)[number]>;
  /** Standard errors; `meanDurationMs` is 0 where none is told apart. */
  readonly errors: Columns<(typeof ERROR_COLUMNS)[number]>;
  /** Planning numbers, NaN where the estimates stand for them; null until there are some. */
  #planning: Columns<keyof PlanningNumbers> | null = null;
  readonly #numPairs: number;
  readonly #agentAt: ReadonlyMap<string | symbol, number>;
  /** In the order in which a plain record lists them. */
  readonly #keys: readonly string[];

  constructor(
    numTasks: number,
    readonly agentIds: readonly string[],
  ) {
    this.#numPairs = numTasks * agentIds.length;
    this.#agentAt = new Map(agentIds.map((agentId, agent) => [agentId, agent]));
    this.#keys = Object.keys(Object.fromEntries(agentIds.map((agentId) => [agentId, 0])));
    this.values = this.#columns(COLUMNS);
    this.errors = this.#columns(ERROR_COLUMNS);
  }

  #columns<Name extends string>(names: readonly Name[]): Columns<Name> {
    const columns = names.map((name): [Name, Float64Array] => [name, new Float64Array(this.#numPairs)]);
    return Object.fromEntries(columns) as Record<Name, Float64Array>;
  }

  setPlanning(entry: number, { successProbability, retries }: PlanningNumbers): void {
    if (this.#planning === null) {
      this.#planning = this.#columns(["successProbability", "retries"]);
      this.#planning.successProbability.fill(NaN);
    }
    this.#planning.successProbability[entry] = successProbability;
    this.#planning.retries[entry] = retries;
  }

  /** The agent's place, undefined of a stranger. */
  agentAt(agentId: string | symbol): number | undefined {
    return this.#agentAt.get(agentId);
  }

  get keys(): readonly string[] {
    return this.#keys;
  }

  /** One entry as an object, made anew each time. */
  at(entry: number): Estimate {
    const { values } = this;
    const estimate = {
      successProbability: values.successProbability[entry]!,
      durationMs: values.durationMs[entry]!,
      retries: values.retries[entry]!,
      confidenceDelta: values.confidenceDelta[entry]!,
      cost: values.cost[entry]!,
      standardErrors: this.#errorsAt(entry),
    };
    const planning = this.planningAt(entry);
    return planning === null ? estimate : { ...estimate, planning };
  }

  /** The planning numbers of an entry; null where the estimates stand for them. */
  planningAt(entry: number): PlanningNumbers | null {
    if (this.#planning === null) return null;
    const successProbability = this.#planning.successProbability[entry]!;
    return Number.isNaN(successProbability) ? null : { successProbability, retries: this.#planning.retries[entry]! };
  }

  #errorsAt(entry: number): StandardErrors {
    const { errors } = this;
    const plain = {
      successProbability: errors.successProbability[entry]!,
      durationMs: errors.durationMs[entry]!,
      retries: errors.retries[entry]!,
      confidenceDelta: errors.confidenceDelta[entry]!,
      cost: errors.cost[entry]!,
    };
    const meanDurationMs = errors.meanDurationMs[entry]!;
    return meanDurationMs > 0 ? { ...plain, meanDurationMs } : plain;
  }

  /** The estimates of a task by agent id: reads like a plain record, cannot be written. */
  row(task: number): Readonly<Record<string, Estimate>> {
    const start = task * this.agentIds.length;
    const row = new Proxy<Record<string, Estimate>>(NO_KEYS, new RowReader(this, start));
    PLACES.set(row, { table: this, start });
    return row;
  }

  /** Where a row of a table stands: who reads it whole reads the arrays. null for a plain record. */
  static placeOf(row: Readonly<Record<string, unknown>>): RowPlace | null {
    return PLACES.get(row) ?? null;
  }
}

interface RowPlace {
  readonly table: EstimateTable;
  /** Entry of the first agent. */
  readonly start: number;
}

const PLACES = new WeakMap<object, RowPlace>();

/** What every row stands on: without a prototype, so that an id such as `constructor` finds nothing it should not. */
const NO_KEYS = Object.create(null) as Record<string, Estimate>;

/** Answers for a row of a table as a plain record would. */
class RowReader implements ProxyHandler<Record<string, Estimate>> {
  readonly #table: EstimateTable;
  readonly #start: number;

  /** @param start entry of the first agent */
  constructor(table: EstimateTable, start: number) {
    this.#table = table;
    this.#start = start;
  }

  get(_: unknown, key: string | symbol): Estimate | undefined {
    const agent = this.#table.agentAt(key);
    return agent === undefined ? undefined : this.#table.at(this.#start + agent);
  }

  has(_: unknown, key: string | symbol): boolean {
    return this.#table.agentAt(key) !== undefined;
  }

  ownKeys(): string[] {
    return [...this.#table.keys];
  }

  getOwnPropertyDescriptor(_: unknown, key: string | symbol): PropertyDescriptor | undefined {
    const value = this.get(_, key);
    return value === undefined ? undefined : { value, enumerable: true, configurable: true, writable: false };
  }

  set(): boolean {
    return false;
  }

  defineProperty(): boolean {
    return false;
  }

  deleteProperty(): boolean {
    return false;
  }

  preventExtensions(): boolean {
    return false;
  }
}
