import { sum, type WaveFigures } from "./figures.js";
import type { Deferred } from "./rows.js";
import type { Facts, Form } from "./findings.js";
import { isShownAs } from "./shown.js";
import { showGap } from "./plans.js";

/** Sentences of the verdict, with which page, report and terminal begin. */

const total = ({ figures }: Facts, value: (wave: WaveFigures) => number): number => sum(figures.map(value));
const finals = ({ deferred }: Facts): Deferred[] => deferred.filter(({ final }) => final);
const sameCount = (text: string | undefined, count: number): boolean => Number(text ?? 0) === count;

/** Waves whose plan places a task. */
function chosenOf({ summaries, waves }: Facts): Facts["summaries"] {
  return summaries.filter(
    ({ wave, objective }) => objective.value !== null && waves.find((one) => one.wave === wave)!.planned.length > 0,
  );
}

export const VERDICTS: readonly Form[] = [
  [
    /^(?:The run was interrupted: )?(\d+) of (\d+) tasks? (?:was|were) completed(?:, (\d+) failed)?(?:, (\d+) deferred(?: \((\d+) of them not reported\))?)?(?:, (\d+) still open)?[.;]$/,
    ([completed, all, failed, deferred, unreported, open], f) =>
      sameCount(
        completed,
        total(f, (wave) => wave.completed),
      ) &&
      sameCount(
        failed,
        total(f, (wave) => wave.failed),
      ) &&
      sameCount(deferred, finals(f).length) &&
      sameCount(unreported, f.deferred.filter(({ stage }) => stage === "unreported").length) &&
      sameCount(all, total(f, (wave) => wave.completed + wave.failed) + finals(f).length + Number(open ?? 0)),
  ],
  [
    /^(?:(\d+) retr(?:y|ies))?(?:, )?(?:(\d+) reassignments?)?\.$/,
    ([retries, moved], f) =>
      sameCount(
        retries,
        total(f, (wave) => wave.retries),
      ) &&
      sameCount(
        moved,
        total(f, (wave) => wave.reassigned),
      ),
  ],
  [
    /^(?:Each of the (\d+) plans is|The plan is) proven best for its goal: /,
    ([plans = "1"], f) =>
      chosenOf(f).length === Number(plans) && chosenOf(f).every(({ termination }) => termination === "optimal"),
  ],
  [
    /^The plan is (?:at most (.*)|less than (0\.01 %)) from the best possible;$/,
    ([gap, less], f) => chosenOf(f).length === 1 && showGap(chosenOf(f)[0]!.objective.gap!) === (gap ?? `< ${less!}`),
  ],
  [
    /^The plan is at most (.*) from the best value of its mix;$/,
    ([distance], f) => {
      const [{ objective } = { objective: null }] = chosenOf(f);
      return (
        chosenOf(f).length === 1 && Number(distance) === Number((objective!.value! - objective!.bound!).toPrecision(4))
      );
    },
  ],
  [/^No plan is proven best;$/, (_, f) => chosenOf(f).every(({ termination }) => termination !== "optimal")],
  [
    /^(\d+) of (\d+) plans (?:is|are) proven best;$/,
    ([best, plans], f) =>
      chosenOf(f).length === Number(plans) &&
      chosenOf(f).filter(({ termination }) => termination === "optimal").length === Number(best),
  ],
  [
    /^Of (\d+) assigned tasks? whose end is known, (\d+) succeeded \((.*)\);$/,
    ([tasks, done, share], f) =>
      sameCount(
        tasks,
        total(f, ({ assigned }) => assigned.tasks),
      ) &&
      sameCount(
        done,
        total(f, ({ assigned }) => assigned.completed),
      ) &&
      isShownAs(share!, Number(done) / Number(tasks)),
  ],
  [
    /^([\d.]+) were predicted \((.*)\)\.$/,
    ([count, share], f) => {
      const planned = total(f, ({ assigned }) => assigned.planned);
      const tasks = total(f, ({ assigned }) => assigned.tasks);
      return Math.abs(Number(count) - planned) <= 0.05 + 1e-9 && isShownAs(share!, planned / tasks);
    },
  ],
  [
    /^(?:The wave|The (\d+) waves? (?:together|of (\d+) whose time is known)) took (.*); the (?:forecast was|schedule said) (.*)\.$/,
    ([waves = "1", all, time, planned], f) => {
      const known = timedOf(f);
      const isAll = all === undefined || Number(all) === f.waves.length;
      const [before, after] = [sum(known.map(([one]) => one)), sum(known.map(([, actual]) => actual))];
      return known.length === Number(waves) && isAll && isShownAs(time!, after) && isShownAs(planned!, before);
    },
  ],
  [
    /^(\d+) alerts? needs? attention;/,
    ([count], f) => f.alerts.filter(({ severity }) => severity !== "info").length === Number(count),
  ],
  [/^(?:No urgent alert; )?(\d+) remarks? in/, ([count], f) => f.issues.length === Number(count)],
  [/^Wave (\d+)$/, ([wave], f) => f.waves.some((one) => one.wave === Number(wave))],
  [
    /^(\d+) attempts? failed on (\S+)$/,
    ([count, agent], f) => failedAttempts(f, agent!).length >= Number(count) && Number(count) > 0,
  ],
  [
    /^tasks that ended after their deadlines: (\d+)(?:\.|$)/,
    ([count], f) => sum(f.figures.map(({ late }) => late.actual.length)) === Number(count),
  ],
  [
    /^agents busy longer than their limit in a wave: (\d+)\.$/,
    ([count], f) => Number(count) <= sum(f.waves.map(({ agentIds }) => agentIds.length)),
  ],
  [/^(?:no deferral|a later attempt succeeded|no attempt succeeded)/, () => true],
  [
    /^(\d+) of (\d+) tasks? completed;$/,
    ([done, all], f) =>
      sameCount(
        done,
        total(f, (wave) => wave.completed),
      ) && Number(all) >= Number(done),
  ],
  [
    /^(\d+) attempts? failed and the next one succeeded;$/,
    ([count], f) =>
      sameCount(
        count,
        total(f, (w) => w.retries),
      ),
  ],
];

/** Planned and actual time of the waves that have both. */
function timedOf({ summaries, figures }: Facts): [planned: number, actual: number][] {
  return figures.flatMap(({ wave, makespanMs }): [number, number][] => {
    const planned = summaries.find((one) => one.wave === wave)!.planned_makespan_ms;
    return planned === null || makespanMs === null ? [] : [[planned, makespanMs]];
  });
}

function failedAttempts({ waves }: Facts, agentId: string) {
  return waves.flatMap(({ attempts }) => attempts).filter((one) => one.agent_id === agentId && one.status === "failed");
}
