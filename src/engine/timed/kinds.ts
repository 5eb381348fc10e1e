/** Pairs of tasks and agents, laid out task by task. */
interface Pairs {
  readonly numTasks: number;
  readonly pairStart: Int32Array;
  readonly pairAgent: Int32Array;
}

/** What like tasks have alike. */
interface Columns {
  /** By pair. */
  readonly perPair: readonly ArrayLike<number>[];
  /** By task. Default: none. */
  readonly perTask?: readonly ArrayLike<number>[];
  /** Kinds beyond which they are not counted. Default: no end. */
  readonly most?: number;
}

/** Multiplier of the hash, which only says where to look. */
const FACTOR = 0.6180339887;

/**
 * Tasks that are alike: those with the same agents and the same numbers, in the order of their first tasks.
 *
 * @returns null where there are more than `most`. O(numbers)
 */
export function kindsOf(
  { numTasks, pairStart, pairAgent }: Pairs,
  { perPair, perTask = [], most = Infinity }: Columns,
): number[][] | null {
  const kinds: number[][] = [];
  const withHash = new Map<number, number[][]>();
  for (let task = 0; task < numTasks; task++) {
    const hash = hashOf(task);
    const bucket = withHash.get(hash) ?? [];
    const kind = bucket.find(([first]) => areAlike(first!, task));
    if (kind !== undefined) {
      kind.push(task);
      continue;
    }
    if (kinds.length >= most) return null;
    const own = [task];
    kinds.push(own);
    bucket.push(own);
    withHash.set(hash, bucket);
  }
  return kinds;

  function hashOf(task: number): number {
    let hash = 0;
    for (const values of perTask) hash = hash * FACTOR + finite(values[task]!);
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      hash = hash * FACTOR + pairAgent[pair]!;
      for (const values of perPair) hash = hash * FACTOR + finite(values[pair]!);
    }
    return hash;
  }

  function areAlike(a: number, b: number): boolean {
    const count = pairStart[a + 1]! - pairStart[a]!;
    if (pairStart[b + 1]! - pairStart[b]! !== count) return false;
    for (const values of perTask) if (values[a] !== values[b]) return false;
    for (let k = 0; k < count; k++) {
      const [p, q] = [pairStart[a]! + k, pairStart[b]! + k];
      if (pairAgent[p] !== pairAgent[q]) return false;
      for (const values of perPair) if (values[p] !== values[q]) return false;
    }
    return true;
  }
}

/** Infinity would swallow the rest of a hash. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : -1;
}
