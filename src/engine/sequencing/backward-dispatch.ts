import type { Random } from "../../domain/index.js";
import { dispatchOrders } from "./dispatch.js";
import type { TaskOrder } from "./sequence-state.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/**
 * Orders from dispatching against time: from the latest end backward, each task no later than its delivery allows. Where deadlines are
 * tight this fits better than dispatching from the start, since it is their times that are known.
 */
export function* dispatchBackward(
  problem: SequencingProblem,
  delivery: Float64Array,
  prices: Float64Array,
  random: Random,
): Generator<TaskOrder, never, void> {
  const { predecessorStart, predecessors, successorStart, successors } = problem;
  const mirrored: SequencingProblem = {
    ...problem,
    ...{ predecessorStart: successorStart, predecessors: successors },
    ...{ successorStart: predecessorStart, successors: predecessors },
    topologicalOrder: problem.topologicalOrder.slice().reverse(),
    releaseMs: delivery,
    availableFromMs: new Float64Array(problem.numAgents),
  };
  const orders = dispatchOrders(mirrored, problem.releaseMs, prices, random);
  for (;;) {
    const { order, pairOf, slotOf } = orders.next().value;
    yield { order: order.reverse(), pairOf, slotOf };
  }
}
