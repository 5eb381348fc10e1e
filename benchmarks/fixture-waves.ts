import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Heuristics } from "../src/domain/history.js";
import type { FullProblem, SolveOptions } from "../src/domain/index.js";
import { loadPhases } from "../src/pipeline/files/phases.js";
import { buildWaveProblem, listWaves } from "../src/pipeline/files/wave-problem.js";
import { fillEstimates } from "../src/planner/prediction/fill-estimates.js";

export const FIXTURE_NAMES = ["demo", "fleet", "flow"] as const;
export type FixtureName = (typeof FIXTURE_NAMES)[number];

/** One wave of a fixture, every estimate filled in from its history. */
export interface FixtureWave {
  readonly fixture: FixtureName;
  readonly wave: number;
  readonly problem: FullProblem;
  /** Those of the fixture, which its estimates were filled under. */
  readonly heuristics: Heuristics;
}

/** Folder of a fixture's files. */
export function fixtureFolder(fixture: FixtureName): string {
  return join(fileURLToPath(new URL("../fixtures", import.meta.url)), fixture);
}

/** Every wave of a fixture, ascending, as `solve` would plan it. */
export async function loadFixtureWaves(
  fixture: FixtureName,
  options: Pick<SolveOptions, "maxRetries">,
): Promise<FixtureWave[]> {
  const waves = await loadWaves(fixtureFolder(fixture), options);
  return waves.map((one) => ({ fixture, ...one }));
}

/** The same from a folder that a fixture was written to. */
export async function loadWaves(
  folder: string,
  options: Pick<SolveOptions, "maxRetries">,
): Promise<Omit<FixtureWave, "fixture">[]> {
  const phase17Dir = join(folder, "phase17");
  const phases = await loadPhases({
    phase16Dir: join(folder, "phase16"),
    phase18Dir: join(folder, "phase18"),
    ...(existsSync(phase17Dir) ? { phase17Dir } : {}),
  });
  return listWaves(phases.tasks).map((wave) => ({
    wave,
    heuristics: phases.heuristics,
    problem: fillEstimates(buildWaveProblem(phases, { wave }), phases.history, phases.heuristics, options),
  }));
}
