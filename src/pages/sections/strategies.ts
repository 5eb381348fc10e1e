import type { CompareReport } from "../../domain/schemas/index.js";
import { frontChart } from "../charts/front.js";
import { h } from "../elements/dom.js";
import { gap, number, words } from "../elements/format.js";
import type { Section } from "../elements/section.js";
import { type Column, table } from "../elements/table.js";
import { contentWidth } from "./schedule.js";

type Plan = CompareReport["plans"][number];
type Goal = CompareReport["goals"][number];

/** Strategies side by side, and the trade between goals. */
export const strategiesSection: Section = {
  id: "strategies",
  title: "Which strategy",
  inputs: ({ page }) => [page.answers?.comparison, contentWidth()],
  render: ({ page: { answers } }) => {
    const comparison = answers?.comparison ?? null;
    if (comparison === null) return null;
    return [
      h(
        "p",
        {},
        "Each plan keeps the same limits and is measured by every goal; ★ is the best of a goal among plans that leave out least. What is weighted is a sum over the tasks, each by its weight.",
      ),
      plansTable(comparison),
      h("ul", {}, ...comparison.words.map((sentence) => h("li", {}, sentence))),
      ...(comparison.front === null ? [] : frontOf(comparison.front)),
    ];
  },
};

function plansTable({ plans, goals }: CompareReport): HTMLElement {
  const known = plans.flatMap(({ deferred_weight }) => deferred_weight ?? []);
  const least = Math.min(...known);
  const bestOf = ({ key, sense }: Goal): number => {
    const values = plans.flatMap((plan) => (plan.deferred_weight === least ? (plan.values?.[key] ?? []) : []));
    return sense === "max" ? Math.max(...values) : Math.min(...values);
  };
  const columns: Column<Plan>[] = [
    { title: "Plan", cell: ({ name }) => words(name) },
    { title: "Outcome", cell: ({ fault, termination, kind }) => fault ?? termination ?? kind },
    { title: "Gap", align: "right", cell: ({ objective }) => (objective === null ? "–" : gap(objective.gap)) },
    ...goals.map((goal): Column<Plan> => {
      const best = bestOf(goal);
      return {
        title: goal.unit.endsWith("weighted") ? `${words(goal.name)}, weighted` : words(goal.name),
        align: "right",
        cell: ({ values, deferred_weight: left }) => {
          const value = values?.[goal.key] ?? null;
          return `${value === best && left === least ? "★ " : ""}${number(value)}`;
        },
      };
    }),
    { title: "Left out", align: "right", cell: ({ deferred_weight }) => number(deferred_weight) },
  ];
  return table("Plans by goal", columns, plans);
}

type Front = NonNullable<CompareReport["front"]>;

function frontOf(front: Front): Node[] {
  const { goals, points, complete } = front;
  const chart = goals.length === 2 ? frontChart(front, contentWidth()) : null;
  const names = goals.map(({ name }) => words(name));
  return [
    h("h3", {}, `The trade between ${names.join(" and ")}`),
    h(
      "p",
      {},
      complete
        ? front.words
        : `${front.words} No plan within a point’s limit is better on the second goal than its bound.`,
    ),
    ...(chart === null
      ? []
      : [
          chart,
          h(
            "ul",
            { class: "legend" },
            h("li", {}, h("span", { class: "swatch value-dot" }), "plan"),
            h("li", {}, h("span", { class: "swatch bound-dot" }), "bound of its second goal"),
          ),
        ]),
    table<Front["points"][number]>(
      "Points of the trade",
      [
        ...goals.map(({ key, name }): Column<Front["points"][number]> => ({
          title: words(name),
          align: "right",
          cell: ({ values }) => number(values[key] ?? null),
        })),
        { title: `Bound of ${words(goals[1]!.name)}`, align: "right", cell: ({ bound }) => number(bound) },
        { title: "Gap", align: "right", cell: (point) => gap(point.gap) },
        { title: "Proven", cell: ({ proven }) => (proven ? "yes" : "no") },
      ],
      points,
    ),
  ];
}
