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
  /** Coefficient of each of these variables. */
  readonly coefficients: readonly number[];
}

export interface Program {
  /** Name of the program, as its `.lp` text shows it. */
  readonly name: string;
  /** Whether the objective is minimised or maximised. */
  readonly sense: Sense;
  /** Name of the goal that the objective stands for. */
  readonly objectiveName: string;
  /** Name of each variable. */
  readonly variableNames: readonly string[];
  /** Lower bound l of each variable; −Infinity where there is none. */
  readonly lower: Float64Array;
  /** Upper bound u of each variable; Infinity where there is none. */
  readonly upper: Float64Array;
  /** 1 where the variable must be whole, 0 elsewhere. */
  readonly isInteger: Uint8Array;
  /** Objective coefficient of each variable. */
  readonly objective: Float64Array;
  /** Added to cᵀx; solvers leave it out of their own arithmetic. */
  readonly objectiveConstant: number;
  /** The rows, in the order in which they were added. */
  readonly rows: readonly Row[];
}

/** A linear expression over the variables of a program under construction. */
export class LinearExpression {
  readonly #coefficients = new Map<number, number>();
  /** Added to the sum of terms; default 0. */
  constant = 0;

  /** Adds coefficient · variable; repeated variables are summed, so a row never names one twice. */
  add(variable: number, coefficient: number): this {
    this.#coefficients.set(variable, (this.#coefficients.get(variable) ?? 0) + coefficient);
    return this;
  }

  /** Variables with a non-zero coefficient, in the order of their first mention. */
  terms(): Pick<Row, "indices" | "coefficients"> {
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

  /** Number of variables added so far. */
  get numVariables(): number {
    return this.#names.length;
  }

  /** Adds a variable with lower ≤ x ≤ upper and returns its index. */
  addVariable(name: string, lower: number, upper: number, isInteger: boolean): number {
    this.#names.push(name);
    this.#lower.push(lower);
    this.#upper.push(upper);
    this.#isInteger.push(isInteger);
    return this.#names.length - 1;
  }

  /** Adds a variable that is 0 or 1 and returns its index. */
  addBinary(name: string): number {
    return this.addVariable(name, 0, 1, true);
  }

  /** Adds lower ≤ expression ≤ upper; the expression's constant moves to the sides. Rows without variables are kept. */
  addRow(name: string, expression: LinearExpression, lower: number, upper: number): void {
    const { indices, coefficients } = expression.terms();
    const { constant } = expression;
    this.#rows.push({ name, lower: lower - constant, upper: upper - constant, indices, coefficients });
  }

  /** The program with this objective. The builder must not be used afterwards. */
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
