import { COLUMNS, type Columns, GivenTable, newColumns, type RowPlace, type ValueColumns } from "./given-table.js";
import type { Estimate, PlanningNumbers, StandardErrors } from "./problem.js";

const ERROR_COLUMNS = [...COLUMNS, "meanDurationMs"] as const;

/** Every estimate of a wave as arrays, with its standard errors: objects would take most of the time of a prediction. */
export class EstimateTable extends GivenTable {
  /** Standard errors; `meanDurationMs` is 0 where none is told apart. */
  readonly errors: Columns<(typeof ERROR_COLUMNS)[number]>;
  /** Planning numbers, NaN where the estimates stand for them; null until there are some. */
  #planning: Columns<keyof PlanningNumbers> | null = null;
  readonly #numPairs: number;

  /** @param values as of `GivenTable`; those of a table of given estimates are shared */
  constructor(numTasks: number, agentIds: readonly string[], values?: ValueColumns) {
    super(numTasks, agentIds, values);
    this.#numPairs = numTasks * agentIds.length;
    this.errors = newColumns(ERROR_COLUMNS, this.#numPairs);
  }

  setPlanning(entry: number, { successProbability, retries }: PlanningNumbers): void {
    if (this.#planning === null) {
      this.#planning = newColumns(["successProbability", "retries"], this.#numPairs);
      this.#planning.successProbability.fill(NaN);
    }
    this.#planning.successProbability[entry] = successProbability;
    this.#planning.retries[entry] = retries;
  }

  override at(entry: number): Estimate {
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

  /** Where a row of such a table stands; null for a plain record and for a row of given estimates. */
  static override placeOf(row: Readonly<Record<string, unknown>>): RowPlace<EstimateTable> | null {
    const place = GivenTable.placeOf(row);
    return place?.table instanceof EstimateTable ? { table: place.table, start: place.start } : null;
  }
}
