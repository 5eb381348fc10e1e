import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "../src/domain/index.js";
import { buildSequencingProblem, type SequencingProblem } from "../src/engine/sequencing/sequencing-problem.js";

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
      load: () => toProblem(JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as FjspFile),
    };
  });
}

/** Generated cases: chains in the manner of Brandimarte's (times U[1,20]), and layered graphs with times per agent. */
export function generatedShops(): FjspCase[] {
  const seeds = [1, 2, 3, 4];
  return [
    ...seeds.map((seed) => generated("chains", seed, () => chains(seed))),
    ...seeds.map((seed) => generated("layers", seed, () => layers(seed))),
  ];
}

function generated(family: string, seed: number, draw: () => FjspFile): FjspCase {
  return { name: `${family}-${seed}`, family, bestKnown: null, load: () => toProblem(draw()) };
}

function chains(seed: number): FjspFile {
  const random = createRandom(seed);
  const numAgents = 4 + random.below(12);
  const [operations, precedences]: [[number, number, number][], [number, number][]] = [[], []];
  let task = 0;
  for (let chain = 10 + random.below(11); chain > 0; chain--) {
    for (let left = 5 + random.below(11); left > 0; left--, task++) {
      const first = random.below(numAgents);
      const numEligible = Math.min(numAgents, 1 + random.below(6));
      for (let k = 0; k < numEligible; k++) operations.push([task, (first + k) % numAgents, 1 + random.below(20)]);
      if (left > 1) precedences.push([task, task + 1]);
    }
  }
  return { operations, precedences };
}

function layers(seed: number): FjspFile {
  const random = createRandom(seed);
  const [numTasks, numAgents, width] = [100, 10, 10];
  const speed = Array.from({ length: numAgents }, () => 0.8 + 0.4 * random.unit());
  const [operations, precedences]: [[number, number, number][], [number, number][]] = [[], []];
  for (let task = 0; task < numTasks; task++) {
    const base = 1 + random.below(100);
    for (let agent = 0; agent < numAgents; agent++) {
      if (agent === task % numAgents || random.unit() < 0.5)
        operations.push([task, agent, Math.round(base * speed[agent]!)]);
    }
    const layer = Math.floor(task / width);
    for (let k = 0; layer > 0 && k < width; k++) {
      if (random.unit() < 0.25) precedences.push([(layer - 1) * width + k, task]);
    }
  }
  return { operations, precedences };
}

function toProblem({ operations, precedences }: FjspFile): SequencingProblem {
  const numTasks = 1 + Math.max(...operations.map(([task]) => task));
  const numAgents = 1 + Math.max(...operations.map(([, agent]) => agent));
  const byTask = operations.toSorted(([a], [b]) => a - b);
  const pairStart = new Int32Array(numTasks + 1);
  for (const [task] of byTask) pairStart[task + 1]!++;
  for (let task = 0; task < numTasks; task++) pairStart[task + 1]! += pairStart[task]!;
  return buildSequencingProblem({
    ...{ numTasks, numAgents, pairStart, dependencies: precedences },
    agentSlots: new Int32Array(numAgents).fill(1),
    availableFromMs: new Float64Array(numAgents),
    pairAgent: byTask.map(([, agent]) => agent),
    busyMs: byTask.map(([, , duration]) => duration),
    releaseMs: new Float64Array(numTasks),
    deadlineMs: new Float64Array(numTasks).fill(Infinity),
  });
}
