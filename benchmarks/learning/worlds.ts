import type { KeyedStream } from "../../src/domain/keyed-stream.js";
import { below, between, streamOf } from "./draws.js";
import { opposites, plainAgent, riskSpecialists, type Skills, specialists, withRate } from "./skills.js";
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
  "untyped-risk": "no task has a type; each agent is much better at one risk, overall rates nearly equal",
  "untyped-overall": "no task has a type; agents differ in their overall rate alone",
  "useless-types": "untyped-risk, with types that mean nothing",
  "hidden-types":
    "specialists, and the type shows in the first word of the title alone, which is right for 85 of 100 tasks",
  "untyped-change": "untyped-risk, and one agent loses 40 points at wave 10",
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
  "untyped-risk",
  "untyped-overall",
  "useless-types",
  "hidden-types",
];

export const CHANGE_WAVE = 10;
export const CHANGE_LOSS = 0.4;
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
  /** Whose draws it has: `useless-types` is `untyped-risk` to the last draw, but for the types that are given. */
  readonly likeWorld: WorldName;
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
export const SPEED_SPREAD = 0.5;
export const COMMON_TIME_MS = 30;
/** Spread between types, of the logarithm of a time. */
export const TYPE_TIME_SPREAD = 0.25;

/** Draws a world: the same key, the same world. */
export function drawWorld({ world, numAgents, seed }: WorldKey): World {
  const likeWorld = world === "useless-types" ? "untyped-risk" : world;
  const stream = streamOf(seed, "world", likeWorld, numAgents);
  const types = drawTypes(stream, world);
  const agentIds = Array.from({ length: numAgents }, (_, j) => `agent_${String(j).padStart(2, "0")}`);
  const effects = drawEffects(stream);
  const { skills, changing, riskSkills = null } = drawSkills(stream, world, agentIds, types, effects);
  const isNew = world === "new-agent-good" || world === "new-agent-bad";
  return {
    ...{ world, likeWorld, numAgents, seed, types, agentIds },
    strategy: world === "throughput" ? "maximize_throughput" : "maximize_success",
    newcomer: isNew ? agentIds.at(-1)! : null,
    truth: {
      ...effects,
      ...{ skills, riskSkills },
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
export function drawEffects(stream: KeyedStream): Pick<Truth, "confidenceSlope" | "riskEffect"> {
  return {
    confidenceSlope: between(stream, 1.6, 3.8),
    riskEffect: { LOW: 0, MEDIUM: between(stream, 0.25, 0.75), HIGH: between(stream, 0.7, 1.4) },
  };
}

type Effects = ReturnType<typeof drawEffects>;
interface DrawnSkills {
  readonly skills: Readonly<Record<string, Skills>>;
  readonly changing: string | null;
  readonly riskSkills?: Truth["riskSkills"];
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
    case "untyped-risk":
    case "useless-types":
      return { ...drawRiskSkills(stream, agentIds, types, effects), changing: null };
    case "untyped-change":
      return { ...drawRiskSkills(stream, agentIds, types, effects), changing: someone };
    case "untyped-overall":
      return {
        skills: Object.fromEntries(
          agentIds.map((agentId) => [agentId, plainAgent(stream, types, between(stream, 0.5, 0.8), 0, effects)]),
        ),
        changing: null,
      };
    case "hidden-types":
      return { skills: specialists(stream, agentIds, types, 0.65, effects), changing: null };
  }
}

/** Agents who differ in risks and not in types, overall rates equal. */
function drawRiskSkills(
  stream: KeyedStream,
  agentIds: readonly string[],
  types: readonly string[],
  effects: Effects,
): Pick<DrawnSkills, "skills" | "riskSkills"> {
  const riskSkills = riskSpecialists(stream, agentIds);
  const level = Object.fromEntries(types.map((type) => [type, 0]));
  const skills = agentIds.map((agentId): [string, Skills] => [
    agentId,
    withRate(level, 0.65, effects, riskSkills[agentId]),
  ]);
  return { skills: Object.fromEntries(skills), riskSkills };
}

function drawTimes(
  stream: KeyedStream,
  world: WorldName,
  agentIds: readonly string[],
  types: readonly string[],
): Truth["meanTimesMs"] {
  const ofType = new Map(types.map((type) => [type, COMMON_TIME_MS * Math.exp(TYPE_TIME_SPREAD * stream.normal())]));
  const pace = (): number => (world === "throughput" ? Math.exp(SPEED_SPREAD * stream.normal()) : 1);
  return Object.fromEntries(
    agentIds.map((agentId) => [agentId, Object.fromEntries(types.map((type) => [type, ofType.get(type)! * pace()]))]),
  );
}
