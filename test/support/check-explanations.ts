import type { Instance } from "../../models/index.js";
import { type FullProblem, InputError, type StrategyName } from "../../src/domain/index.js";
import { applyLoadLimit } from "../../src/engine/index.js";
import type { Alternative, Cure, ExplainReport } from "../../src/domain/schemas/index.js";
import { explainProblem } from "../../src/planner/ask/explain-problem.js";
import { parseChanged, problemToDocument } from "../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../src/planner/instance/build-instance.js";
import { fillFromPrior } from "../../src/planner/solve/solve.js";
import { solveProblem } from "../../src/planner/solve/solve-problem.js";
import { bruteForce } from "./brute-force.js";
import { PLAIN_STRATEGIES, smallProblem, type SmallProblem } from "./check-against-brute-force.js";

/** What was compared, and what was wrong. */
export interface ExplanationCheck {
  readonly alternatives: number;
  readonly open: number;
  readonly cures: number;
  readonly mistakes: readonly string[];
}

const TOLERANCE = 1e-6;
const CONTEXT = { now: () => 0, clock: () => performance.now(), fixedNow: true };

/** Explains every task of one random small wave, and compares each answer with brute force, or with a full solve where time binds. */
export async function checkExplanations(seed: number, hasDependencies: boolean): Promise<ExplanationCheck> {
  const counts = { alternatives: 0, open: 0, cures: 0 };
  const mistakes: string[] = [];
  const small = smallProblem(seed, 5_000, hasDependencies);
  if (small === null || !isAccepted(small.full)) return { ...counts, mistakes };
  const strategy: StrategyName = PLAIN_STRATEGIES[seed % PLAIN_STRATEGIES.length]!;
  const options = { ...small.options, strategy };
  const result = await solveProblem(small.full, options, CONTEXT);
  const ask = (question: object): Promise<ExplainReport> =>
    explainProblem(small.full, result, question, { ...CONTEXT, timeLimitMs: 20_000 });
  const blame = (what: string): void => void mistakes.push(`seed ${seed} ${strategy}: ${what}`);
  if (result.termination === "infeasible") {
    const { infeasible } = await ask({});
    for (const cure of infeasible?.cures ?? []) {
      counts.cures++;
      const fault = await faultOfCure({ ...small, options }, cure);
      if (fault !== null) blame(fault);
    }
    return { ...counts, mistakes };
  }
  for (const { taskId } of small.full.tasks) {
    const { task, objective } = await ask({ task: taskId });
    for (const alternative of task!.alternatives) {
      if (alternative.consequence === null) continue;
      counts.alternatives++;
      if (!alternative.consequence.proven && !alternative.consequence.infeasible) counts.open++;
      const truth = await bestWithFlags({ ...small, options }, alternative.ask_again);
      const fault = faultOfAlternative(alternative, truth, objective.sense);
      if (fault !== null) blame(`${taskId} on ${alternative.agent_id}: ${fault}`);
    }
  }
  return { ...counts, mistakes };
}

/** Whether the filled document can be read again: a pin may ask for what its deadline forbids once the times are filled in. */
function isAccepted(full: FullProblem): boolean {
  try {
    parseChanged(problemToDocument(full, {}), "wave", { pins: [], drop: [], agentFields: [], without: [] });
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** The first goal's best value under flags of `solve`; null where no plan exists; undefined where a full solve leaves it open. */
async function bestWithFlags(small: SmallProblem, flags: string): Promise<number | null | undefined> {
  const { problem, options } = withFlags(small, flags);
  const { instance } = applyLoadLimit(buildInstance(problem, options), options.loadLimit);
  if (instance.timing === null) return bestOf(instance, options.strategy);
  const { termination, objective } = await solveProblem(problem, options, CONTEXT);
  if (termination === "infeasible") return null;
  return termination === "optimal" ? objective.value : undefined;
}

function bestOf(instance: Instance, strategy: StrategyName): number | null {
  const values = bruteForce(instance)[strategy as Exclude<StrategyName, "mix">];
  if (values === null) return null;
  const isMax = strategy === "maximize_success" || strategy === "confidence_optimization";
  return isMax ? -values.at(-1)! : values.at(-1)!;
}

/** The problem and options that the command line would make of these flags. */
function withFlags(
  { full, options }: SmallProblem,
  flags: string,
): { problem: FullProblem; options: SmallProblem["options"] } {
  const words = [...flags.matchAll(/--([a-z-]+) ('[^']*'|\S+)/g)].map(([, name, value]) => [
    name!,
    value!.replace(/^'|'$/g, ""),
  ]);
  const of = (name: string): string[] => words.filter(([one]) => one === name).map(([, value]) => value!);
  const changed = { ...options };
  const [limit] = of("load-limit");
  if (limit !== undefined) {
    const loadLimit =
      limit === "none" ? { kind: "none" as const } : { kind: "absolute" as const, limitMs: Number(limit.slice(0, -2)) };
    Object.assign(changed, { loadLimit });
  }
  const [budget] = of("budget");
  if (budget !== undefined) Object.assign(changed, { budget: Number(budget) });
  const whatIf = { pins: of("pin"), drop: of("drop"), agentFields: of("agent"), without: of("without") };
  const approved = new Set(of("approve"));
  const tasks = full.tasks.map((task) => (approved.has(task.taskId) ? { ...task, held: null } : task));
  const problem = parseChanged(problemToDocument({ ...full, tasks }, {}), "wave", whatIf);
  return { problem: fillFromPrior(problem, changed), options: changed };
}

function faultOfAlternative(
  { consequence }: Alternative,
  truth: number | null | undefined,
  sense: "min" | "max",
): string | null {
  const { value, bound, proven, infeasible } = consequence!;
  if (truth === undefined) return null;
  if (truth === null) return infeasible || value === null ? null : `has a value, ${value}, and no plan exists`;
  if (infeasible) return `is called infeasible, and the best value is ${truth}`;
  const slack = TOLERANCE * Math.max(1, Math.abs(truth));
  if (proven && Math.abs(value! - truth) > slack) return `is proven ${value}, and the best value is ${truth}`;
  const isWrong = bound !== null && (sense === "max" ? bound < truth - slack : bound > truth + slack);
  return isWrong ? `has the bound ${bound}, and the best value is ${truth}` : null;
}

/** A cure cures, and a step less does not. */
async function faultOfCure(small: SmallProblem, { change, flags, to, least }: Cure): Promise<string | null> {
  if (flags === null) return null;
  const frozen = `${/--load-limit/.test(flags) ? "" : `--load-limit ${limitOf(small)} `}${flags}`;
  if ((await bestWithFlags(small, frozen)) === null) return `${change} is no cure`;
  if (to === null || least !== true) return null;
  const step = stepOf(to);
  const less = frozen.replace(String(to), String(Number((to - step).toPrecision(12))));
  return (await bestWithFlags(small, less)) === null ? null : `less than ${change} is enough: ${less}`;
}

function limitOf({ instance, full, options }: SmallProblem): string {
  const { factor, referenceMakespanMs } = applyLoadLimit(buildInstance(full, options), options.loadLimit);
  if (factor !== null && referenceMakespanMs !== null) return `${factor * referenceMakespanMs}ms`;
  return options.loadLimit?.kind === "absolute" ? `${Math.max(...instance.loadLimitMs)}ms` : "none";
}

/** The last digit of a value. */
function stepOf(value: number): number {
  const decimals = /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
  if (decimals > 0) return 10 ** -decimals;
  const zeros = /0*$/.exec(String(value))![0].length;
  return value === 0 ? 1 : 10 ** zeros;
}
