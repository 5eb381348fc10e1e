import type { AgentRecord, FleetRecord, RiskLevel } from "../../domain/index.js";

/** Baseline success = .6 · confidence + .4 · agent success − risk penalty, clamped to [.05, .99]. */
const CONFIDENCE_SHARE = 0.6;
const AGENT_SHARE = 0.4;
const RISK_PENALTY: Readonly<Record<RiskLevel, number>> = { LOW: 0, MEDIUM: 0.1, HIGH: 0.2 };
const BASELINE_MIN = 0.05;
const BASELINE_MAX = 0.99;

/** Stand in for what a row of history does not say: the middle risk and a middling confidence. */
const NEUTRAL_RISK_PENALTY = 0.1;
export const NEUTRAL_CONFIDENCE = 0.75;

/** Per-agent values where neither the agent nor the fleet has one. */
export const DEFAULT_VALUES = {
  successRate: 0.85,
  retryRate: 0.1,
  confidenceDelta: 0.02,
  executionTimeMs: 30,
} as const;

export type ValueName = keyof typeof DEFAULT_VALUES;

/** A value and the link of the fallback chain it comes from. */
export interface ChainedValue {
  readonly value: number;
  readonly source: "agent" | "fleet" | "default";
}

/** Prior chance of one attempt at this confidence, in [.05, .99]; an unknown risk counts as neutral. */
export function baselineSuccess(confidence: number, agentSuccess: number, riskLevel: RiskLevel | null): number {
  return baselineOf(confidenceTerm(confidence), agentTerm(agentSuccess), riskPenalty(riskLevel));
}

/** The terms of the baseline one by one, for many pairs that share some of them. */
export function confidenceTerm(confidence: number): number {
  return CONFIDENCE_SHARE * confidence;
}

export function agentTerm(agentSuccess: number): number {
  return AGENT_SHARE * agentSuccess;
}

export function riskPenalty(riskLevel: RiskLevel | null): number {
  return riskLevel === null ? NEUTRAL_RISK_PENALTY : RISK_PENALTY[riskLevel];
}

export function baselineOf(ofConfidence: number, ofAgent: number, penalty: number): number {
  return Math.min(BASELINE_MAX, Math.max(BASELINE_MIN, ofConfidence + ofAgent - penalty));
}

/** The fleet's own value, else the default; a time that is not positive counts as missing. */
export function fleetValue(fleet: FleetRecord, name: ValueName): ChainedValue {
  const value = fleet[name];
  if (isUsable(value, name)) return { value, source: "fleet" };
  return { value: DEFAULT_VALUES[name], source: "default" };
}

/** The agent's own value, else the fleet's, else the default. */
export function agentValue(agent: AgentRecord | undefined, fleet: FleetRecord, name: ValueName): ChainedValue {
  const value = agent?.[name] ?? null;
  if (isUsable(value, name)) return { value, source: "agent" };
  return fleetValue(fleet, name);
}

function isUsable(value: number | null, name: ValueName): value is number {
  return value !== null && (name !== "executionTimeMs" || value > 0);
}
