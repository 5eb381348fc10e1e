import type { RunEvent } from "../../pipeline/index.js";
import type { Environment } from "./environment.js";

export interface RunProgress {
  readonly show: (event: RunEvent) => void;
  /** Takes the bar away; more than once does no harm. */
  readonly stop: () => void;
}

/** A bar on the terminal of standard error, one step a wave; nothing where there is no terminal, or with `--quiet`. */
export async function createRunProgress(
  flags: { readonly quiet?: boolean },
  environment: Environment,
): Promise<RunProgress> {
  const bar =
    flags.quiet === true ? null : await environment.createBar("{bar} wave {wave} ({value} of {total} done): {news}");
  if (bar === null) return { show: () => undefined, stop: () => undefined };
  let numWaves = 0;
  let isOpen = true;
  return {
    show: (event) => {
      if (event.event === "wave_started") {
        if (numWaves === 0) bar.start(event.waves, 0, { wave: event.wave, news: "starts" });
        bar.update(numWaves++, { wave: event.wave, news: `planning ${event.tasks} tasks` });
      }
      if (event.event === "plan") bar.update({ wave: event.wave, news: `running ${event.planned_tasks} tasks` });
      if (event.event === "metric") bar.update(numWaves, { wave: event.wave, news: "compared" });
    },
    stop: () => {
      if (isOpen) bar.stop();
      isOpen = false;
    },
  };
}
