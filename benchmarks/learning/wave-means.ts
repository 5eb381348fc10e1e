import { type Cell, scoreOf } from "./results.js";

/** Mean score over the seeds, wave by wave, of every policy: what a curve is drawn from. */
export interface WaveMeans {
  readonly world: string;
  readonly agents: number;
  readonly policies: Readonly<Record<string, readonly number[]>>;
}

export function waveMeans(cells: readonly Cell[]): WaveMeans[] {
  return cells.map((cell) => {
    const [first] = cell.outcomes;
    const policies = Object.entries(first?.policies ?? {}).map(([name, { scores }]): [string, number[]] => [
      name,
      scores.map((_, k) => {
        const values = cell.outcomes.map((one) => Math.abs(scoreOf(one, name, { from: k + 1, to: k + 1 })));
        return Math.round((1000 * values.reduce((sum, value) => sum + value, 0)) / values.length) / 1000;
      }),
    ]);
    return { world: cell.world, agents: cell.numAgents, policies: Object.fromEntries(policies) };
  });
}
