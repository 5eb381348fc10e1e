import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Backend, BACKEND_NAMES, BACKENDS, findPackageFolder, SolverError } from "../../domain/index.js";
import { findAdapter, PackageSolver } from "./package-solver.js";
import type { PoolOptions } from "../threads/worker-pool.js";

const solvers = new Map<Backend, PackageSolver>();

/** The solver of that name, one for the process; its workers start with `prewarm()` or its first solve. */
export function getSolver(name: Backend): PackageSolver {
  const known = solvers.get(name);
  if (known !== undefined) return known;
  const solver = createSolver(name);
  solvers.set(name, solver);
  return solver;
}

/** Every solver, as `getSolver` gives it. */
export function getSolvers(): Record<Backend, PackageSolver> {
  const all = {} as Record<Backend, PackageSolver>;
  for (const name of BACKEND_NAMES) all[name] = getSolver(name);
  return all;
}

/** A solver with workers of its own. */
export function createSolver(name: Backend, poolOptions: PoolOptions = {}): PackageSolver {
  const { hasDuals, hasCutoff, countsSteps } = BACKENDS[name];
  return new PackageSolver(name, findPackageVersion(name), { hasDuals, hasCutoff, countsSteps }, poolOptions);
}

/** Ends the workers of all solvers. */
export async function closeSolvers(): Promise<void> {
  await Promise.all(Array.from(solvers.values(), (solver) => solver.close()));
}

/** Version of the package that the solver's worker imports, without loading it: not every package exports its package.json. */
function findPackageVersion(name: Backend): string {
  const { packageName, entry } = BACKENDS[name];
  const folder = findPackageFolder(findAdapter(name), packageName, entry);
  if (folder === null) throw new SolverError(`${packageName} is not installed where it should be`);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return version;
}

/** Starts a worker of GLPK, which every solve but a greedy one needs, so that it loads while the input is read. */
export function prewarm(): void {
  getSolver("glpk").prewarm();
}
