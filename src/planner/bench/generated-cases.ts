import type { Random, SuiteName } from "../../domain/index.js";
import type { ArrayProblem, BenchCase } from "./bench-instance.js";
import { createNamedRandom, type DrawnSize } from "./draw.js";
import { generatePcmax, generateRcmax, RCMAX_FAMILIES } from "./generate-cmax.js";
import { type GapClass, generateGap } from "./generate-gap.js";
import { generateWave } from "./generate-wave.js";
import { dagCases, deadlineCases, shopCases } from "./ordered-cases.js";
import { toDocument } from "./to-document.js";

/** Seed of every generated instance; each draws from a stream of its own name. */
const SEED = 1;

/** Agents × tasks of each class, as many as the published files have. */
const GAP_SIZES: Readonly<Record<GapClass, readonly (readonly [number, number])[]>> = {
  g: [
    [5, 15],
    [5, 20],
    [5, 25],
    [5, 30],
    [8, 24],
    [8, 32],
    [8, 40],
    [8, 48],
    [10, 30],
    [10, 40],
    [10, 50],
    [10, 60],
  ],
  a: [
    [5, 100],
    [20, 200],
  ],
  b: [
    [5, 100],
    [20, 100],
  ],
  c: [
    [5, 100],
    [10, 100],
    [20, 200],
    [10, 400],
    [40, 1600],
  ],
  d: [
    [5, 100],
    [20, 100],
    [10, 200],
    [10, 400],
  ],
  e: [
    [5, 100],
    [10, 100],
    [20, 100],
    [20, 200],
    [20, 400],
  ],
};
const RCMAX_SIZES = [
  [10, 100],
  [20, 200],
  [20, 500],
] as const;
/** Kind, agents, tasks, longest time. */
const PCMAX_SIZES = [
  ["uniform", 5, 50, 100],
  ["uniform", 10, 100, 1_000],
  ["uniform", 25, 500, 10_000],
  ["non-uniform", 10, 100, 100],
  ["non-uniform", 5, 500, 1_000],
  ["non-uniform", 25, 1_000, 10_000],
] as const;
const WAVE_SIZES = [
  [10, 100],
  [20, 200],
] as const;
const WAVES_A_SIZE = 2;
const SCALE_GAP_CLASSES = ["c", "d", "e"] as const;
/** Dense; and with this many eligible agents a task. */
const SCALE_SIZES: readonly (readonly [number, number, number | null])[] = [
  [100, 10_000, null],
  [1_000, 100_000, 50],
];
/** Smaller ones of class c: how time grows with the number of pairs. */
const GROWTH_SIZES = [
  [10, 1_000],
  [32, 3_125],
] as const;

/** Every instance that is drawn and not read, of one suite. */
export function generatedCases(suite: SuiteName): BenchCase[] {
  switch (suite) {
    case "gap":
      return gapCases();
    case "rcmax":
      return RCMAX_SIZES.flatMap(([numAgents, numTasks]) =>
        RCMAX_FAMILIES.map((family) =>
          documentCase("rcmax", `gen-${family}-${numAgents}x${numTasks}`, (random) =>
            generateRcmax(family, { numAgents, numTasks, eligibleAgents: null }, random),
          ),
        ),
      );
    case "pcmax":
      return PCMAX_SIZES.map(([kind, numAgents, numTasks, longest]) =>
        documentCase("pcmax", `gen-${kind}-${longest}-${numAgents}x${numTasks}`, (random) =>
          generatePcmax(kind, { numAgents, numTasks }, longest, random),
        ),
      );
    case "waves":
      return waveCases();
    case "dags":
      return dagCases();
    case "deadlines":
      return deadlineCases();
    case "fjsp":
      return shopCases();
    case "scale":
      return scaleCases();
  }
}

function gapCases(): BenchCase[] {
  return (Object.keys(GAP_SIZES) as GapClass[]).flatMap((gapClass) =>
    GAP_SIZES[gapClass].map(([numAgents, numTasks]) =>
      documentCase("gap", `gen-${gapClass}-${numAgents}x${numTasks}`, (random) =>
        generateGap(gapClass, { numAgents, numTasks, eligibleAgents: null }, random),
      ),
    ),
  );
}

function waveCases(): BenchCase[] {
  const suite = "waves";
  return ["plain", "limited"].flatMap((kind) =>
    WAVE_SIZES.flatMap(([numAgents, numTasks]) =>
      Array.from({ length: WAVES_A_SIZE }, (_, k): BenchCase => {
        const name = `gen-${kind}-${numAgents}x${numTasks}-${k + 1}`;
        return {
          suite,
          name,
          load: () => {
            const document = generateWave({ numAgents, numTasks }, kind === "limited", createNamedRandom(name, SEED));
            return Promise.resolve({
              suite,
              name,
              kind: "document",
              sense: "max",
              bestKnown: null,
              document,
              arrays: null,
            });
          },
        };
      }),
    ),
  );
}

function scaleCases(): BenchCase[] {
  const growth = GROWTH_SIZES.map(([numAgents, numTasks]) => ({ numAgents, numTasks, eligibleAgents: null }));
  const large = SCALE_SIZES.map(([numAgents, numTasks, eligibleAgents]) => ({ numAgents, numTasks, eligibleAgents }));
  return [
    ...growth.map((size) => arrayCase(`gen-c-${describeSize(size)}`, (random) => generateGap("c", size, random))),
    ...large.flatMap((size) => [
      ...SCALE_GAP_CLASSES.map((gapClass) =>
        arrayCase(`gen-${gapClass}-${describeSize(size)}`, (random) => generateGap(gapClass, size, random)),
      ),
      ...RCMAX_FAMILIES.map((family) =>
        arrayCase(`gen-${family}-${describeSize(size)}`, (random) => generateRcmax(family, size, random)),
      ),
    ]),
  ];
}

function describeSize({ numAgents, numTasks, eligibleAgents }: DrawnSize): string {
  return `${numAgents}x${numTasks}${eligibleAgents === null ? "" : `-${eligibleAgents}-eligible`}`;
}

function documentCase(suite: SuiteName, name: string, draw: (random: Random) => ArrayProblem): BenchCase {
  return {
    suite,
    name,
    load: () => {
      const arrays = draw(createNamedRandom(name, SEED));
      const document = toDocument(arrays);
      return Promise.resolve({ suite, name, kind: "document", sense: "min", bestKnown: null, document, arrays });
    },
  };
}

function arrayCase(name: string, draw: (random: Random) => ArrayProblem): BenchCase {
  const suite = "scale";
  return {
    suite,
    name,
    load: () => {
      const arrays = draw(createNamedRandom(name, SEED));
      return Promise.resolve({ suite, name, kind: "arrays", sense: "min", bestKnown: null, arrays });
    },
  };
}
