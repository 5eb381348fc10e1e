import type { PageAgent } from "../../domain/schemas/index.js";
import { svg } from "../elements/dom.js";
import { duration } from "../elements/format.js";
import { linear, px, ticks } from "./scale.js";

const ROW = 24;
const AXIS = 20;
/** Between a name and its bars. */
const GAP = 8;
/** Of a wide font's digits: a name that is cut by the edge loses its beginning without a sign. */
const CHARACTER_WIDTH = 8.2;

/** Busy time of each agent, planned above actual, with the mark of its limit. */
export function loadsChart(agents: readonly PageAgent[], width: number): SVGSVGElement {
  const left = Math.min(130, width * 0.3);
  const most = Math.max(
    1,
    ...agents.map(({ planned_ms, actual_ms, limit_ms }) => Math.max(planned_ms, actual_ms ?? 0, limit_ms ?? 0)),
  );
  const x = linear(0, most, left, width - 12);
  const height = AXIS + agents.length * ROW;
  const chart = svg("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" });
  const grid = svg("g", { class: "grid" });
  for (const ms of ticks(most, Math.max(2, Math.floor((width - left) / 90)))) {
    const at = px(x(ms));
    grid.append(svg("line", { x1: at, x2: at, y1: AXIS - 4, y2: height }));
    grid.append(svg("text", { x: Math.min(at, width - 24), y: 12, class: "middle" }, duration(ms)));
  }
  chart.append(grid);
  const numFit = Math.floor((left - GAP) / CHARACTER_WIDTH);
  agents.forEach(({ agent_id, planned_ms, actual_ms, limit_ms }, k) => {
    const y = AXIS + k * ROW + 4;
    chart.append(
      svg("text", { class: "name end", x: left - GAP, y: y + 12 }, shortenId(agent_id, numFit)),
      svg("rect", { class: "planned", x: left, y, width: px(x(planned_ms) - left), height: 8 }),
    );
    if (actual_ms !== null) {
      chart.append(svg("rect", { class: "completed", x: left, y: y + 9, width: px(x(actual_ms) - left), height: 8 }));
    }
    if (limit_ms !== null) chart.append(svg("path", { class: "limit", d: `M${px(x(limit_ms))} ${y - 2}v20` }));
  });
  return chart;
}

/** A name whole, or its end: ids differ there. */
function shortenId(id: string, numFit: number): string {
  return id.length <= numFit ? id : `…${id.slice(1 - numFit)}`;
}
