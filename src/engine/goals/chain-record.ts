import { type Assignment, type Goal, type GoalChain, type Instance } from "../../../models/index.js";
import type { RowCertificate, Limit } from "../../domain/index.js";
import { meets, relativeGap } from "../bounds/gap.js";
import type { ChainOutcome, SettledStep } from "./chain-outcome.js";
import type { Session } from "./session.js";

/** What is known of a wave so far: the best plan, the goals that are over, and what is proven of the first goal. */
export class ChainRecord {
  plan: Assignment | null = null;
  readonly steps: SettledStep[] = [];
  isInfeasible = false;
  limit: Limit | null = null;
  decidedBy = "greedy";
  #certificate: RowCertificate | null = null;
  #bound: number | null = null;

  constructor(
    private readonly session: Session,
    private readonly instance: Instance,
    private readonly chain: GoalChain,
  ) {}

  outcome(): ChainOutcome {
    const { plan, steps, isInfeasible, limit, decidedBy } = this;
    const { instance, chain } = this;
    return {
      ...{ instance, ...chain, plan, steps, isInfeasible, limit, decidedBy },
      certificate: this.#certificate,
      bound: this.#bound,
      boundBy: this.#bound === null ? null : "search",
    };
  }

  /** Takes a plan that is better on the goal, with the settled goals kept. */
  offer(goal: Goal, plan: Assignment): void {
    if (this.plan !== null) {
      const [value, known] = [goal.evaluate(plan), goal.evaluate(this.plan)];
      if (goal.sense === "min" ? value >= known : value <= known) return;
    }
    this.plan = plan;
    const first = this.chain.goals[this.chain.firstIndex]!;
    this.session.report("incumbent", goal.name, { value: first.evaluate(plan) });
  }

  /** Takes the proof that no plan exists. */
  ruleOutPlans(decidedBy: string): void {
    [this.isInfeasible, this.decidedBy] = [true, decidedBy];
  }

  /** Keeps the stronger of two proofs of the first goal by multipliers. */
  certify(goal: Goal, certificate: RowCertificate): void {
    const { multipliers, bound } = certificate;
    if (!Number.isFinite(bound)) return;
    const known = this.#certificate?.bound;
    if (known !== undefined && (goal.sense === "min" ? bound <= known : bound >= known)) return;
    this.#certificate =
      "at_ms" in certificate
        ? { kind: certificate.kind, at_ms: certificate.at_ms, multipliers, bound }
        : { kind: certificate.kind, multipliers, bound };
    this.raiseBound(goal, bound);
  }

  /** Keeps the better of two bounds on the first goal. */
  raiseBound(goal: Goal, bound: number): void {
    if (!Number.isFinite(bound)) return;
    if (this.#bound !== null && (goal.sense === "min" ? bound <= this.#bound : bound >= this.#bound)) return;
    this.#bound = bound;
    this.session.report("bound", goal.name, { bound });
  }

  isMetBy(goal: Goal, bound: number): boolean {
    return this.plan !== null && meets(goal.evaluate(this.plan), bound);
  }

  /** Whether the plan is as close to the first goal's bound as the caller asks; it is then the limit. */
  reachesGap(goal: Goal): boolean {
    const { gap } = this.session.options;
    if (gap === 0 || this.plan === null || this.#bound === null) return false;
    if (relativeGap(goal, goal.evaluate(this.plan), this.#bound) > gap) return false;
    this.limit = "gap";
    return true;
  }
}
