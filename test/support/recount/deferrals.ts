import type { Deferred, WaveRows } from "./rows.js";

type Compare = (place: string, told: unknown, counted: unknown) => void;

/** What there is to compare the reasons of a wave with. */
interface Known {
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
  /** Ids of all agents of the wave, with tasks or without. */
  readonly agents: readonly string[];
  readonly waves: readonly WaveRows[];
}

const names = (list: string): string[] => list.split(", ");

/** Forms of the reasons that name tasks or limits: what has to be so of the names. A reason of no form names nothing that the rows hold. */
const FORMS: readonly (readonly [
  RegExp,
  (names: readonly string[], row: Deferred, rows: WaveRows, known: Known) => boolean,
])[] = [
  [
    /^depends on (.+), which (?:is|are) deferred$/,
    ([list], { task_id }, { deferred }, { dependsOn }) =>
      names(list!).every((id) => dependsOn.get(task_id)?.includes(id) && deferred.some((one) => one.task_id === id)),
  ],
  [
    /^it depends on (.+), which (failed|was not started)$/,
    ([id, fate], { task_id }, { deferred, scheduled }, { dependsOn }) => {
      const hasFailed = scheduled.some((one) => one.task_id === id && one.status === "failed");
      const isSo = fate === "failed" ? hasFailed : deferred.some((one) => one.task_id === id);
      return isSo && dependsOn.get(task_id)!.includes(id!);
    },
  ],
  [
    /^waits for (.+), not finished and not in this plan$/,
    ([list], { task_id, wave }, _, { dependsOn, waves }) => {
      const earlier = waves.filter((one) => one.wave <= wave).flatMap(({ scheduled }) => scheduled);
      const isDone = (id: string): boolean => earlier.some((one) => one.task_id === id && one.status === "completed");
      return names(list!).every((id) => dependsOn.get(task_id)!.includes(id) && !isDone(id));
    },
  ],
  [
    /^placing it breaks (.+)$/,
    ([list], _row, _rows, { agents }) =>
      [...list!.matchAll(/\[([^\],]+)/g)].every(([, agent]) => agents.includes(agent!)),
  ],
];

/** Reasons of deferral: no task that was put off ran in the same wave, and what its reason says of other tasks and agents is so. */
export function checkDeferrals(rows: WaveRows, known: Known, compare: Compare): void {
  const place = `deferred_tasks.jsonl: wave ${rows.wave}`;
  const ids = rows.deferred.map(({ task_id }) => task_id);
  compare(`${place}: each task once`, new Set(ids).size, ids.length);
  const ran = new Set(rows.scheduled.map(({ task_id }) => task_id));
  for (const row of rows.deferred) {
    compare(`${place}: ${row.task_id} ran too`, ran.has(row.task_id), false);
    const form = FORMS.find(([pattern]) => pattern.test(row.reason));
    if (form === undefined) continue;
    const [pattern, isSo] = form;
    compare(
      `${place}: ${row.task_id}: ${row.reason}`,
      isSo(pattern.exec(row.reason)!.slice(1), row, rows, known),
      true,
    );
  }
}
