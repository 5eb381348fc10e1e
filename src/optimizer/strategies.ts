import { balanceLoad } from "../../models/balance-load.js";
import { confidenceOptimization } from "../../models/confidence-optimization.js";
import { maximizeSuccess } from "../../models/maximize-success.js";
import { maximizeThroughput } from "../../models/maximize-throughput.js";
import { minimizeCost } from "../../models/minimize-cost.js";
import { minimizeRetries } from "../../models/minimize-retries.js";
import type { StrategyModel } from "../../models/strategy.js";
import type { StrategyName } from "../domain/problem.js";

/** The model of every strategy whose goals are known before anything is solved; `mix` needs its payoff table first. */
export const STRATEGY_MODELS: Readonly<Record<Exclude<StrategyName, "mix">, StrategyModel>> = {
  maximize_success: maximizeSuccess,
  maximize_throughput: maximizeThroughput,
  balance_load: balanceLoad,
  minimize_retries: minimizeRetries,
  confidence_optimization: confidenceOptimization,
  minimize_cost: minimizeCost,
};
