import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SolverError } from "../../domain/index.js";
import type { Backend } from "./messages.js";
import { PackageSolver } from "./package-solver.js";
import type { PoolOptions } from "../threads/worker-pool.js";

export type { Backend } from "./messages.js";

/** What each backend is made of; a new one needs a row here and an adapter in the worker. */
const PACKAGES = {
  glpk: { packageName: "glpk.js", entry: "glpk.js/node", hasDuals: true, hasCutoff: false },
  highs: { packageName: "highs", entry: "highs", hasDuals: true, hasCutoff: true },
  "lp-solver": {
    packageName: "javascript-lp-solver",
    entry: "javascript-lp-solver",
    hasDuals: false,
    hasCutoff: false,
  },
} as const satisfies Record<Backend, { packageName: string; entry: string; hasDuals: boolean; hasCutoff: boolean }>;

const solvers = new Map<Backend, PackageSolver>();

/** The solver of that name, one for the process; its workers start with `prewarm()` or its first solve. */
export function getSolver(name: Backend): PackageSolver {
  const known = solvers.get(name);
  if (known !== undefined) return known;
  const solver = createSolver(name);
  solvers.set(name, solver);
  return solver;
}

/** A solver with workers of its own. */
export function createSolver(name: Backend, poolOptions: PoolOptions = {}): PackageSolver {
  const { packageName, entry, ...abilities } = PACKAGES[name];
  return new PackageSolver(name, findPackageVersion(packageName, entry), abilities, poolOptions);
}

/** Ends the workers of all solvers. */
export async function closeSolvers(): Promise<void> {
  await Promise.all(Array.from(solvers.values(), (solver) => solver.close()));
}

/** Version of an installed package without loading it: not every package exports its package.json. */
function findPackageVersion(packageName: string, entry: string): string {
  let directory = dirname(createRequire(import.meta.url).resolve(entry));
  while (!directory.endsWith(join("node_modules", packageName))) {
    const parent = dirname(directory);
    if (parent === directory) throw new SolverError(`${packageName} is not installed where it should be`);
    directory = parent;
  }
  const { version } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as { version: string };
  return version;
}

/** Starts a worker of GLPK, which every solve but a greedy one needs, so that it loads while the input is read. */
export function prewarm(): void {
  getSolver("glpk").prewarm();
}
