/** The system's time of day, epoch milliseconds; where that is set back, it stands still until the old time has come. */
export function monotonicNow(system: () => number = Date.now): () => number {
  let latest = -Infinity;
  return () => (latest = Math.max(latest, system()));
}
