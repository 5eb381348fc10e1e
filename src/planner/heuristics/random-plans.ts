import { type Assignment, compareGoals, type Goal } from "../../../models/index.js";
import { createRandom, shuffle } from "../../domain/index.js";
import { tasksAsGiven } from "./orders.js";
import { type LimitedWave, placeInOrder } from "./place-in-order.js";

const NUM_PLANS = 100;

/** The best of a hundred plans drawn at random, by a lexicographic chain of goals; the same seed gives the same plan. */
export function bestRandomPlan(wave: LimitedWave, goals: readonly Goal[], seed: number): Assignment {
  const random = createRandom(seed);
  const order = Int32Array.from(tasksAsGiven(wave));
  const agents = Int32Array.from({ length: wave.instance.numAgents }, (_, agent) => agent);
  let best = draw();
  let bestValues = valuesOf(best);
  for (let k = 1; k < NUM_PLANS; k++) {
    const plan = draw();
    const values = valuesOf(plan);
    if (compareGoals(goals, values, bestValues) < 0) [best, bestValues] = [plan, values];
  }
  return best;

  function draw(): Assignment {
    shuffle(order, random);
    return placeInOrder(wave, Array.from(order), () => () => {
      shuffle(agents, random);
      return Array.from(agents);
    });
  }

  function valuesOf(plan: Assignment): number[] {
    return goals.map((goal) => goal.evaluate(plan));
  }
}
