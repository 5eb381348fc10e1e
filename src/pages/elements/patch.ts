import type { PageDocument, PagePatch } from "../../domain/schemas/index.js";

/** Changes of a page that is served; no document is needed. */

/** Versions are `instance-number`. */
export function isNext(known: string, next: string): boolean {
  const [instance, number] = known.split("-");
  return next === `${instance}-${Number(number) + 1}`;
}

/** The page with the changes; what has not changed is the same object. O(waves + tasks of waves with changes). */
export function applyPatch(page: PageDocument, { page: head, waves, tasks }: PagePatch): PageDocument {
  const changed = new Map(waves.map((wave) => [wave.wave, wave]));
  const changedTasks = new Map(tasks.map(({ wave, task }) => [`${wave} ${task.task_id}`, task]));
  return {
    ...page,
    ...head,
    waves: page.waves.map((wave) => {
      const next = changed.get(wave.wave);
      if (next === undefined) return wave;
      return { ...next, tasks: wave.tasks.map((task) => changedTasks.get(`${wave.wave} ${task.task_id}`) ?? task) };
    }),
  };
}
