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

/**
 * How many tasks stand before each on its longest chain. Among tasks that start at one moment it says which comes first: beside a late
 * start a short task may end, by rounding, at the moment it starts, and so its follower starts then too. O(tasks + dependencies)
 */
export function depthsOf(dependencies: Dependencies): Int32Array {
  const { dependsStart, dependsOn } = dependencies;
  const depths = new Int32Array(dependsStart.length - 1);
  for (const task of topologicalOrder(dependencies)) {
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++)
      depths[task] = Math.max(depths[task]!, depths[dependsOn[d]!]! + 1);
  }
  return depths;
}
