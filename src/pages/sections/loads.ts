import type { PageAgent } from "../../domain/schemas/index.js";
import { loadsChart } from "../charts/loads.js";
import { h } from "../elements/dom.js";
import { duration, percent } from "../elements/format.js";
import type { Section } from "../elements/section.js";
import { type Column, table } from "../elements/table.js";
import { describeLimits } from "./limit-words.js";
import { shareOf } from "./outcomes.js";
import { contentWidth } from "./schedule.js";

/** How busy each agent is, against its limit. */
export const loadsSection: Section = {
  id: "loads",
  title: "Loads and limits",
  inputs: ({ wave }) => [wave?.agents, wave?.objective, wave?.down_agents, wave?.wave, wave?.state, contentWidth()],
  render: ({ wave }) => {
    if (wave === null || wave.agents.length === 0 || wave.objective.value === null) return null;
    const over = wave.agents.filter(
      ({ actual_ms, limit_ms }) => actual_ms !== null && limit_ms !== null && actual_ms > limit_ms * (1 + 1e-9),
    );
    const beyond =
      over.length === 0
        ? ""
        : ` Busy beyond the limit when it ran: ${over.map(({ agent_id }) => agent_id).join(", ")}.`;
    const down =
      wave.down_agents.length === 0
        ? []
        : [h("p", { class: "notice bad" }, `Down now: ${wave.down_agents.join(", ")}.`)];
    const hasRun = wave.state !== "planned";
    return [
      ...down,
      h(
        "p",
        {},
        `Busy time of each agent's busiest slot in ${wave.name}: ${hasRun ? "planned above, actual below" : "planned"}${describeLimits(wave.agents)}${beyond}`,
      ),
      loadsChart(wave.agents, contentWidth()),
      table<PageAgent>(
        `Agents of ${wave.name}`,
        [
          { title: "Agent", cell: ({ agent_id }) => agent_id },
          { title: "Tasks planned", align: "right", cell: ({ tasks }) => String(tasks) },
          { title: "Busy, planned", align: "right", cell: ({ planned_ms }) => duration(planned_ms) },
          ...(hasRun ? ([BUSY_ACTUAL] as const) : []),
          { title: "Limit", align: "right", cell: ({ limit_ms }) => (limit_ms === null ? "none" : duration(limit_ms)) },
          { title: "Success, predicted", align: "right", cell: (agent) => percent(agent.planned_success_rate) },
          ...(hasRun ? ([ENDED_THERE] as const) : []),
        ],
        wave.agents,
      ),
    ];
  },
};

/** Of a wave that has begun. */
const BUSY_ACTUAL: Column<PageAgent> = {
  title: "Busy, actual",
  align: "right",
  cell: ({ actual_ms }) => duration(actual_ms),
};
const ENDED_THERE: Column<PageAgent> = {
  title: "Ended there, completed",
  align: "right",
  cell: (agent) => shareOf(agent.actual_success_rate, agent.ended),
};
