import { KeyedStream } from "../../src/domain/keyed-stream.js";

/** Everything drawn for one purpose of one world: the same words give the same numbers, whatever else is drawn. */
export function streamOf(seed: number, ...purpose: readonly (string | number)[]): KeyedStream {
  return new KeyedStream(seed, purpose.join("\0"));
}

/** Uniform on {0 … count − 1}; count ≥ 1. */
export function below(stream: KeyedStream, count: number): number {
  return Math.floor(stream.uniform() * count);
}

/** Uniform in [low, high). */
export function between(stream: KeyedStream, low: number, high: number): number {
  return low + (high - low) * stream.uniform();
}

/** The items in random order (Fisher–Yates); the original stays as it is. */
export function shuffled<T>(stream: KeyedStream, items: readonly T[]): T[] {
  const order = [...items];
  for (let k = order.length - 1; k > 0; k--) {
    const other = below(stream, k + 1);
    [order[k], order[other]] = [order[other]!, order[k]!];
  }
  return order;
}
