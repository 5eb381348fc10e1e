import { balanceLoad } from "./balance-load.js";
import { confidenceOptimization } from "./confidence-optimization.js";
import { maximizeSuccess } from "./maximize-success.js";
import { maximizeThroughput } from "./maximize-throughput.js";
import { minimizeCost } from "./minimize-cost.js";
import { minimizeRetries } from "./minimize-retries.js";

/** The model of every strategy whose goals are known before anything is solved; `mix` needs its payoff table first. */
export const STRATEGY_MODELS = {
  maximize_success: maximizeSuccess,
  maximize_throughput: maximizeThroughput,
  balance_load: balanceLoad,
  minimize_retries: minimizeRetries,
  confidence_optimization: confidenceOptimization,
  minimize_cost: minimizeCost,
} as const;
