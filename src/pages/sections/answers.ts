import { describeUnknownWorths, sortWorths } from "../../domain/text/index.js";
import type { PageAnswers, PageWave } from "../../domain/schemas/index.js";
import { h } from "../elements/dom.js";
import { number, percent } from "../elements/format.js";
import type { Section } from "../elements/section.js";
import { table } from "../elements/table.js";
import { describeDearest } from "./dearest-agent.js";

type Explanation = NonNullable<PageAnswers["explanation"]>;
type Cure = Explanation["deferred"][number]["cures"][number];
type Without = PageAnswers["without"][number];
type Gain = Explanation["limits"][number]["lifted"];

/** What other agents and limits would change, each answer solved for. */
export const whatIfSection: Section = {
  id: "what-if",
  title: "What if",
  inputs: ({ page, wave }) => [page.answers, page.kind, page.state, wave?.wave, wave?.strategy, wave?.problem_file],
  render: ({ page: { answers, kind, state }, wave }) => {
    if (kind === "run") return wave === null || state === "running" ? null : howToAsk(wave);
    const explanation = answers?.explanation ?? null;
    if (answers === null || explanation === null) return null;
    const parts = [...withoutAgents(answers.without, explanation), ...limits(explanation), ...placings(explanation)];
    return parts.length === 0 ? [h("p", {}, "No agent has a task, and no limit binds.")] : parts;
  },
};

/** A run keeps what happened; what would have been is asked of a plan, which is solved again. */
function howToAsk({ wave, strategy, problem_file: file }: PageWave): Node[] {
  const again =
    file === null
      ? `phase19 solve --strategy ${strategy} --phase16 outputs/phase16 --phase18 outputs/phase18 --wave ${wave} --out plan.json --save-problem full.json`
      : `phase19 solve --problem ${file} --wave ${wave} --out plan.json`;
  const problem = file === null ? "full.json" : file;
  const commands = [
    again,
    `phase19 compare --problem ${problem} --pareto success,throughput --out comparison.json`,
    `phase19 report plan.json --problem ${problem} --comparison comparison.json`,
  ];
  const kept =
    "These commands, in the folder of this page, make the plan of the run again from the problem that it kept, and a page that answers.";
  const anew = `These commands, where the folder outputs is, plan the wave anew and make a page that answers${
    wave > 1
      ? ": tasks of earlier waves count as finished there only where Phase 18’s rows or an evaluated wave say so; a task that waits for another one is left out"
      : ""
  }.`;
  return [
    h(
      "p",
      {},
      `This page says what happened. What would happen in wave ${wave} without an agent, with a wider limit or under another strategy is solved for a plan of the wave. ${file === null ? anew : kept}`,
    ),
    h("ol", {}, ...commands.map((command) => h("li", {}, h("code", {}, command)))),
  ];
}

function withoutAgents(without: readonly Without[], { objective }: Explanation): Node[] {
  if (without.length === 0) return [];
  const dearest = describeDearest(without, objective.name);
  return [
    h("h3", {}, "Without one agent"),
    ...(dearest === null ? [] : [h("p", {}, dearest)]),
    table<Without>(
      "The best plan without each agent, under the same limits",
      [
        { title: "Without", cell: ({ agent_id }) => agent_id },
        { title: "Its tasks", align: "right", cell: ({ tasks }) => String(tasks.length) },
        { title: objective.name, align: "right", cell: ({ without: { value } }) => number(value) },
        { title: "Beside the plan", cell: (one) => one.without.words },
        { title: "Ask again: phase19 solve …", cell: ({ ask_again }) => h("code", {}, ask_again) },
      ],
      without,
    ),
  ];
}

/** What a wider limit gains: tasks that find a place come before the goal. */
function gainOf(gain: Gain | null): string {
  if (gain === null) return number(null);
  return gain.places_more > 0 ? `places a weight of ${number(gain.places_more)} more` : number(gain.gains);
}

function limits(explanation: Explanation): Node[] {
  const sorted = sortWorths(explanation);
  const unknown = describeUnknownWorths(sorted, number);
  const parts = [...knownLimits(sorted.known, explanation), ...(unknown === "" ? [] : [h("p", {}, unknown)])];
  return parts.length === 0 ? [] : [h("h3", {}, "With a wider limit"), ...parts];
}

function knownLimits(limits: Explanation["limits"], { objective }: Explanation): Node[] {
  if (limits.length === 0) return [];
  return [
    table<Explanation["limits"][number]>(
      `Limits that keep ${objective.name} from being better`,
      [
        { title: "Limit", cell: ({ limit }) => limit },
        { title: "Used", align: "right", cell: ({ used }) => number(used) },
        { title: "Of", align: "right", cell: ({ allowed }) => number(allowed) },
        { title: "One more gains", align: "right", cell: ({ one_more }) => gainOf(one_more) },
        { title: "Without it gains", align: "right", cell: ({ lifted }) => gainOf(lifted) },
        {
          title: "At most",
          align: "right",
          cell: ({ lifted }) => number(lifted.places_more > 0 ? null : lifted.gains_at_most),
        },
      ],
      limits,
    ),
  ];
}

interface Placing {
  readonly what: string;
  readonly cure: Cure;
}

function placings({ deferred, infeasible }: Explanation): Node[] {
  const rows = [
    ...(infeasible?.cures ?? []).map((cure): Placing => ({ what: "a plan", cure })),
    ...deferred.flatMap(({ task_id, cures }) => cures.map((cure): Placing => ({ what: task_id, cure }))),
  ];
  const without = deferred.filter(({ conflict, cures }) => conflict !== null && cures.length === 0);
  const none = without.map(({ task_id, cures_complete: isComplete }) =>
    h(
      "p",
      {},
      isComplete
        ? `No single change places ${task_id}.`
        : `No single change is known that places ${task_id}: there was no time for all.`,
    ),
  );
  if (rows.length === 0) return none;
  return [
    h("h3", {}, infeasible === null ? "To place a deferred task" : "To get a plan"),
    table<Placing>(
      "Single changes that are enough, each checked",
      [
        { title: "For", cell: ({ what }) => what },
        { title: "Change", cell: ({ cure }) => cure.change },
        { title: "Size", align: "right", cell: ({ cure }) => percent(cure.share) },
        { title: "Not enough, proven", cell: ({ cure }) => (cure.not_enough === null ? "" : number(cure.not_enough)) },
        {
          title: "phase19 solve …",
          cell: ({ cure }) => (cure.flags === null ? "in the document" : h("code", {}, cure.flags)),
        },
      ],
      rows,
    ),
    ...none,
  ];
}
