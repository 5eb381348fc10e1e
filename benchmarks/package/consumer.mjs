// What a stranger's program does: plans with every solver and on two threads, verifies, and runs a whole pipeline. It is bundled as it is.
import { closeSolvers, Phase19Harness, solve, verify } from "phase19-optimizer";

const wave = {
  agents: [{ agent_id: "a" }, { agent_id: "b" }],
  tasks: Array.from({ length: 8 }, (_, k) => ({ task_id: `t${k}`, risk_level: "LOW", confidence: 0.5 + k / 20 })),
};

async function main() {
  const values = [];
  for (const solver of ["auto", "glpk", "highs", "lp-solver", "greedy"]) {
    const options = { strategy: "minimize_cost", solver, threads: solver === "auto" ? 2 : 1 };
    const result = await solve(wave, options);
    const failed = result.attempts.filter(({ termination }) => termination === "error");
    if (failed.length > 0) throw new Error(`${solver}: ${failed[0].note}`);
    if (verify(result, wave, options).verdict === "invalid") throw new Error(`${solver}: does not verify`);
    values.push(`${solver} ${result.termination} ${result.solver.version}`);
  }
  const outputsDir = process.argv[2];
  if (outputsDir !== undefined) {
    const { summary } = await new Phase19Harness({ outputsDir }).runPhase19();
    values.push(`${summary.tasks.completed} of ${summary.tasks.total}`);
  }
  await closeSolvers();
  console.log(values.join(", "));
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
});
