import type { KeyedStream } from "../../src/domain/keyed-stream.js";
import { streamOf } from "./draws.js";
import { drawOutcome } from "./outcomes.js";
import type { Plan } from "./scores.js";
import { limitedAgents, visibleType } from "./tasks.js";
import type { HiddenTask } from "./truth.js";
import type { World } from "./worlds.js";

/** Observations a cell is worth at most, so that it follows changes. */
const MAX_OBSERVATIONS = 200;
const UNTYPED = "untyped";

interface Cell {
  alpha: number;
  beta: number;
}

/**
 * A router of language models, as LiteLLM describes its own: a Beta cell for each type of request and agent, one draw of each
 * cell for each task, and the task goes to the agent with the largest draw that has room (Thompson sampling). α + β is capped.
 */
export class RouterPolicy {
  readonly #cells = new Map<string, Cell>();

  constructor(private readonly world: World) {}

  plan(wave: number, tasks: readonly HiddenTask[]): Plan {
    const stream = streamOf(this.world.seed, "router", this.world.world, this.world.numAgents, wave);
    const room = new Map(limitedAgents(this.world, wave).map(({ agentId, maxTasks }) => [agentId, maxTasks!]));
    const plan = new Map<string, string>();
    for (const task of tasks) {
      let best: { agentId: string; draw: number } | null = null;
      for (const [agentId, left] of room) {
        const { alpha, beta } = this.#cell(task, agentId);
        const draw = drawBeta(stream, alpha, beta);
        if (left > 0 && (best === null || draw > best.draw)) best = { agentId, draw };
      }
      if (best === null) continue;
      plan.set(task.taskId, best.agentId);
      room.set(best.agentId, room.get(best.agentId)! - 1);
    }
    return plan;
  }

  learn(tasks: readonly HiddenTask[], plan: Plan): void {
    for (const task of tasks) {
      const agentId = plan.get(task.taskId);
      if (agentId === undefined) continue;
      const cell = this.#cell(task, agentId);
      if (drawOutcome(this.world, task, agentId).succeeded) cell.alpha++;
      else cell.beta++;
      const excess = (cell.alpha + cell.beta) / MAX_OBSERVATIONS;
      if (excess > 1) [cell.alpha, cell.beta] = [cell.alpha / excess, cell.beta / excess];
    }
  }

  #cell(task: HiddenTask, agentId: string): Cell {
    const key = `${visibleType(task) ?? UNTYPED}\0${agentId}`;
    let cell = this.#cells.get(key);
    if (cell === undefined) this.#cells.set(key, (cell = { alpha: 1, beta: 1 }));
    return cell;
  }
}

function drawBeta(stream: KeyedStream, alpha: number, beta: number): number {
  const [a, b] = [drawGamma(stream, alpha), drawGamma(stream, beta)];
  return a / (a + b);
}

/** Gamma with this shape ≥ 1 / 200 and scale 1 (Marsaglia, Tsang, ACM TOMS 26, 2000); a shape below 1 is boosted. */
function drawGamma(stream: KeyedStream, shape: number): number {
  if (shape < 1) return drawGamma(stream, shape + 1) * stream.uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = stream.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(stream.uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
