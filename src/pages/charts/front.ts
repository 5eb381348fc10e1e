import type { CompareReport } from "../../domain/schemas/index.js";
import { svg } from "../elements/dom.js";
import { number, words } from "../elements/format.js";
import { linear, px, ticksBetween } from "./scale.js";

const HEIGHT = 260;
const LEFT = 72;

/** The points of a front of two goals, each with the bound of its second goal; null where there are none. */
export function frontChart(
  { goals, points }: NonNullable<CompareReport["front"]>,
  width: number,
): SVGSVGElement | null {
  const [first, second] = goals.map(({ key }) => key) as [string, string];
  const dots = points.map(({ values, bound }) => ({ x: values[first]!, y: values[second]!, bound }));
  if (dots.length === 0) return null;
  const levels = dots.flatMap(({ y, bound }) => (bound === null ? [y] : [y, bound]));
  const [low, high] = padded(levels);
  const [from, to] = padded(dots.map(({ x }) => x));
  const x = linear(from, to, LEFT, width - 16);
  const y = linear(low, high, HEIGHT - 46, 10);
  const chart = svg("svg", {
    class: "chart",
    viewBox: `0 0 ${width} ${HEIGHT}`,
    ...{ width, height: HEIGHT, "aria-hidden": "true" },
  });
  const grid = svg("g", { class: "grid" });
  for (const level of ticksBetween(low, high, 5)) {
    grid.append(svg("line", { x1: LEFT, x2: width - 16, y1: px(y(level)), y2: px(y(level)) }));
    grid.append(svg("text", { class: "end", x: LEFT - 6, y: px(y(level) + 4) }, number(level)));
  }
  for (const at of ticksBetween(from, to, Math.max(2, Math.floor(width / 120)))) {
    grid.append(svg("text", { class: "middle", x: px(x(at)), y: HEIGHT - 28 }, number(at)));
  }
  grid.append(svg("text", { class: "end", x: width - 16, y: HEIGHT - 8 }, `${words(goals[0]!.name)} →`));
  grid.append(svg("text", { x: 4, y: HEIGHT - 8 }, `↑ ${words(goals[1]!.name)}`));
  chart.append(grid);
  for (const dot of dots) {
    const [cx, cy] = [px(x(dot.x)), px(y(dot.y))];
    if (dot.bound !== null) {
      const at = px(y(dot.bound));
      chart.append(svg("line", { class: "bound-line", x1: cx, x2: cx, y1: cy, y2: at }));
      chart.append(svg("path", { class: "bound-dot", d: `M${cx} ${at - 5}l5 9h-10z` }));
    }
    chart.append(svg("circle", { class: "value-dot", cx, cy, r: 5 }));
  }
  return chart;
}

/** The range of the values, with some room on both sides. */
function padded(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = (high - low) * 0.08 || Math.abs(high) * 0.02 || 1;
  return [low - pad, high + pad];
}
