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
  const numBytes = new TextEncoder().encode(id).length;
  return numBytes > MAX_ID_BYTES ? `has ${numBytes} bytes, at most ${MAX_ID_BYTES} are allowed` : null;
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
