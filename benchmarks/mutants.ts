/** One planted fault: `find` occurs exactly once in `file`, and one of `tests` must go red. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly tests: readonly string[];
}

const BRUTE = "test/planner/solve/brute-force-1.test.ts";
const ENCODE = "test/models/encode.test.ts";
const EDGES = "test/planner/solve/edge-cases.test.ts";
const FALLBACK = "test/planner/solve/fallback.test.ts";
const FALSE_CLAIMS = "test/planner/verify/false-claims.test.ts";
const BOUNDS = "test/engine/bounds/goal-bound.test.ts";
const SEARCH = "test/engine/search/search.test.ts";
const CERTIFICATE = "test/engine/bounds/certificate.test.ts";
const KNAPSACK = "test/engine/bounds/certificate-knapsack.test.ts";
const ORDER_CERTIFICATE = "test/engine/ordered/order-certificate.test.ts";
const TIMED_CERTIFICATES = "test/planner/verify/timed-certificates.test.ts";
const TAMPERING = "test/planner/verify/tampering.test.ts";

/** No golden file is among the tests: behaviour has to notice. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: "let paths end with tasks that may be deferred",
    file: "src/engine/sequencing/check-bound-certificate.ts",
    find: "if (deferral !== null && mandatoryTasks(problem, deferral)[tasks.at(-1) ?? 0] !== 1) return 0;",
    replace: "",
    tests: [ORDER_CERTIFICATE],
  },
  {
    name: "count all work of a set though some may be deferred",
    file: "src/engine/sequencing/check-bound-certificate.ts",
    find: "  if (deferral !== null) work -= mostLeftOut(tasks, values, deferral);\n",
    replace: "",
    tests: [ORDER_CERTIFICATE],
  },
  {
    name: "believe any head of a set",
    file: "src/engine/sequencing/check-bound-certificate.ts",
    find: "heads[task]! >= headMs && ",
    replace: "",
    tests: [ORDER_CERTIFICATE, TIMED_CERTIFICATES],
  },
  {
    name: "minimise success",
    file: "models/goals.ts",
    find: `name: "success",\n    sense: "max",`,
    replace: `name: "success",\n    sense: "min",`,
    tests: [BRUTE],
  },
  {
    name: "drop the load rows",
    file: "models/build.ts",
    find: "  addLoadRows(builder, instance, x);\n",
    replace: "",
    tests: [ENCODE, BRUTE],
  },
  {
    name: "drop the count rows",
    file: "models/build.ts",
    find: "  addCountRows(builder, instance, x);\n",
    replace: "",
    tests: [ENCODE, BRUTE],
  },
  {
    name: "drop the budget row",
    file: "models/build.ts",
    find: "  addBudgetRow(builder, instance, x);\n",
    replace: "",
    tests: [ENCODE, BRUTE],
  },
  {
    name: "drop the deadline rows",
    file: "models/build.ts",
    find: "  addDeadlineRows(builder, instance, x);\n",
    replace: "",
    tests: [ENCODE, BRUTE],
  },
  {
    name: "drop the dependency rows",
    file: "models/build.ts",
    find: "  addDependencyRows(builder, instance, x);\n",
    replace: "",
    tests: [ENCODE, BRUTE],
  },
  {
    name: "drop the rows of settled goals",
    file: "models/build.ts",
    find: "  for (const settled of stage.settled) addSettledRow(builder, instance, x, times, settled);\n",
    replace: "",
    tests: [ENCODE, BRUTE],
  },
  {
    name: "turn the slot order round",
    file: "models/timing.ts",
    find: 'builder.addRow(label("order", instance.agentIds[agent]!, slot), difference, 0, Infinity);',
    replace: 'builder.addRow(label("order", instance.agentIds[agent]!, slot), difference, -Infinity, 0);',
    tests: [ENCODE],
  },
  {
    name: "ask for equal slots, both directions of the order",
    file: "models/timing.ts",
    find: 'builder.addRow(label("order", instance.agentIds[agent]!, slot), difference, 0, Infinity);',
    replace: 'builder.addRow(label("order", instance.agentIds[agent]!, slot), difference, 0, 0);',
    tests: [ENCODE, BRUTE],
  },
  {
    name: "leave availability out of the makespan rows",
    file: "models/timing.ts",
    find: "    if (start > 0) {",
    replace: "    if (start < 0) {",
    tests: [BRUTE],
  },
  {
    name: "count an unused late agent",
    file: "models/measures.ts",
    find: "if (isUsed[agent]![slot]) latest",
    replace: "latest",
    tests: [EDGES, BRUTE],
  },
  {
    name: "forget the price of deferral in maximised goals",
    file: "models/goals.ts",
    find: `goal.sense === "min" ? penalty : -penalty`,
    replace: "penalty",
    tests: [EDGES, BRUTE],
  },
  {
    name: "let the feasibility check pass over counts",
    file: "models/feasibility.ts",
    find: "if (count[agent]! > instance.maxTasks[agent]!) {",
    replace: "if (count[agent]! > instance.maxTasks[agent]! + 1) {",
    tests: [ENCODE],
  },
  {
    name: "verify without findViolations",
    file: "src/planner/verify/verify-result.ts",
    find: "const violations = findViolations(instance, plan);",
    replace: "const violations = findViolations(instance, plan).slice(0, 0);",
    tests: [TAMPERING, FALSE_CLAIMS],
  },
  {
    name: "verify without the certificate",
    file: "src/planner/verify/check-proof.ts",
    find: "const isProven = !exceeds(certificateBound, proven);",
    replace: "const isProven = true;",
    tests: [TAMPERING],
  },
  {
    name: "verify takes what proves nothing for a proof",
    file: "src/planner/verify/check-proof.ts",
    find: "return !(excess <= STATED_TOLERANCE * Math.max(1, Math.abs(one)));",
    replace: "return excess > STATED_TOLERANCE * Math.max(1, Math.abs(limit));",
    tests: [TAMPERING],
  },
  {
    name: "knapsacks of a certificate with half the capacity",
    file: "src/engine/bounds/certificate.ts",
    find: "return limit + FEASIBILITY_TOLERANCE * Math.max(1, limit);",
    replace: "return limit / 2;",
    tests: [CERTIFICATE],
  },
  {
    name: "a certificate of times without slots",
    file: "src/engine/bounds/certificate.ts",
    find: "Math.min(load, instance.slots[j]! * longestMs[j]!)",
    replace: "Math.min(load, longestMs[j]!)",
    tests: [CERTIFICATE],
  },
  {
    name: "a certificate of times that forgets availability",
    file: "src/engine/bounds/certificate.ts",
    find: 'atMs - (time === "makespan" ? fromMs : 0)',
    replace: "atMs - fromMs",
    tests: [CERTIFICATE],
  },
  {
    name: "time multipliers beyond the goal in a knapsack certificate",
    file: "src/engine/bounds/certificate.ts",
    find: "if (sum <= goal[time]) continue;",
    replace: "if (sum >= 0) continue;",
    tests: [CERTIFICATE],
  },
  {
    name: "a deferral knapsack without its limit",
    file: "src/engine/bounds/knapsack-relaxation.ts",
    find: "let deferralRoom = zero?.rhs ?? Infinity;",
    replace: "let deferralRoom = Infinity;",
    tests: [CERTIFICATE],
  },
  {
    name: "no deferral in a knapsack certificate",
    file: "src/engine/bounds/knapsack-relaxation.ts",
    find: "total.add(-deferral.upperBound(Math.max(0, deferralRoom)));",
    replace: "total.add(-0 * deferral.upperBound(0));",
    tests: [CERTIFICATE],
  },
  {
    name: "a knapsack search that forgets open nodes",
    file: "src/engine/bounds/certificate-knapsack.ts",
    find: "bound: Math.max(best, openBound(items, capacity, isTaken, k)), isExact: false",
    replace: "bound: best, isExact: false",
    tests: [KNAPSACK],
  },
  {
    name: "verify without refuting",
    file: "src/planner/verify/verify-result.ts",
    find: 'if (termination === "optimal" && !proof.isOptimal) {',
    replace: "if (proof.isOptimal && !proof.isOptimal) {",
    tests: [FALSE_CLAIMS],
  },
  {
    name: "add the right-hand sides to the Lagrangian",
    file: "src/engine/bounds/lagrangian.ts",
    find: "total.add(-multiplier * row.rhs);",
    replace: "total.add(multiplier * row.rhs);",
    tests: [BOUNDS],
  },
  {
    name: "let time multipliers exceed their weight",
    file: "src/engine/bounds/lagrangian.ts",
    find: "return sum > weight ? weight / sum : 1;",
    replace: "return 1;",
    tests: [BOUNDS],
  },
  {
    name: "believe a false optimum",
    file: "src/engine/goals/exact-stage.ts",
    find: "if (!claimsOptimal || incumbent === null) return { plan, problem: null };",
    replace: "if (!claimsOptimal || incumbent !== null) return { plan, problem: null };",
    tests: [FALLBACK],
  },
  {
    name: "believe a false infeasible",
    file: "src/engine/goals/exact-stage.ts",
    find: "if (task.incumbent !== null) return fail",
    replace: "if (task.incumbent === undefined) return fail",
    tests: [FALLBACK],
  },
  {
    name: "believe points that break rows",
    file: "src/engine/goals/exact-stage.ts",
    find: "const [violation] = findViolations(instance, plan);",
    replace: "const [violation] = findViolations(instance, plan).slice(0, 0);",
    tests: [FALLBACK],
  },
  {
    name: "stop at the first solver that fails",
    file: "src/engine/goals/exact-stage.ts",
    find: 'if (last.status !== "failed") return last;',
    replace: "return last;",
    tests: [FALLBACK],
  },
  {
    name: "PlanState.canPlace without counts",
    file: "src/engine/search/plan-state.ts",
    find: "if (this.agentCount[agent]! + 1 > instance.maxTasks[agent]!) return false;\n",
    replace: "",
    tests: [SEARCH],
  },
  {
    name: "PlanState.canPlace without the load",
    file: "src/engine/search/plan-state.ts",
    find: "if (this.agentBusyMs[agent]! + instance.busyMs[pair]! > this.#loadRoom[agent]!) return false;\n",
    replace: "",
    tests: [SEARCH],
  },
  {
    name: "never give up a placed task for its price",
    file: "src/engine/search/descent.ts",
    find: "return this.#defer(task, meter) || ",
    replace: "return ",
    tests: [SEARCH],
  },
  {
    name: "ignore the clock where it decides",
    file: "src/engine/budget/budget.ts",
    find: "if (limit !== null) this.#endedByClock = true;\n",
    replace: "",
    tests: [FALLBACK],
  },
  {
    name: "call the fastest way the worst in a mix",
    file: "src/engine/goals/mix-payoff.ts",
    find: "{ key, weight, ideal: high, nadir: high - range }",
    replace: "{ key, weight, ideal: low, nadir: low + range }",
    tests: ["test/planner/solve/mix.test.ts"],
  },
  {
    name: "explain conflicts with a task too many",
    file: "src/planner/explain/conflict.ts",
    find: "if (changed && (await isInfeasible(background))) return [];",
    replace: "",
    tests: ["test/planner/explain/conflict.test.ts"],
  },
];
