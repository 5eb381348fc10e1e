/**
 * `explain` on many random waves: each counterfactual against brute force, or a full solve with the pin where time binds; each cure
 * against the wave with a step less. Then how long it takes on waves of 12 × 4 and 80 × 12.
 *
 * Usage: npm run check:explain -- [--waves 300] [--first 1]
 *
 * Ends with 1 where an answer is wrong.
 */
import { parseArgs } from "node:util";
import { createRandom } from "../src/domain/random.js";
import { closeSolvers } from "../src/engine/index.js";
import { explain } from "../src/planner/ask/explain.js";
import { generateWave } from "../src/planner/bench/generate-wave.js";
import { solve } from "../src/planner/solve/solve.js";
import { checkExplanations } from "../test/support/check-explanations.js";
import { describeConditions, readConditions } from "./conditions.js";

const { values: flags } = parseArgs({
  options: { waves: { type: "string", default: "300" }, first: { type: "string", default: "1" } },
});

console.log(describeConditions(readConditions()));
const totals = { alternatives: 0, open: 0, cures: 0, mistakes: 0 };
for (let k = 0; k < Number(flags.waves); k++) {
  const check = await checkExplanations(Number(flags.first) + k, k % 3 === 2);
  for (const mistake of check.mistakes) console.log(mistake);
  totals.alternatives += check.alternatives;
  totals.open += check.open;
  totals.cures += check.cures;
  totals.mistakes += check.mistakes.length;
}
console.log(`${flags.waves} waves:`, totals);

for (const [numTasks, numAgents, numAsked, numWaves] of [
  [12, 4, 12, 4],
  [80, 12, 4, 1],
] as const) {
  const times: { readonly wallMs: number; readonly cpuMs: number }[] = [];
  let [numAnswers, numOpen, numPlans] = [0, 0, 0];
  for (let seed = 1; numPlans < numWaves; seed++) {
    const wave = { ...generateWave({ numTasks, numAgents }, true, createRandom(seed)) };
    const result = await solve(wave, { strategy: "maximize_success" });
    if (result.termination === "infeasible") continue;
    numPlans += 1;
    for (const { task_id } of wave.tasks.slice(0, numAsked)) {
      const [since, cpu] = [performance.now(), process.cpuUsage()];
      const { task } = await explain(result, wave, { task: task_id });
      const { user, system } = process.cpuUsage(cpu);
      times.push({ wallMs: performance.now() - since, cpuMs: (user + system) / 1_000 });
      const answers = task!.alternatives.flatMap(({ consequence }) => consequence ?? []);
      numAnswers += answers.length;
      numOpen += answers.filter(({ proven, infeasible }) => !proven && !infeasible).length;
    }
  }
  const spread = (key: keyof (typeof times)[number]): string => {
    const sorted = times.map((one) => one[key]).sort((a, b) => a - b);
    return `median ${sorted[Math.floor(sorted.length / 2)]!.toFixed(0)} ms, at most ${sorted.at(-1)!.toFixed(0)} ms`;
  };
  console.log(
    `${numTasks} x ${numAgents}, ${numWaves} waves: a task ${spread("wallMs")}; processor ${spread("cpuMs")}; ` +
      `${numOpen} of ${numAnswers} answers open`,
  );
}
await closeSolvers();
process.exitCode = totals.mistakes === 0 ? 0 : 1;
