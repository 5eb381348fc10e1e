/** Pairs of tasks and agents, laid out task by task, and what each takes. */
interface Pairs {
  readonly numTasks: number;
  readonly pairStart: Int32Array;
  readonly pairAgent: Int32Array;
  readonly use: Float64Array;
}

/**
 * Tasks that are alike: those with the same agents and the same uses there, in the order of their first tasks.
 *
 * @param most kinds beyond which they are not counted. Default: no end
 * @returns null where there are more. O(pairs)
 */
export function kindsOf({ numTasks, pairStart, pairAgent, use }: Pairs, most = Infinity): number[][] | null {
  const kinds = new Map<string, number[]>();
  for (let task = 0; task < numTasks; task++) {
    const [from, to] = [pairStart[task]!, pairStart[task + 1]!];
    const key = `${pairAgent.subarray(from, to).join()}:${use.subarray(from, to).join()}`;
    const kind = kinds.get(key);
    if (kind !== undefined) kind.push(task);
    else if (kinds.size >= most) return null;
    else kinds.set(key, [task]);
  }
  return Array.from(kinds.values());
}
