import {
  type Agent,
  type Estimate,
  type FullProblem,
  PLAIN_AGENT,
  PLAIN_PROBLEM,
  PLAIN_TASK,
} from "../../domain/index.js";
import type { CalibrationReport } from "../../domain/schemas/index.js";
import { chanceAt, choosePlans, type JointPredictor, NEUTRAL_CONFIDENCE } from "../../planner/index.js";
import { Z_975 } from "../measure/wilson.js";
import { type Choice, PlanValue } from "./plan-value.js";
import { groupByWave, type LoggedWave } from "./logged-waves.js";
import type { JudgeableOutcome } from "./choose-trials.js";

type Comparison = NonNullable<CalibrationReport["choices"]>;
type Value = Comparison["logged"];

/** The confidence at which the first attempt of a row was made. */
export type FirstConfidence = (row: JudgeableOutcome) => number;

/** What the waves so far come to. */
interface Totals {
  readonly logged: PlanValue;
  readonly learned: PlanValue;
  readonly gain: PlanValue;
  /** By name: the value, and what ours is worth beyond it. */
  readonly heuristics: Map<string, { readonly value: PlanValue; readonly gain: PlanValue; waves: number }>;
  tasks: number;
  moved: number;
  observed: number;
  /** Of the number of successes where every prediction is right. */
  chanceVariance: number;
}

/** Standard errors beyond which the predictions of what was done are not those of what came. */
const FAR_OFF = 3;

/**
 * Whether the learned model would have chosen better than what was done: expected successes of the first attempts under
 * the logged assignment, under the plan that the model would have made of the same tasks, and under that of the best
 * heuristic, wave by wave. The model judges itself, so its intervals hold the doubt about every effect it rests on, and
 * it is not believed where what it says of the logged plan is far from what came. Null where nobody had a choice.
 */
export async function compareChoices(
  rows: readonly JudgeableOutcome[],
  model: JointPredictor,
  confidenceOf: FirstConfidence,
): Promise<Comparison | null> {
  const waves = groupByWave(rows);
  if (waves.length === 0) return null;
  const totals: Totals = {
    ...{ logged: new PlanValue(), learned: new PlanValue(), gain: new PlanValue(), heuristics: new Map() },
    ...{ tasks: 0, moved: 0, observed: 0, chanceVariance: 0 },
  };
  for (const wave of waves) await addWave(totals, wave, model, confidenceOf);
  const valueOf = (value: PlanValue, isDifference = false): Value =>
    describe(value, model, isDifference ? null : totals.tasks);
  const best = [...totals.heuristics]
    .filter(([, { waves: count }]) => count === waves.length)
    .reduce<[string, { value: PlanValue; gain: PlanValue }] | null>(
      (most, one) => (most === null || one[1].value.mean > most[1].value.mean ? one : most),
      null,
    );
  const figures = {
    ...{ waves: waves.length, tasks: totals.tasks, moved: totals.moved, observed: totals.observed },
    logged: valueOf(totals.logged),
    learned: valueOf(totals.learned),
    gain_over_logged: valueOf(totals.gain, true),
    heuristic: best === null ? null : { name: best[0], ...valueOf(best[1].value) },
    gain_over_heuristic: best === null ? null : valueOf(best[1].gain, true),
  };
  const error = Math.hypot(totals.logged.standardError(model), Math.sqrt(totals.chanceVariance));
  return { ...figures, ...judge(figures, error) };
}

async function addWave(
  totals: Totals,
  wave: LoggedWave,
  model: JointPredictor,
  confidenceOf: FirstConfidence,
): Promise<void> {
  const { agentIds, tasks } = wave;
  const choices = tasks.map((task) => agentIds.map((agentId) => choiceOf(task, agentId, model, confidenceOf(task))));
  const plans = await choosePlans(toProblem(wave, choices, model));
  tasks.forEach((task, i) => {
    const logged = choices[i]![agentIds.indexOf(task.agentId)]!;
    const ours = choices[i]![plans.ours[i]!]!;
    totals.logged.add(logged);
    totals.learned.add(ours);
    totals.gain.add(ours);
    totals.gain.add(logged, -1);
    totals.moved += ours === logged ? 0 : 1;
    totals.observed += task.succeeded && task.attempts === 1 ? 1 : 0;
    totals.chanceVariance += logged.probability * (1 - logged.probability);
  });
  totals.tasks += tasks.length;
  for (const { name, agentOf } of plans.heuristics) {
    let known = totals.heuristics.get(name);
    if (known === undefined) {
      known = { value: new PlanValue(), gain: new PlanValue(), waves: 0 };
      totals.heuristics.set(name, known);
    }
    known.waves++;
    for (let i = 0; i < tasks.length; i++) {
      known.value.add(choices[i]![agentOf[i]!]!);
      known.gain.add(choices[i]![plans.ours[i]!]!);
      known.gain.add(choices[i]![agentOf[i]!]!, -1);
    }
  }
}

function choiceOf(
  { taskType, riskLevel }: JudgeableOutcome,
  agentId: string,
  { predict }: JointPredictor,
  confidence: number,
): Choice {
  const probability = chanceAt(predict(agentId, taskType, riskLevel), riskLevel, confidence);
  return { kind: { agentId, taskType, riskLevel }, probability, distance: confidence - NEUTRAL_CONFIDENCE };
}

/** The wave as a problem whose every number is given. Ids ascend with the rows, for a log may repeat a task's. */
function toProblem(
  { agentIds, tasks, maxTasks }: LoggedWave,
  choices: readonly (readonly Choice[])[],
  model: JointPredictor,
): FullProblem {
  const width = String(tasks.length).length;
  const noErrors = { successProbability: 0, durationMs: 0, retries: 0, confidenceDelta: 0, cost: 0 };
  return {
    ...PLAIN_PROBLEM,
    agents: agentIds.map((agentId, a): Agent => ({ ...PLAIN_AGENT, agentId, maxTasks: maxTasks[a]! })),
    tasks: tasks.map(({ riskLevel, confidence, taskType }, i) => ({
      ...{ ...PLAIN_TASK, taskId: String(i).padStart(width, "0"), riskLevel, confidence, taskType },
      estimates: Object.fromEntries(
        agentIds.map((agentId, a): [string, Estimate] => {
          const { duration, gain } = model.predict(agentId, taskType, riskLevel);
          const { probability: successProbability } = choices[i]![a]!;
          const numbers = {
            successProbability,
            durationMs: duration.mean,
            retries: 0,
            confidenceDelta: gain.mean,
            cost: 0,
          };
          return [agentId, { ...numbers, standardErrors: noErrors }];
        }),
      ),
    })),
  };
}

/** @param most the largest value possible; null of a difference */
function describe(value: PlanValue, model: JointPredictor, most: number | null): Value {
  const { mean } = value;
  const error = value.standardError(model);
  const [low, high] = [mean - Z_975 * error, mean + Z_975 * error];
  return {
    successes: mean,
    standard_error: error,
    interval: most === null ? [low, high] : [Math.max(0, low), Math.min(most, high)],
  };
}

/** In plain words, and not more than the log can tell. */
function judge(
  { moved, tasks, observed, logged, gain_over_logged: gain }: Omit<Comparison, "verdict" | "reason">,
  errorOfObserved: number,
): Pick<Comparison, "verdict" | "reason"> {
  const off = observed - logged.successes;
  const amount = `${gain.successes.toFixed(1)} more of ${tasks} first attempts would be expected to succeed (95 % interval ${gain.interval[0].toFixed(1)} to ${gain.interval[1].toFixed(1)})`;
  if (moved === 0) return { verdict: "cannot_tell", reason: "the learned model would have chosen what was done" };
  if (Math.abs(off) > FAR_OFF * errorOfObserved) {
    return {
      verdict: "cannot_tell",
      reason: `the log cannot tell: of what was done the model expected ${logged.successes.toFixed(1)} successes and ${observed} came, so it is not to be believed about what was not done`,
    };
  }
  if (gain.interval[0] > 0)
    return { verdict: "better", reason: `the learned model would have chosen better: ${amount}` };
  return {
    verdict: "cannot_tell",
    reason: `the log cannot tell whether the learned model would have chosen better: ${amount}`,
  };
}
