/**
 * A mixed-integer linear program as data: variables with bounds, named rows, one objective.
 *
 * min / max  cᵀx   subject to   lower_r ≤ a_rᵀx ≤ upper_r,   l ≤ x ≤ u,   x_k integer for k in isInteger.
 */
export type Sense = "min" | "max";

export interface Row {
  /** Label of the row family and its indices, as in `load[agent_2]`. */
  readonly name: string;
  /** −Infinity where the row has no lower side. */
  readonly lower: number;
  /** +Infinity where the row has no upper side. */
  readonly upper: number;
  /** Variable indices, each at most once. */
  readonly indices: readonly number[];
  readonly coefficients: readonly number[];
}

export interface Program {
  readonly name: string;
  readonly sense: Sense;
  readonly objectiveName: string;
  readonly variableNames: readonly string[];
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly isInteger: Uint8Array;
  /** Objective coefficient of each variable. */
  readonly objective: Float64Array;
  /** Added to cᵀx; solvers leave it out of their own arithmetic. */
  readonly objectiveConstant: number;
  readonly rows: readonly Row[];
}

/** A linear expression over the variables of a program under construction. */
export class LinearExpression {
  readonly #coefficients = new Map<number, number>();
  constant = 0;

  /** Adds coefficient · variable; repeated variables are summed, so a row never names one twice. */
  add(variable: number, coefficient: number): this {
    this.#coefficients.set(variable, (this.#coefficients.get(variable) ?? 0) + coefficient);
    return this;
  }

  /** Variables with a non-zero coefficient, in the order of their first mention. */
  terms(): { indices: number[]; coefficients: number[] } {
    const indices: number[] = [];
    const coefficients: number[] = [];
    for (const [variable, coefficient] of this.#coefficients) {
      if (coefficient === 0) continue;
      indices.push(variable);
      coefficients.push(coefficient);
    }
    return { indices, coefficients };
  }
}

/** Collects variables and rows and freezes them into a `Program`. */
export class ProgramBuilder {
  readonly #names: string[] = [];
  readonly #lower: number[] = [];
  readonly #upper: number[] = [];
  readonly #isInteger: boolean[] = [];
  readonly #rows: Row[] = [];

  get numVariables(): number {
    return this.#names.length;
  }

  addVariable(name: string, lower: number, upper: number, isInteger: boolean): number {
    this.#names.push(name);
    this.#lower.push(lower);
    this.#upper.push(upper);
    this.#isInteger.push(isInteger);
    return this.#names.length - 1;
  }

  addBinary(name: string): number {
    return this.addVariable(name, 0, 1, true);
  }

  /** Adds lower ≤ expression ≤ upper; the expression's constant moves to the sides. Rows without variables are kept. */
  addRow(name: string, expression: LinearExpression, lower: number, upper: number): void {
    const { indices, coefficients } = expression.terms();
    const { constant } = expression;
    this.#rows.push({ name, lower: lower - constant, upper: upper - constant, indices, coefficients });
  }

  build(name: string, sense: Sense, objectiveName: string, objective: LinearExpression): Program {
    const coefficients = new Float64Array(this.#names.length);
    const terms = objective.terms();
    terms.indices.forEach((variable, k) => (coefficients[variable] = terms.coefficients[k]!));
    return {
      name,
      sense,
      objectiveName,
      variableNames: this.#names,
      lower: Float64Array.from(this.#lower),
      upper: Float64Array.from(this.#upper),
      isInteger: Uint8Array.from(this.#isInteger, Number),
      objective: coefficients,
      objectiveConstant: objective.constant,
      rows: this.#rows,
    };
  }
}
