import { DEFAULT_WEIGHTS } from "../../../models/index.js";
import { formatLoadLimit, type OptionsReport, type SolveOptions } from "../../domain/index.js";

/** Defaults of every option of `solve`. */
export const DEFAULT_OPTIONS: SolveOptions = {
  strategy: "maximize_success",
  weights: DEFAULT_WEIGHTS,
  loadLimit: null,
  budget: null,
  deferPenalty: null,
  noDefer: false,
  maxRetries: 2,
  riskAversion: 0,
  exploration: 0,
  exploreHighRisk: false,
  gap: 0,
  timeLimitMs: 10_000,
  workLimit: null,
  threads: 1,
  seed: 1,
  solver: "auto",
};

/** Defaults, overridden by the document's options, overridden by the caller's. An `undefined` overrides nothing. */
export function resolveOptions(
  documentOptions: Partial<SolveOptions>,
  callOptions: { readonly [K in keyof SolveOptions]?: SolveOptions[K] | undefined },
): SolveOptions {
  const given = Object.entries(callOptions).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_OPTIONS, ...documentOptions, ...(Object.fromEntries(given) as Partial<SolveOptions>) };
}

/** The options as the result document names them. */
export function reportOptions(options: SolveOptions): OptionsReport {
  return {
    strategy: options.strategy,
    weights: options.weights,
    load_limit: options.loadLimit === null ? null : formatLoadLimit(options.loadLimit),
    budget: options.budget,
    defer_penalty: options.deferPenalty,
    no_defer: options.noDefer,
    max_retries: options.maxRetries,
    risk_aversion: options.riskAversion,
    exploration: options.exploration,
    explore_high_risk: options.exploreHighRisk,
    gap: options.gap,
    time_limit_ms: options.timeLimitMs,
    work_limit: options.workLimit,
    threads: options.threads,
    seed: options.seed,
    solver: options.solver,
  };
}
