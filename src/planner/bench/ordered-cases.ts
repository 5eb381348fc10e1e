import type { ProblemDocument } from "../../domain/schemas/index.js";
import type { Random } from "../../domain/index.js";
import type { BenchCase } from "./bench-instance.js";
import { dagDocument } from "./dag-document.js";
import { createNamedRandom } from "./draw.js";
import { DAG_FAMILIES, generateDag, generateSparseDag } from "./generate-dag.js";
import { generateShop, SHOP_FAMILIES } from "./generate-shop.js";
import { overtightDeadlines, plantDeadlines } from "./plant-deadlines.js";

/** Seed of every generated instance; each draws from a stream of its own name. */
const SEED = 1;

/** Tasks × agents. Larger ones do not fit a document of a reasonable size; `npm run check:order -- large` has them. */
const DAG_SIZES = [
  [20, 5],
  [60, 6],
  [100, 10],
  [200, 20],
  [1_000, 50],
] as const;
/** Tasks, agents, density of the dependencies, instances. */
const PLANTED_SIZES = [
  [40, 6, 0.05, 8],
  [100, 10, 0.02, 4],
] as const;
const OVERTIGHT = { numTasks: 12, numAgents: 4, density: 0.15, count: 8 };
const SHOPS_PER_FAMILY = 2;

/** Least makespans of waves with dependencies: every family and size, with one slot per agent and with up to three. */
export function dagCases(): BenchCase[] {
  return DAG_SIZES.flatMap(([numTasks, numAgents]) =>
    DAG_FAMILIES.flatMap((family) =>
      [1, 3].map((mostSlots) =>
        documentCase(
          "dags",
          `gen-${family}-${numTasks}x${numAgents}-${mostSlots === 1 ? "single" : "slots"}`,
          (random) => dagDocument(generateDag(family, { numTasks, numAgents }, mostSlots, random), THROUGHPUT),
        ),
      ),
    ),
  );
}

/** Waves whose deadlines can just be met, and some whose deadlines cannot. */
export function deadlineCases(): BenchCase[] {
  const planted = PLANTED_SIZES.flatMap(([numTasks, numAgents, density, count]) =>
    Array.from({ length: count }, (_, k) =>
      documentCase("deadlines", `gen-planted-${numTasks}x${numAgents}-${k + 1}`, (random) => {
        const dag = generateSparseDag({ numTasks, numAgents }, density, 1, random);
        return dagDocument(dag, { ...THROUGHPUT, deadlineMs: plantDeadlines(dag, random) });
      }),
    ),
  );
  const { numTasks, numAgents, density, count } = OVERTIGHT;
  const overtight = Array.from({ length: count }, (_, k) =>
    documentCase(
      "deadlines",
      `gen-infeasible-${numTasks}x${numAgents}-${k + 1}`,
      (random) => {
        const dag = generateSparseDag({ numTasks, numAgents }, density, 1, random);
        return dagDocument(dag, { ...THROUGHPUT, deadlineMs: overtightDeadlines(dag, random) });
      },
      false,
    ),
  );
  return [...planted, ...overtight];
}

/** Flexible job shops in the manner of the published families. */
export function shopCases(): BenchCase[] {
  return SHOP_FAMILIES.flatMap((family) =>
    Array.from({ length: SHOPS_PER_FAMILY }, (_, k) =>
      documentCase("fjsp", `gen-${family}-${k + 1}`, (random) => dagDocument(generateShop(family, random), THROUGHPUT)),
    ),
  );
}

const THROUGHPUT = { options: { strategy: "maximize_throughput" } } as const;

function documentCase(
  suite: BenchCase["suite"],
  name: string,
  draw: (random: Random) => ProblemDocument,
  isFeasible = true,
): BenchCase {
  return {
    suite,
    name,
    load: () => {
      const document = draw(createNamedRandom(name, SEED));
      const facts = { kind: "document", sense: "min", bestKnown: null, arrays: null } as const;
      return Promise.resolve({ suite, name, ...facts, document, isFeasible });
    },
  };
}
