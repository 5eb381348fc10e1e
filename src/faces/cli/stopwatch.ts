export interface Stopwatch {
  /** Ends a stretch that began at the start or at the lap before. */
  readonly lap: (name: string) => void;
  readonly describe: () => string;
}

/** Times the stretches of a command; `clock` counts monotonic milliseconds. */
export function startStopwatch(clock: () => number): Stopwatch {
  const laps: string[] = [];
  let lastMs = clock();
  return {
    lap: (name) => {
      const nowMs = clock();
      laps.push(`${name} ${Math.round(nowMs - lastMs)} ms`);
      lastMs = nowMs;
    },
    describe: () => `timings: ${laps.join(", ")}`,
  };
}
