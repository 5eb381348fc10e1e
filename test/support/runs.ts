/** Parameters of a property: seeded, so that a suite that is green today is green tomorrow. */
export function runs(numRuns: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns, seed: 19 };
}
