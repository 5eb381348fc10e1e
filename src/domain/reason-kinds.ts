/** Tasks that stay out of a plan for reasons of one kind. */
export interface ReasonKind {
  /** The reason where it is one and short, else its form: "…" stands for names and numbers that differ from task to task. */
  readonly reason: string;
  /** In the order in which they were given. */
  readonly taskIds: readonly string[];
}

/** A longer reason is shown by its form even where all tasks of the kind share it. */
const MAX_REASON = 100;

/**
 * Groups reasons that differ in nothing but names and numbers, the most frequent kind first: a person reads a few kinds, not hundreds of
 * reasons. O(length of the reasons)
 *
 * @param names of tasks and agents
 */
export function groupReasons(
  deferred: readonly { readonly task_id: string; readonly reason: string }[],
  names: ReadonlySet<string>,
): ReasonKind[] {
  const groups = new Map<string, { readonly reasons: Set<string>; readonly taskIds: string[] }>();
  for (const { task_id, reason } of deferred) {
    const form = formOf(reason, names);
    const group = groups.get(form) ?? { reasons: new Set<string>(), taskIds: [] };
    group.reasons.add(reason);
    group.taskIds.push(task_id);
    groups.set(form, group);
  }
  return [...groups]
    .map(([form, { reasons, taskIds }]) => {
      const [first = ""] = reasons;
      return { reason: reasons.size === 1 && first.length <= MAX_REASON ? first : form, taskIds };
    })
    .sort((a, b) => b.taskIds.length - a.taskIds.length);
}

/** A reason without names and numbers, and with what it repeats for each agent once. */
function formOf(reason: string, names: ReadonlySet<string>): string {
  const blank = reason
    .split(/([\s,;:[\]]+)/)
    .map((word) => (names.has(word) || /^\d+(?:\.\d+)?$/.test(word) ? "…" : word))
    .join("");
  const colon = blank.indexOf(": ") + 1;
  const clauses = new Set(
    blank
      .slice(colon)
      .trim()
      .split("; ")
      .map((clause) => clause.replace(/(\S+)(?:, \1(?=,|$))+/g, "$1")),
  );
  return `${blank.slice(0, colon)}${colon === 0 ? "" : " "}${[...clauses].join("; ")}`;
}
