import { setImmediate as nextTurn } from "node:timers/promises";

/** How long a computation may hold the event loop at a stretch, milliseconds. */
const SLICE_MS = 8;

/**
 * Runs a computation in slices of a few milliseconds and lets the event loop turn between them. When it yields depends on
 * the clock, what it computes does not.
 */
export async function runInSlices<T>(steps: Generator<void, T>): Promise<T> {
  let sliceEndMs = performance.now() + SLICE_MS;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() < sliceEndMs) continue;
    await nextTurn();
    sliceEndMs = performance.now() + SLICE_MS;
  }
}

/** Lets the event loop turn once, between two pieces of work that cannot be sliced. */
export async function breathe(): Promise<void> {
  await nextTurn();
}
