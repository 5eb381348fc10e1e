import type { RunEvent } from "../../pipeline/index.js";
import type { Environment } from "./environment.js";

export interface RunProgress {
  readonly show: (event: RunEvent) => void;
  /** Takes the line away; more than once does no harm. */
  readonly stop: () => void;
}

/** The live line of a run; nothing where standard error is no terminal, or with `--quiet`. */
export function createRunProgress(
  flags: { readonly quiet?: boolean },
  { live }: Pick<Environment, "live">,
): RunProgress {
  if (live === null || flags.quiet === true) return { show: () => undefined, stop: () => undefined };
  let numDone = 0;
  let numWaves = 0;
  const draw = (wave: number, news: string): void =>
    live.show(`wave ${wave} (${numDone} of ${numWaves} done): ${news}`);
  return {
    show: (event) => {
      if (event.event === "wave_started") {
        numWaves = event.waves;
        draw(event.wave, `planning ${event.tasks} tasks`);
      }
      if (event.event === "plan") draw(event.wave, `running ${event.planned_tasks} tasks`);
      if (event.event === "wave_finished") {
        numDone++;
        draw(event.wave, "compared");
      }
    },
    stop: live.clear,
  };
}
