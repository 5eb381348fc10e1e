import type { ForecastReport } from "../../src/domain/index.js";
import { falsify, nudgeNumber, pick, type Tampering } from "./tampering.js";

type Spread = Record<"mean" | "p5" | "p95", number>;

const ZERO_KEYS = ["value", "retries", "confidence_delta", "cost"] as const;

/** The spreads of a forecast; `draws` is none. */
function spreadsOf({ makespan_ms, success_rate, throughput_per_s, confidence_delta }: ForecastReport): Spread[] {
  return [makespan_ms, success_rate, throughput_per_s, confidence_delta] as Spread[];
}

export const WORD_TAMPERINGS: Record<string, Tampering> = {
  "termination and limit": (draft, { before, random }) => {
    const words = ["optimal", "feasible", "infeasible", "no_solution", "error"] as const;
    draft.termination = pick(
      words.filter((word) => word !== before.termination),
      random,
    )!;
    if (draft.termination !== "feasible") return "false";
    // Claiming less is true where the multipliers prove the bound that an exhausted search had proved.
    return before.certificate !== null && before.certificate.bound === before.objective.bound ? "true" : "undecided";
  },
  limit: (draft) => {
    if (draft.termination !== "optimal") return null;
    draft.limit = "work";
    return "false";
  },
  strategy: (draft) => {
    draft.strategy = draft.strategy === "minimize_cost" ? "maximize_success" : "minimize_cost";
    return "false";
  },
  "strategy and options": (draft) => {
    draft.strategy = draft.strategy === "minimize_cost" ? "maximize_success" : "minimize_cost";
    draft.options.strategy = draft.strategy;
    return "false";
  },
  seed: (draft) => {
    draft.seed += 1;
    return "false";
  },
  problem_sha256: (draft, { random }) => {
    const at = random.below(64);
    const digit = draft.problem_sha256[at] === "0" ? "1" : "0";
    draft.problem_sha256 = draft.problem_sha256.slice(0, at) + digit + draft.problem_sha256.slice(at + 1);
    return "false";
  },
  "forecast without a plan, or none of one": (draft) => {
    const spread = { mean: 1, p5: 1, p95: 1 };
    if (draft.forecast !== null) draft.forecast = null;
    else
      draft.forecast = {
        makespan_ms: spread,
        success_rate: spread,
        throughput_per_s: spread,
        confidence_delta: spread,
      };
    return "false";
  },
  "forecast upside down": ({ forecast }, { random }) => {
    if (forecast === null) return null;
    const spread = pick(spreadsOf(forecast), random)!;
    [spread.p5, spread.p95] = [spread.p95 + 1, spread.p5];
    return "false";
  },
  "fewer draws": ({ forecast }, { random }) => {
    if (forecast === null) return null;
    forecast.draws = pick([0, 1, 39, 40, 99], random)!;
    return "false";
  },
  "pace of the forecast": ({ forecast }) => {
    if (forecast === null) return null;
    forecast.throughput_per_s.mean += 0.5;
    return "false";
  },
  "a number of the forecast": ({ forecast }, { random }) => {
    if (forecast === null) return null;
    const spread = pick(spreadsOf(forecast), random)!;
    return nudgeNumber(spread, pick(["mean", "p5", "p95"] as const, random)!, random);
  },
  "a value of 0, by less than 1e-9": ({ objective, expected }, { random }) => {
    const records = [objective, expected, ...(objective.terms ?? [])] as Record<string, unknown>[];
    const zeros = records.flatMap((record) => ZERO_KEYS.flatMap((key) => (record[key] === 0 ? [{ record, key }] : [])));
    const zero = pick(zeros, random);
    if (zero === undefined) return null;
    zero.record[zero.key] = 7e-10;
    // Costs come in any unit: the sum of prices of thousands is only exact to a share of them.
    return zero.record.name === "cost" ? "undecided" : "false";
  },
  "reproducible though a clock struck": (draft) => {
    draft.attempts[0]!.limit = "time";
    return "false";
  },
  conflict: (draft) => {
    draft.conflict = { tasks: [], agents: [], limits: [], explanation: "", verified: true, minimal: true };
    return "false";
  },
  error: (draft) => {
    draft.error = "it was not us";
    return "false";
  },
};

export const NUMBER_TAMPERINGS: Record<string, Tampering> = {
  expected: ({ expected }, { random }) => {
    const keys = ["success_rate", "throughput_per_s", "confidence_delta", "makespan_ms", "retries", "cost"];
    return falsify(expected as unknown as Record<string, unknown>, pick(keys, random), random);
  },
  "expected.utilization": ({ expected }, { random }) => {
    if (random.unit() < 0.2) expected.utilization.ghost = 0.5;
    else return falsify(expected.utilization, pick(Object.keys(expected.utilization), random), random);
    return "false";
  },
  "top-level expectations": (draft, { random }) => {
    const keys = ["expected_success_rate", "expected_throughput", "expected_confidence_delta"];
    return falsify(draft as unknown as Record<string, unknown>, pick(keys, random), random);
  },
  confidence: (draft, { random }) => nudgeNumber(draft, "confidence", random),
  limits: ({ limits }, { random }) => {
    const key = pick(["factor", "reference_makespan_ms"], random);
    return falsify(limits as unknown as Record<string, unknown>, key, random);
  },
  "limits.per_agent_ms": ({ limits }, { random }) => {
    if (random.unit() < 0.2) limits.per_agent_ms.ghost = 0.5;
    else return falsify(limits.per_agent_ms, pick(Object.keys(limits.per_agent_ms), random), random);
    return "false";
  },
  "options.load_limit": ({ options, limits }, { random }) => {
    if (limits.factor === null) return null;
    options.load_limit = limits.factor + 0.1 + random.unit();
    return "false";
  },
};
