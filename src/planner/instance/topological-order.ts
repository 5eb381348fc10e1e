/** Dependencies of a wave by index: task i waits for dependsOn[dependsStart[i] … dependsStart[i + 1] − 1]. */
export interface Dependencies {
  readonly dependsStart: Int32Array;
  readonly dependsOn: Int32Array;
}

/** For each task those that depend on it, ascending. O(tasks + dependencies). */
export function followersOf({ dependsStart, dependsOn }: Dependencies): number[][] {
  const followers: number[][] = Array.from({ length: dependsStart.length - 1 }, () => []);
  for (let task = 0; task < followers.length; task++) {
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) followers[dependsOn[d]!]!.push(task);
  }
  return followers;
}

/** Tasks with every predecessor before them; those of a cycle are left out. O(tasks + dependencies), without recursion. */
export function topologicalOrder(dependencies: Dependencies): Int32Array {
  const { dependsStart } = dependencies;
  const followers = followersOf(dependencies);
  const numOpen = Int32Array.from(followers, (_, task) => dependsStart[task + 1]! - dependsStart[task]!);
  const order = new Int32Array(followers.length);
  let length = 0;
  for (let task = 0; task < order.length; task++) if (numOpen[task] === 0) order[length++] = task;
  for (let k = 0; k < length; k++) {
    for (const follower of followers[order[k]!]!) if (--numOpen[follower]! === 0) order[length++] = follower;
  }
  return order.subarray(0, length);
}
