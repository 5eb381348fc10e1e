import type { Random } from "../../domain/index.js";
import type { DrawnDag } from "./generate-dag.js";

/**
 * Flexible job shops in the manner of the published families: operations become tasks, machines agents with one slot.
 *
 *   mk       Brandimarte (Annals of OR 41, 1993): 10–20 chains of 5–15, up to 6 agents a task, the same time U{1…20} on all of them
 *   dpp      Dauzère-Pérès & Paulli (Annals of OR 70, 1997): 10 chains of 15–25 on 5 agents, times U{10…100} that differ a little by agent
 *   hurink   Hurink, Jurisch & Thole (OR Spectrum 15, 1994): job shops of 10 × 10, times U{1…99}, other agents of equal speed with probability .3
 *   behnke   Behnke & Geiger (2012): chains of 5 on 20 agents, half of them eligible, times U{10…100} that differ by a tenth
 *   kacem    Kacem, Hammadi & Borne (IEEE TSMC-C 32, 2002): small, every agent eligible, times U{1…10} that have nothing in common
 *   yfjs     Birgin et al. (EJOR 235, 2014): graphs of layers instead of chains, times that vary with the agent's speed
 */
export const SHOP_FAMILIES = ["mk", "dpp", "hurink", "behnke", "kacem", "yfjs"] as const;
export type ShopFamily = (typeof SHOP_FAMILIES)[number];

/** How one family is drawn. */
interface ShopRules {
  readonly numAgents: (random: Random) => number;
  readonly numChains: (random: Random) => number;
  readonly chainLength: (random: Random) => number;
  /** Time of a task before its agent is known. */
  readonly time: (random: Random) => number;
  /** Time on one agent, NaN where it may not take the task; `own`: the agent that always may. */
  readonly timeOn: (time: number, agent: number, own: number, random: Random) => number;
}

const between = (low: number, high: number) => (random: Random) => low + random.below(high - low + 1);
const vary = (time: number, share: number, random: Random): number =>
  Math.max(1, Math.round(time * (1 - share + 2 * share * random.unit())));

const RULES: Readonly<Record<Exclude<ShopFamily, "yfjs">, ShopRules>> = {
  mk: {
    ...{ numAgents: between(4, 15), numChains: between(10, 20), chainLength: between(5, 15), time: between(1, 20) },
    timeOn: (time, agent, own, random) => (agent === own || random.unit() < 0.3 ? time : NaN),
  },
  dpp: {
    ...{ numAgents: () => 5, numChains: () => 10, chainLength: between(15, 25), time: between(10, 100) },
    timeOn: (time, agent, own, random) => (agent === own || random.unit() < 0.4 ? vary(time, 0.05, random) : NaN),
  },
  hurink: {
    ...{ numAgents: () => 10, numChains: () => 10, chainLength: () => 10, time: between(1, 99) },
    timeOn: (time, agent, own, random) => (agent === own || random.unit() < 0.3 ? time : NaN),
  },
  behnke: {
    ...{ numAgents: () => 20, numChains: between(10, 50), chainLength: () => 5, time: between(10, 100) },
    timeOn: (time, agent, own, random) => (agent === own || random.unit() < 0.5 ? vary(time, 0.1, random) : NaN),
  },
  kacem: {
    ...{ numAgents: between(5, 10), numChains: between(4, 10), chainLength: between(2, 4), time: () => 0 },
    timeOn: (_time, _agent, _own, random) => 1 + random.below(10),
  },
};

/** A shop of the family; the same stream gives the same shop. O(tasks · agents). */
export function generateShop(family: ShopFamily, random: Random): DrawnDag {
  return family === "yfjs" ? drawLayeredShop(random) : drawChainShop(RULES[family], random);
}

function drawChainShop(rules: ShopRules, random: Random): DrawnDag {
  const numAgents = rules.numAgents(random);
  const [busy, dependsOn]: [number[], number[][]] = [[], []];
  for (let chain = rules.numChains(random); chain > 0; chain--) {
    const length = rules.chainLength(random);
    for (let k = 0; k < length; k++) {
      dependsOn.push(k === 0 ? [] : [dependsOn.length - 1]);
      const [time, own] = [rules.time(random), random.below(numAgents)];
      for (let agent = 0; agent < numAgents; agent++) busy.push(rules.timeOn(time, agent, own, random));
    }
  }
  return shopOf(numAgents, busy, dependsOn);
}

function drawLayeredShop(random: Random): DrawnDag {
  const [numTasks, numAgents, width] = [100, 10, 10];
  const speed = Array.from({ length: numAgents }, () => 0.8 + 0.4 * random.unit());
  const [busy, dependsOn]: [number[], number[][]] = [[], []];
  for (let task = 0; task < numTasks; task++) {
    const time = 1 + random.below(100);
    for (let agent = 0; agent < numAgents; agent++) {
      const isEligible = agent === task % numAgents || random.unit() < 0.5;
      busy.push(isEligible ? Math.max(1, Math.round(time * speed[agent]!)) : NaN);
    }
    const before = (Math.floor(task / width) - 1) * width;
    const layer = before < 0 ? [] : Array.from({ length: width }, (_, k) => before + k);
    dependsOn.push(layer.filter(() => random.unit() < 0.25));
  }
  return shopOf(numAgents, busy, dependsOn);
}

function shopOf(numAgents: number, busy: readonly number[], dependsOn: readonly (readonly number[])[]): DrawnDag {
  const slots = new Int32Array(numAgents).fill(1);
  return { numTasks: dependsOn.length, numAgents, slots, busyMs: Float64Array.from(busy), dependsOn };
}
