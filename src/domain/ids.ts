const MAX_ID_BYTES = 128;

/**
 * Why a text cannot be a task or agent id, or null where it can: ids become folder names and record keys.
 *
 * Refused: empty, over 128 bytes of UTF-8, a leading dot, slash, backslash, NUL, half a surrogate pair, `__proto__`.
 */
export function findIdFault(id: string): string | null {
  if (id === "") return "is empty";
  if (id.startsWith(".")) return "begins with a dot";
  if (id.includes("/")) return "contains a slash";
  if (id.includes("\\")) return "contains a backslash";
  if (id.includes("\0")) return "contains a NUL character";
  if (id === "__proto__") return "is a reserved word";
  if (/\p{Surrogate}/u.test(id)) return "is not well-formed Unicode";
  // No code unit has more than 3 bytes, so most ids need no counting.
  if (3 * id.length <= MAX_ID_BYTES) return null;
  const numBytes = new TextEncoder().encode(id).length;
  return numBytes > MAX_ID_BYTES ? `has ${numBytes} bytes, at most ${MAX_ID_BYTES} are allowed` : null;
}

/** Files that stand beside the agents' folders in a wave's folder: an agent of that name would have no place. */
const WAVE_FILES: readonly string[] = ["problem.json", "schedule_adherence.json", "wave_summary.json"];

/** Why a text cannot be an agent id, or null where it can: an agent has a folder of its own in every wave. */
export function findAgentIdFault(id: string): string | null {
  return WAVE_FILES.includes(foldCase(id)) ? "is the name of a file of ours" : findIdFault(id);
}

/** Two ids that some file systems take for one name, since they differ in case or composition alone; null where there are none. */
export function findFoldedTwins(ids: Iterable<string>): readonly [string, string] | null {
  const known = new Map<string, string>();
  for (const id of ids) {
    const twin = known.get(foldCase(id));
    if (twin !== undefined && twin !== id) return [twin, id];
    known.set(foldCase(id), id);
  }
  return null;
}

function foldCase(id: string): string {
  return id.normalize("NFC").toUpperCase().toLowerCase();
}

/** Order of ids everywhere: ascending by UTF-16 code units, independent of locale. */
export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A record without a prototype, so that an id such as `constructor` finds nothing it should not. */
export function recordOf<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const record = Object.create(null) as Record<string, T>;
  for (const [key, value] of entries) record[key] = value;
  return record;
}
