import { InputError, type SuiteName } from "../../src/domain/index.js";
import type { ArrayProblem, BenchCase } from "../../src/planner/bench/bench-instance.js";
import { createNamedRandom, type DrawnSize } from "../../src/planner/bench/draw.js";
import { generateRcmax, RCMAX_FAMILIES } from "../../src/planner/bench/generate-cmax.js";
import { GAP_CLASSES, generateGap } from "../../src/planner/bench/generate-gap.js";
import { toDocument } from "../../src/planner/bench/to-document.js";

/**
 * Instances of any size and seed, such as d-20x200 (class, agents, tasks), to confirm on what no constant was chosen on: those of seed 1
 * are the suites' own, and the stream of each is that of its name there.
 *
 * @param list names between commas
 * @throws InputError where a name is of no class or has no size
 */
export function drawnCases(list: string, seeds: readonly number[]): BenchCase[] {
  return list.split(",").flatMap((name) => {
    const { suite, draw } = readName(name);
    return seeds.map((seed): BenchCase => {
      const stream = `gen-${name}`;
      const named = { suite, name: `${stream} seed ${seed}` };
      const load = () => {
        const arrays = draw(seed, stream);
        const document = toDocument(arrays);
        return Promise.resolve({
          ...named,
          kind: "document",
          sense: "min",
          bestKnown: null,
          document,
          arrays,
        } as const);
      };
      return { ...named, load };
    });
  });
}

function readName(name: string): { suite: SuiteName; draw: (seed: number, stream: string) => ArrayProblem } {
  const [, family, agents, tasks] = /^(.+)-(\d+)x(\d+)$/.exec(name) ?? [];
  const size: DrawnSize = { numAgents: Number(agents), numTasks: Number(tasks), eligibleAgents: null };
  const gapClass = GAP_CLASSES.find((one) => one === family);
  if (gapClass !== undefined) {
    return { suite: "gap", draw: (seed, stream) => generateGap(gapClass, size, createNamedRandom(stream, seed)) };
  }
  const rcmaxFamily = RCMAX_FAMILIES.find((one) => one === family);
  if (rcmaxFamily !== undefined) {
    return {
      suite: "rcmax",
      draw: (seed, stream) => generateRcmax(rcmaxFamily, size, createNamedRandom(stream, seed)),
    };
  }
  const families = [...GAP_CLASSES, ...RCMAX_FAMILIES].join(", ");
  throw new InputError("--drawn", `"${name}" is no class, agents and tasks such as d-20x200; classes are ${families}`);
}
