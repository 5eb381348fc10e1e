import type { GivenEstimate } from "./problem.js";

/** Numbers of a pair that a whole estimate has. */
export const COLUMNS = ["successProbability", "durationMs", "retries", "confidenceDelta", "cost"] as const;

export type Columns<Name extends string> = Readonly<Record<Name, Float64Array>>;
export type ValueColumns = Columns<(typeof COLUMNS)[number]>;

/** Columns of zeros. */
export function newColumns<Name extends string>(names: readonly Name[], size: number): Columns<Name> {
  const columns = names.map((name): [Name, Float64Array] => [name, new Float64Array(size)]);
  return Object.fromEntries(columns) as Record<Name, Float64Array>;
}

/**
 * Estimates of a wave that were given with all their numbers and no standard errors, as arrays: the entry of a task and an agent is
 * task · agents + agent. As objects, those of a million pairs take four times the memory. `row` shows the entries of one task as the
 * record that the rest of the house reads.
 */
export class GivenTable {
  readonly #agentAt: ReadonlyMap<string | symbol, number>;
  /** In the order in which a plain record lists them. */
  readonly #keys: readonly string[];

  /** @param values of all tasks; default: zeros */
  constructor(
    numTasks: number,
    readonly agentIds: readonly string[],
    readonly values: ValueColumns = newColumns(COLUMNS, numTasks * agentIds.length),
  ) {
    this.#agentAt = new Map(agentIds.map((agentId, agent) => [agentId, agent]));
    this.#keys = Object.keys(Object.fromEntries(agentIds.map((agentId) => [agentId, 0])));
  }

  /** The agent's place, undefined of a stranger. */
  agentAt(agentId: string | symbol): number | undefined {
    return this.#agentAt.get(agentId);
  }

  get keys(): readonly string[] {
    return this.#keys;
  }

  /** One entry as an object, made anew each time. */
  at(entry: number): GivenEstimate {
    const { successProbability, durationMs, retries, confidenceDelta, cost } = this.values;
    return {
      successProbability: successProbability[entry]!,
      durationMs: durationMs[entry]!,
      retries: retries[entry]!,
      confidenceDelta: confidenceDelta[entry]!,
      cost: cost[entry]!,
    };
  }

  /** The estimates of a task by agent id: reads like a plain record, cannot be written. */
  row(task: number): Readonly<Record<string, ReturnType<this["at"]>>> {
    const start = task * this.agentIds.length;
    const row = new Proxy<Record<string, ReturnType<this["at"]>>>(NO_KEYS, new RowReader<this>(this, start));
    PLACES.set(row, { table: this, start });
    return row;
  }

  /** Where a row of a table stands: who reads it whole reads the arrays. null for a plain record. */
  static placeOf(row: Readonly<Record<string, unknown>>): RowPlace | null {
    return PLACES.get(row) ?? null;
  }
}

export interface RowPlace<Table extends GivenTable = GivenTable> {
  readonly table: Table;
  /** Entry of the first agent. */
  readonly start: number;
}

const PLACES = new WeakMap<object, RowPlace>();

/** What every row stands on: without a prototype, so that an id such as `constructor` finds nothing it should not. */
const NO_KEYS = Object.create(null) as Record<string, never>;

/** Answers for a row of a table as a plain record would. */
class RowReader<Table extends GivenTable> implements ProxyHandler<Record<string, ReturnType<Table["at"]>>> {
  readonly #table: Table;
  readonly #start: number;

  /** @param start entry of the first agent */
  constructor(table: Table, start: number) {
    this.#table = table;
    this.#start = start;
  }

  get(_: unknown, key: string | symbol): GivenEstimate | undefined {
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
