import type { PageWave } from "../../domain/schemas/index.js";
import { svg } from "../elements/dom.js";
import { duration, number } from "../elements/format.js";
import { milestones } from "./milestones.js";
import { linear, px, ticksBetween } from "./scale.js";

const HEIGHT = 220;
const LEFT = 64;

/** Value and bound as the search went on; null where nothing is known of them. */
export function proofChart(wave: Pick<PageWave, "stages" | "objective">, width: number): SVGSVGElement | null {
  const points = milestones(wave);
  if (points.length === 0) return null;
  const hasTimes = wave.stages.every(({ wall_ms }) => wall_ms !== null);
  const { value, bound } = wave.objective;
  const levels = [...points.map(({ y }) => y), ...[value, bound].filter((level) => level !== null)];
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  const isFlat = high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  const pad = (isFlat ? 0 : (high - low) * 0.12) || Math.abs(high) * 0.02 || 1;
  const end = Math.max(...points.map(({ at }) => at));
  const x = linear(0, end, LEFT, width - 16);
  const y = linear(low - pad, high + pad, HEIGHT - 30, 10);
  const chart = svg("svg", {
    class: "chart",
    viewBox: `0 0 ${width} ${HEIGHT}`,
    width,
    height: HEIGHT,
    "aria-hidden": "true",
  });
  const grid = svg("g", { class: "grid" });
  for (const level of ticksBetween(low - pad, high + pad, 5)) {
    grid.append(svg("line", { x1: LEFT, x2: width - 16, y1: px(y(level)), y2: px(y(level)) }));
    grid.append(svg("text", { class: "end", x: LEFT - 6, y: px(y(level) + 4) }, number(level)));
  }
  for (const at of ticksBetween(0, end, Math.max(2, Math.floor(width / 120)))) {
    const text = hasTimes ? duration(at) : number(at);
    grid.append(svg("text", { class: "middle", x: Math.min(px(x(at)), width - 24), y: HEIGHT - 12 }, text));
  }
  chart.append(grid);
  if (bound !== null)
    chart.append(svg("line", { class: "bound-line", x1: LEFT, x2: width - 16, y1: px(y(bound)), y2: px(y(bound)) }));
  for (const kind of ["bound", "value"] as const) {
    const own = points.filter((point) => point.kind === kind);
    const path = own
      .map((point, k) => (k === 0 ? `M${px(x(point.at))} ${px(y(point.y))}` : `H${px(x(point.at))}V${px(y(point.y))}`))
      .join("");
    chart.append(svg("path", { class: `${kind}-path`, d: path }));
    for (const { at, y: level } of own) {
      const [cx, cy] = [px(x(at)), px(y(level))];
      chart.append(
        kind === "value"
          ? svg("circle", { class: "value-dot", cx, cy, r: 4 })
          : svg("path", { class: "bound-dot", d: `M${cx} ${cy - 5}l5 9h-10z` }),
      );
    }
  }
  return chart;
}
