import { groupBy } from "./groups.js";

/** Ids of all tasks that wait, directly or not, for one of these; without these themselves. O(tasks + dependencies) */
export function followersOf(
  ids: Iterable<string>,
  tasks: readonly { readonly taskId: string; readonly dependsOn: readonly string[] }[],
): ReadonlySet<string> {
  const arcs = tasks.flatMap(({ taskId, dependsOn }) => dependsOn.map((before) => ({ before, taskId })));
  const byPredecessor = groupBy(arcs, ({ before }) => before);
  const first = new Set(ids);
  const followers = new Set<string>();
  const reach = (before: string): void => {
    for (const { taskId } of byPredecessor.get(before) ?? []) if (!first.has(taskId)) followers.add(taskId);
  };
  for (const id of first) reach(id);
  for (const id of followers) reach(id);
  return followers;
}
