/** Starts the solver worker, so that it loads while the input is read. */
export function prewarm(): void {}

/** Ends every worker. */
export function closeSolvers(): Promise<void> {
  return Promise.resolve();
}
