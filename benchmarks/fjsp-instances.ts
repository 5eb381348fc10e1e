import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSequencingProblem, type SequencingProblem } from "../src/engine/sequencing/sequencing-problem.js";
import { createNamedRandom } from "../src/planner/bench/draw.js";
import type { DrawnDag } from "../src/planner/bench/generate-dag.js";
import { generateShop, SHOP_FAMILIES } from "../src/planner/bench/generate-shop.js";

export interface FjspCase {
  readonly name: string;
  readonly family: string;
  /** Best published makespan; null where there is none. */
  readonly bestKnown: number | null;
  load(): SequencingProblem;
}

interface FjspFile {
  /** [task, agent, duration] */
  readonly operations: readonly (readonly [number, number, number])[];
  /** [before, after] */
  readonly precedences: readonly (readonly [number, number])[];
}

/** The cases that `best_known.csv` of a folder lists. */
export function publishedShops(folder: string): FjspCase[] {
  const [header, ...lines] = readFileSync(join(folder, "best_known.csv"), "utf8").trim().split("\n");
  const columns = header!.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    const name = cells[columns.indexOf("instance")]!;
    const best = cells[columns.indexOf("best_known")]!;
    return {
      name,
      family: /^[a-z]+/.exec(name)![0],
      bestKnown: best === "" ? null : Number(best),
      load: () => toProblem(readShop(readFileSync(join(folder, `${name}.json`), "utf8"))),
    };
  });
}

/** Generated cases, some of every family. */
export function generatedShops(): FjspCase[] {
  return SHOP_FAMILIES.flatMap((family) =>
    [1, 2].map((seed) => ({
      ...{ name: `${family}-${seed}`, family, bestKnown: null },
      load: () => toProblem(generateShop(family, createNamedRandom(`gen-${family}-${seed}`, 1))),
    })),
  );
}

/** A published file as a wave. */
export function readShop(text: string): DrawnDag {
  const { operations, precedences } = JSON.parse(text) as FjspFile;
  const numTasks = 1 + Math.max(...operations.map(([task]) => task));
  const numAgents = 1 + Math.max(...operations.map(([, agent]) => agent));
  const busyMs = new Float64Array(numTasks * numAgents).fill(NaN);
  for (const [task, agent, duration] of operations) busyMs[task * numAgents + agent] = duration;
  const dependsOn = Array.from({ length: numTasks }, (): number[] => []);
  for (const [before, after] of precedences) dependsOn[after]!.push(before);
  return { numTasks, numAgents, slots: new Int32Array(numAgents).fill(1), busyMs, dependsOn };
}

function toProblem({ numTasks, numAgents, slots, busyMs, dependsOn }: DrawnDag): SequencingProblem {
  const pairs = Array.from(busyMs.keys()).filter((pair) => !Number.isNaN(busyMs[pair]!));
  const pairStart = new Int32Array(numTasks + 1);
  for (const pair of pairs) pairStart[Math.floor(pair / numAgents) + 1]!++;
  for (let task = 0; task < numTasks; task++) pairStart[task + 1]! += pairStart[task]!;
  return buildSequencingProblem({
    ...{ numTasks, numAgents, pairStart, agentSlots: slots },
    dependencies: dependsOn.flatMap((list, task) => list.map((other) => [other, task] as const)),
    availableFromMs: new Float64Array(numAgents),
    pairAgent: pairs.map((pair) => pair % numAgents),
    busyMs: pairs.map((pair) => busyMs[pair]!),
    releaseMs: new Float64Array(numTasks),
    deadlineMs: new Float64Array(numTasks).fill(Infinity),
  });
}
