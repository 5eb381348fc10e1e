import type { PageDocument } from "../../domain/schemas/index.js";
import { svg } from "../elements/dom.js";
import { linear, px, ticks } from "./scale.js";

const SIZE = 280;
const MARGIN = 40;

/** Share that succeeded over predicted chance, with 95 % intervals; right predictions lie on the diagonal. */
export function reliabilityChart({ reliability_bins: bins }: NonNullable<PageDocument["calibration"]>): SVGSVGElement {
  const x = linear(0, 1, MARGIN, SIZE - 10);
  const y = linear(0, 1, SIZE - MARGIN, 10);
  const chart = svg("svg", {
    class: "chart",
    viewBox: `0 0 ${SIZE} ${SIZE}`,
    width: SIZE,
    height: SIZE,
    "aria-hidden": "true",
  });
  const grid = svg("g", { class: "grid" });
  for (const tick of ticks(1, 5)) {
    grid.append(
      svg("line", { x1: x(0), x2: x(1), y1: px(y(tick)), y2: px(y(tick)) }),
      svg("text", { x: MARGIN - 5, y: px(y(tick) + 4), class: "end" }, String(Math.round(100 * tick))),
      svg("text", { x: px(x(tick)), y: SIZE - MARGIN + 15, class: "middle" }, String(Math.round(100 * tick))),
    );
  }
  chart.append(
    grid,
    svg("line", { class: "ideal", x1: x(0), y1: y(0), x2: x(1), y2: y(1) }),
    svg("text", { class: "axis middle", x: (x(0) + x(1)) / 2, y: SIZE - 5 }, "predicted chance, %"),
    svg("text", { class: "axis middle", transform: `translate(11 ${(y(0) + y(1)) / 2}) rotate(-90)` }, "succeeded, %"),
  );
  for (const { count, mean_predicted, observed_rate, observed_interval } of bins) {
    if (mean_predicted === null || observed_rate === null || observed_interval === null) continue;
    const at = px(x(mean_predicted));
    chart.append(
      svg("line", {
        class: "interval",
        x1: at,
        x2: at,
        y1: px(y(observed_interval[0])),
        y2: px(y(observed_interval[1])),
      }),
      svg("circle", {
        class: "observed",
        cx: at,
        cy: px(y(observed_rate)),
        r: Math.min(8, 2.5 + Math.sqrt(count) / 3),
      }),
    );
  }
  return chart;
}
