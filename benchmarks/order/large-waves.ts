import type { DagFamily, DrawnDag } from "../../src/planner/bench/generate-dag.js";
import { createNamedRandom } from "../../src/planner/bench/draw.js";
import { drawDag, generateDag, generateSparseDag } from "../../src/planner/bench/generate-dag.js";
import type { Random } from "../../src/domain/index.js";

/** A large wave whose agents have one slot each, and what is wanted of its plan; null: nothing beside the memory. */
export interface LargeWave {
  readonly name: string;
  /** Largest share by which the plan may end after the bound. */
  readonly mostAboveBound: number | null;
  /** Largest peak memory of a process that does nothing else. */
  readonly mostMb: number;
  draw(): DrawnDag;
}

const NUM_TASKS = 10_000;
const SIZE = { numTasks: NUM_TASKS, numAgents: 100 } as const;
const NUM_DEPENDENCIES = 100_000;

export const LARGE_WAVES: readonly LargeWave[] = [
  family("layers", 0.02),
  family("chains", 0.05),
  layers(150, 10),
  layers(1_000, 3),
  family("random", null),
  family("fan", null),
  extreme("one chain", (random) => {
    const dependsOn = Array.from({ length: NUM_TASKS }, (_, task) => (task === 0 ? [] : [task - 1]));
    return drawDag(SIZE, 1, dependsOn, random);
  }),
  extreme("10,000 predecessors", (random) => {
    const all = Array.from({ length: NUM_TASKS }, (_, task) => task);
    const dependsOn = [...all.map(() => []), all];
    return drawDag({ ...SIZE, numTasks: NUM_TASKS + 1 }, 1, dependsOn, random);
  }),
  extreme("100,000 dependencies", (random) =>
    generateSparseDag(SIZE, (2 * NUM_DEPENDENCIES) / (NUM_TASKS * (NUM_TASKS - 1)), 1, random),
  ),
];

function family(name: DagFamily, mostAboveBound: number | null): LargeWave {
  return largeWave(name, mostAboveBound, 600, (random) => generateDag(name, SIZE, 1, random));
}

/** Layers in which each task waits for some tasks of the layer before it, far fewer than in the family: up to 100,000 dependencies. */
function layers(width: number, numBefore: number): LargeWave {
  return largeWave(`layers of ${width}, ${numBefore} before each`, 0.02, 600, (random) => {
    const dependsOn = Array.from({ length: NUM_TASKS }, (_, task) => {
      const first = (Math.floor(task / width) - 1) * width;
      const chosen = Array.from({ length: first < 0 ? 0 : numBefore }, () => first + random.below(width));
      return [...new Set(chosen)].sort((a, b) => a - b);
    });
    return drawDag(SIZE, 1, dependsOn, random);
  });
}

function extreme(name: string, draw: (random: Random) => DrawnDag): LargeWave {
  return largeWave(name, null, 1024, draw);
}

function largeWave(
  name: string,
  mostAboveBound: number | null,
  mostMb: number,
  draw: (random: Random) => DrawnDag,
): LargeWave {
  return { name, mostAboveBound, mostMb, draw: () => draw(createNamedRandom(`large-${name}`, 1)) };
}
