import { STRATEGIES } from "../src/domain/problem.js";
import { DEFAULT_OPTIONS } from "../src/planner/solve/options.js";
import { solveProblem } from "../src/planner/solve/solve-problem.js";
import { FIXTURE_NAMES, loadFixtureWaves } from "./fixture-waves.js";

/** `demo` is small enough that every wave and strategy must end proven. */
const MUST_BE_PROVEN = "demo";

/**
 * Every fixture wave and strategy twice under a fixed clock: the same bytes, `reproducible` true, and `demo` proven optimal.
 * Prints what fails; says whether nothing did.
 */
export async function checkProofs(): Promise<boolean> {
  let isKept = true;
  for (const fixture of FIXTURE_NAMES) {
    const counts = { solves: 0, optimal: 0, reproducible: 0, sameBytes: 0 };
    for (const { wave, problem } of await loadFixtureWaves(fixture, DEFAULT_OPTIONS)) {
      for (const strategy of STRATEGIES) {
        const [result, again] = [await solve(), await solve()];
        counts.solves += 1;
        const isSame = JSON.stringify(result) === JSON.stringify(again);
        if (result.termination === "optimal") counts.optimal += 1;
        if (result.reproducible && again.reproducible) counts.reproducible += 1;
        if (isSame) counts.sameBytes += 1;
        const isProven = result.termination === "optimal" || fixture !== MUST_BE_PROVEN;
        if (isSame && isProven && result.reproducible && again.reproducible) continue;
        isKept = false;
        const { termination, limit, reproducible, objective } = result;
        const facts = { termination, limit, reproducible, isSame, ...objective };
        console.log(`proof ${fixture}, wave ${wave}, ${strategy}: ${JSON.stringify(facts)}`);

        function solve() {
          const context = { now: () => 0, clock: () => performance.now(), fixedNow: true };
          return solveProblem(problem, { ...DEFAULT_OPTIONS, strategy }, context);
        }
      }
    }
    const { solves, optimal, reproducible, sameBytes } = counts;
    console.log(
      `proof ${fixture}: ${solves} waves × strategies, ${optimal} optimal, ${reproducible} reproducible, ${sameBytes} with the same bytes twice`,
    );
  }
  return isKept;
}
