import { sortShort } from "./elimination.js";

/** Places of the effects of each of these, the slope among them, ascending; those of one after those of another. */
export function listMembers(
  groupsOf: readonly (readonly number[])[],
  placeOf: Int32Array,
  slope: number | null,
): { members: Int32Array; start: Int32Array } {
  const width = slope === null ? 0 : 1;
  const start = new Int32Array(groupsOf.length + 1);
  groupsOf.forEach((groups, b) => (start[b + 1] = start[b]! + groups.length + width));
  const members = new Int32Array(start[groupsOf.length]!);
  groupsOf.forEach((groups, b) => {
    const begin = start[b]!;
    for (let k = 0; k < groups.length; k++) members[begin + k] = placeOf[groups[k]!]!;
    if (slope !== null) members[begin + groups.length] = placeOf[slope]!;
    sortShort(members, begin, start[b + 1]!);
  });
  return { members, start };
}

/** Place of each effect: those of levels with more groups first, so that little fills in. */
export function eliminationOrder(levelOf: Int32Array): Int32Array {
  const sizes = new Map<number, number>();
  for (const level of levelOf) sizes.set(level, (sizes.get(level) ?? 0) + 1);
  const order = Array.from(levelOf, (_, g) => g).sort((a, b) => {
    const [one, other] = [levelOf[a]!, levelOf[b]!];
    return sizes.get(other)! - sizes.get(one)! || other - one || a - b;
  });
  const placeOf = new Int32Array(levelOf.length);
  order.forEach((g, place) => (placeOf[g] = place));
  return placeOf;
}
