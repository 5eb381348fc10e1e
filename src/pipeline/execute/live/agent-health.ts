import { type ErrorKind, KeyedStream } from "../../../domain/index.js";

/** Agent errors in a row that take an agent out. */
const ERRORS_TO_BE_DOWN = 2;
/** First cool-down of an agent; each one after a failed probe is twice as long. */
const FIRST_COOL_DOWN_MS = 1_000;
const LONGEST_COOL_DOWN_MS = 60_000;
/** A cool-down is longer by up to this share, so that agents that went down together are not tried together. */
const JITTER = 0.2;
/** Failed probes in a row after which an agent is left alone for the rest of its wave. */
const PROBES_A_WAVE = 4;

interface Health {
  /** Agent errors since its last answer. */
  errors: number;
  /** Cool-downs since its last answer. */
  coolDowns: number;
  /** End of the cool-down; 0: a probe may be made at once. Null: the agent is up. */
  downUntilMs: number | null;
  isProbing: boolean;
}

/** What the end of an attempt made of an agent. */
export type HealthChange = "down" | "up" | null;

/**
 * Which agents are down (a circuit breaker): two agent errors in a row take one out for a cool-down that doubles; then one
 * attempt is made as a probe. Any answer of the agent, a failed task too, brings it back. It lives as long as a run; the
 * clock begins anew with each wave, so an agent that was down then may be probed at once.
 */
export class AgentHealth {
  readonly #agents = new Map<string, Health>();
  #wave = 0;

  constructor(private readonly seed: number) {}

  startWave(wave: number): void {
    this.#wave = wave;
    for (const health of this.#agents.values()) {
      health.isProbing = false;
      if (health.downUntilMs !== null) Object.assign(health, { downUntilMs: 0, coolDowns: 1 });
    }
  }

  isUp(agentId: string): boolean {
    return (this.#agents.get(agentId)?.downUntilMs ?? null) === null;
  }

  /** Whether an attempt may be started on the agent now: it is up, or its cool-down is over and nobody probes it. */
  mayStart(agentId: string, nowMs: number): boolean {
    const health = this.#agents.get(agentId);
    if (health === undefined || health.downUntilMs === null) return true;
    return !health.isProbing && !this.isGivenUp(agentId) && nowMs >= health.downUntilMs;
  }

  /** Whether the agent is left alone for the rest of the wave. */
  isGivenUp(agentId: string): boolean {
    return (this.#agents.get(agentId)?.coolDowns ?? 0) > PROBES_A_WAVE;
  }

  /** When the agent may be probed; null where it is up, probed or given up. */
  probeAtMs(agentId: string): number | null {
    const health = this.#agents.get(agentId);
    if (health === undefined || health.isProbing || this.isGivenUp(agentId)) return null;
    return health.downUntilMs;
  }

  /** Books that an attempt was started. */
  start(agentId: string): void {
    const health = this.#agents.get(agentId);
    if (health !== undefined && health.downUntilMs !== null) health.isProbing = true;
  }

  /**
   * Books the end of an attempt.
   *
   * @param errorKind null of a success
   * @param timeoutMs what an attempt may take: the first cool-down is no longer
   */
  end(agentId: string, errorKind: ErrorKind | null, nowMs: number, timeoutMs = Infinity): HealthChange {
    const health = this.#of(agentId);
    const wasDown = health.downUntilMs !== null;
    health.isProbing = false;
    if (errorKind !== "agent") {
      Object.assign(health, { errors: 0, coolDowns: 0, downUntilMs: null });
      return wasDown ? "up" : null;
    }
    health.errors++;
    if (health.errors < ERRORS_TO_BE_DOWN) return null;
    health.coolDowns++;
    health.downUntilMs = nowMs + this.#coolDownMs(agentId, health.coolDowns, Math.min(FIRST_COOL_DOWN_MS, timeoutMs));
    return "down";
  }

  #coolDownMs(agentId: string, numCoolDowns: number, firstMs: number): number {
    const plain = Math.min(LONGEST_COOL_DOWN_MS, firstMs * 2 ** (numCoolDowns - 1));
    const luck = new KeyedStream(this.seed, `cool-down\0${this.#wave}\0${agentId}\0${numCoolDowns}`).uniform();
    return plain * (1 + JITTER * luck);
  }

  #of(agentId: string): Health {
    const health = this.#agents.get(agentId) ?? { errors: 0, coolDowns: 0, downUntilMs: null, isProbing: false };
    this.#agents.set(agentId, health);
    return health;
  }
}
