/** Planned against own results of one agent in one wave. */
export interface WaveGap {
  readonly wave: number;
  tasks: number;
  /** Sum of predicted chances. */
  expected: number;
  /** Sum of results. */
  observed: number;
}

/** Predicted and observed results by agent and wave: three numbers an agent and wave. */
export class AgentGaps {
  readonly #waves = new Map<string, WaveGap[]>();

  add(agentId: string, wave: number, expected: number, observed: number): void {
    let gaps = this.#waves.get(agentId);
    if (gaps === undefined) this.#waves.set(agentId, (gaps = []));
    let last = gaps.at(-1);
    if (last === undefined || last.wave !== wave) gaps.push((last = { wave, tasks: 0, expected: 0, observed: 0 }));
    last.tasks++;
    last.expected += expected;
    last.observed += observed;
  }

  /** Ascending. */
  agentIds(): string[] {
    return [...this.#waves.keys()].sort();
  }

  wavesOf(agentId: string): readonly WaveGap[] {
    return this.#waves.get(agentId) ?? [];
  }

  /** Every agent's gaps of a wave added up, in the order of the waves. */
  fleetWaves(): WaveGap[] {
    const byWave = new Map<number, WaveGap>();
    for (const gaps of this.#waves.values()) {
      for (const { wave, tasks, expected, observed } of gaps) {
        const sum = byWave.get(wave) ?? { wave, tasks: 0, expected: 0, observed: 0 };
        byWave.set(wave, {
          wave,
          tasks: sum.tasks + tasks,
          expected: sum.expected + expected,
          observed: sum.observed + observed,
        });
      }
    }
    return [...byWave.values()].sort((a, b) => a.wave - b.wave);
  }

  /** The agents whose gap a task is at least `minGap` in the direction, else the one that contributes most to it. */
  contributors(sign: 1 | -1, minGap: number, include: (wave: number) => boolean = () => true): string[] {
    const sums = this.agentIds().map((agentId) => {
      const gaps = this.wavesOf(agentId).filter(({ wave }) => include(wave));
      return {
        agentId,
        tasks: totalOf(gaps, "tasks"),
        gap: sign * (totalOf(gaps, "expected") - totalOf(gaps, "observed")),
      };
    });
    const clear = sums.filter(({ tasks, gap }) => tasks > 0 && gap >= minGap * tasks);
    const named = clear.length > 0 ? clear : [...sums].sort((a, b) => b.gap - a.gap).slice(0, 1);
    return named.map(({ agentId }) => agentId);
  }
}

/** The waves in which the gap has this sign, or the one in which it comes nearest to it; ascending. */
export function showingWaves(gaps: readonly WaveGap[], sign: 1 | -1): number[] {
  const gapOf = ({ tasks, expected, observed }: WaveGap): number => (sign * (expected - observed)) / tasks;
  const showing = gaps.filter((gap) => gapOf(gap) > 0);
  const named = showing.length > 0 ? showing : [...gaps].sort((a, b) => gapOf(b) - gapOf(a)).slice(0, 1);
  return named.map(({ wave }) => wave).sort((a, b) => a - b);
}

export function totalOf(gaps: readonly WaveGap[], name: "tasks" | "expected" | "observed"): number {
  return gaps.reduce((sum, gap) => sum + gap[name], 0);
}
