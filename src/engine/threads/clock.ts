/** Milliseconds on a clock that never jumps and is the same in every thread of the process. */
export function monotonicNowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
