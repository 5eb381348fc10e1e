import type { KeyedStream } from "../../src/domain/keyed-stream.js";
import { below, between, streamOf } from "./draws.js";
import { opposites, plainAgent, type Skills, specialists } from "./skills.js";
import type { Truth } from "./truth.js";

/** The worlds, each with the question it asks. */
const WORLDS = {
  specialists: "each agent is much better at two of the types, overall rates nearly equal",
  star: "one star, the others average",
  opposite: "pairs of agents mirror each other's skills, overall rates equal",
  sparse: "specialists of whom three outcomes each are known",
  degrades: "specialists and one good agent, which loses 40 points at wave 10",
  "new-agent-good": "an agent far better than the others joins at wave 5",
  "new-agent-bad": "an agent far worse than the others joins at wave 5",
  "nothing-to-learn": "all agents are equal, and 10,000 past outcomes are known",
  throughput: "speeds differ by agent and type; the goal is the makespan",
} as const;
export type WorldName = keyof typeof WORLDS;
export const WORLD_NAMES = Object.keys(WORLDS) as WorldName[];

/** Worlds whose truth stays as it is, so that calibration can be asked for. */
export const STATIONARY: readonly WorldName[] = [
  "specialists",
  "star",
  "opposite",
  "sparse",
  "nothing-to-learn",
  "throughput",
];

export const CHANGE_WAVE = 10;
const CHANGE_LOSS = 0.4;
const JOIN_WAVE = 5;
export const TASKS_PER_WAVE = 40;
export const FLEET_SIZES = [6, 12] as const;

/** Where and which. */
export interface WorldKey {
  readonly world: WorldName;
  readonly numAgents: number;
  readonly seed: number;
}

export interface World extends WorldKey {
  readonly strategy: "maximize_success" | "maximize_throughput";
  readonly types: readonly string[];
  /** Ascending; one who joins later is the last. */
  readonly agentIds: readonly string[];
  /** Who joins, at `JOIN_WAVE`; null where all are there from the start. */
  readonly newcomer: string | null;
  readonly truth: Truth;
}

/** Standard deviation of a time's logarithm. */
const TIME_SIGMA = 0.3;
/** Spread between agents on one type in the throughput world, of the logarithm. */
const SPEED_SPREAD = 0.5;
const COMMON_TIME_MS = 30;

/** Draws a world: the same key, the same world. */
export function drawWorld({ world, numAgents, seed }: WorldKey): World {
  const stream = streamOf(seed, "world", world, numAgents);
  const types = drawTypes(stream, world);
  const agentIds = Array.from({ length: numAgents }, (_, j) => `agent_${String(j).padStart(2, "0")}`);
  const effects = drawEffects(stream);
  const { skills, changing } = drawSkills(stream, world, agentIds, types, effects);
  const isNew = world === "new-agent-good" || world === "new-agent-bad";
  return {
    ...{ world, numAgents, seed, types, agentIds },
    strategy: world === "throughput" ? "maximize_throughput" : "maximize_success",
    newcomer: isNew ? agentIds.at(-1)! : null,
    truth: {
      ...effects,
      skills,
      meanTimesMs: drawTimes(stream, world, agentIds, types),
      timeSigma: TIME_SIGMA,
      change: changing === null ? null : { agentId: changing, wave: CHANGE_WAVE, loss: CHANGE_LOSS },
    },
  };
}

/** Agents of a wave. */
export function agentsOf({ agentIds, newcomer }: World, wave: number): readonly string[] {
  return wave >= JOIN_WAVE ? agentIds : agentIds.filter((agentId) => agentId !== newcomer);
}

/** Four to six types; an even number where skills mirror each other. */
function drawTypes(stream: KeyedStream, world: WorldName): string[] {
  const count = world === "opposite" ? 4 + 2 * below(stream, 2) : 4 + below(stream, 3);
  return Array.from({ length: count }, (_, k) => `type_${k}`);
}

/** The baseline formula, as a logit around .7, has a slope of about 2.9 and loses about .5 and 1 by risk: here they lie around that. */
function drawEffects(stream: KeyedStream): Pick<Truth, "confidenceSlope" | "riskEffect"> {
  return {
    confidenceSlope: between(stream, 1.6, 3.8),
    riskEffect: { LOW: 0, MEDIUM: between(stream, 0.25, 0.75), HIGH: between(stream, 0.7, 1.4) },
  };
}

type Effects = ReturnType<typeof drawEffects>;
interface DrawnSkills {
  readonly skills: Readonly<Record<string, Skills>>;
  readonly changing: string | null;
}

function drawSkills(
  stream: KeyedStream,
  world: WorldName,
  agentIds: readonly string[],
  types: readonly string[],
  effects: Effects,
): DrawnSkills {
  const plain = (ids: readonly string[], rate: number, spread: number): Record<string, Skills> =>
    Object.fromEntries(ids.map((agentId) => [agentId, plainAgent(stream, types, rate, spread, effects)]));
  const someone = agentIds[below(stream, agentIds.length)]!;
  const newcomer = agentIds.at(-1)!;
  switch (world) {
    case "specialists":
    case "sparse":
      return { skills: specialists(stream, agentIds, types, 0.65, effects), changing: null };
    case "opposite":
      return { skills: opposites(stream, agentIds, types, 0.65, effects), changing: null };
    case "star":
      return { skills: { ...plain(agentIds, 0.62, 0.25), ...plain([someone], 0.88, 0.25) }, changing: null };
    case "degrades": {
      const fleet = specialists(stream, agentIds, types, 0.65, effects);
      return { skills: { ...fleet, ...plain([someone], 0.87, 0.15) }, changing: someone };
    }
    case "new-agent-good":
      return { skills: { ...plain(agentIds, 0.6, 0.4), ...plain([newcomer], 0.86, 0.2) }, changing: null };
    case "new-agent-bad":
      return { skills: { ...plain(agentIds, 0.7, 0.4), ...plain([newcomer], 0.4, 0.2) }, changing: null };
    case "nothing-to-learn": {
      const common = plainAgent(stream, types, 0.7, 0.4, effects);
      return { skills: Object.fromEntries(agentIds.map((agentId) => [agentId, common])), changing: null };
    }
    case "throughput":
      return { skills: plain(agentIds, 0.75, 0.25), changing: null };
  }
}

function drawTimes(
  stream: KeyedStream,
  world: WorldName,
  agentIds: readonly string[],
  types: readonly string[],
): Truth["meanTimesMs"] {
  const ofType = new Map(types.map((type) => [type, COMMON_TIME_MS * Math.exp(0.25 * stream.normal())]));
  const pace = (): number => (world === "throughput" ? Math.exp(SPEED_SPREAD * stream.normal()) : 1);
  return Object.fromEntries(
    agentIds.map((agentId) => [agentId, Object.fromEntries(types.map((type) => [type, ofType.get(type)! * pace()]))]),
  );
}
