import {
  type Agent,
  compareIds,
  findAgentIdFault,
  findFoldedTwins,
  InputError,
  suggestNearest,
} from "../../domain/index.js";
import { agentFileRowSchema, showValue, type SummaryDocument } from "../../domain/schemas/index.js";
import type { PhaseLedger } from "./phase-report.js";
import { readRows } from "./phase-rows.js";
import { checkPresence, isPresent, toAgent } from "../../planner/index.js";

/**
 * Agents of `agents.jsonl`, or of agent cards (Agent2Agent protocol): a skill of a card counts by its id and its tags. Their limits are hard, so a malformed line is refused and never skipped.
 *
 * @param need an `optional` file may be absent, a `required` one was named by the user
 * @throws InputError `file:line` for the first malformed line or repeated id
 */
export async function loadAgents(file: string, need: "required" | "optional", ledger: PhaseLedger): Promise<Agent[]> {
  const agents = new Map<string, { agent: Agent; place: string }>();
  if (need === "optional" && !(await isPresent(file))) {
    ledger.addAbsent(file);
    return [];
  }
  await readRows(file, agentFileRowSchema, "refuse", ledger, (row, place) => {
    const agentId = row.agent_id ?? row.name;
    if (agentId === undefined || agentId === null) {
      throw new InputError(`${place}: agent_id`, "is missing; give the agent an id, or the name of its card");
    }
    const fault = findAgentIdFault(agentId);
    if (fault !== null) throw new InputError(`${place}: name`, `${showValue(agentId)} ${fault}; give agent_id too`);
    const earlier = agents.get(agentId);
    if (earlier !== undefined) {
      const rule = `${showValue(agentId)} is already the id of the agent at ${earlier.place}; ids must be unique`;
      throw new InputError(`${place}: agent_id`, rule);
    }
    const skills = row.skills?.flatMap((skill) =>
      typeof skill === "string" ? [skill] : [skill.id, ...(skill.tags ?? [])],
    );
    const agent = toAgent({ ...row, agent_id: agentId, skills });
    checkPresence(agent, (field) => `${place}: ${field}`);
    agents.set(agentId, { agent, place });
  });
  return [...agents.values()].map(({ agent }) => agent);
}

/** Words of who the agents are. */
export interface AgentWords {
  /** `agents.jsonl`. */
  readonly listed: readonly Agent[];
  readonly summary: SummaryDocument | null;
  /** `--agents`. */
  readonly named: readonly string[];
  /** Agents of outcome rows. */
  readonly ofOutcomes: readonly string[];
  readonly isRequired: boolean;
}

/**
 * The agents there are: those of `agent_performance` and `agents.jsonl` together, else `agent_0 … agent_{total_agents − 1}`;
 * before there is a summary those that were named and those that outcomes name.
 *
 * @returns ascending by id
 * @throws InputError where nothing names an agent and one is required
 */
export function joinAgents({ listed, summary, named, ofOutcomes, isRequired }: AgentWords): Agent[] {
  const agents = new Map(listed.map((agent) => [agent.agentId, agent]));
  const add = (agentId: string): void => {
    if (!agents.has(agentId)) agents.set(agentId, toAgent({ agent_id: agentId }));
  };
  Object.keys(summary?.agent_performance ?? {}).forEach(add);
  if (agents.size === 0) for (let k = 0; k < (summary?.total_agents ?? 0); k++) add(`agent_${k}`);
  if (agents.size === 0) {
    refuseUnsafeIds(named);
    [...named, ...ofOutcomes].forEach(add);
  }
  if (agents.size > 0 || !isRequired) return [...agents.values()].sort((a, b) => compareIds(a.agentId, b.agentId));
  throw new InputError(
    "agents",
    "nothing names them; give --agents a,b, a file with --agents-file, or Phase 18's multi_agent_summary.json",
  );
}

/** Ids that no file has are checked where they become agents. */
function refuseUnsafeIds(named: readonly string[]): void {
  for (const agentId of named) {
    const fault = findAgentIdFault(agentId);
    if (fault !== null)
      throw new InputError("options.agents", `${showValue(agentId)} ${fault}; give the agent another id`);
  }
  const twins = findFoldedTwins(named);
  if (twins === null) return;
  throw new InputError(
    "options.agents",
    `${twins.map(showValue).join(" and ")} would share a folder; rename one of them`,
  );
}

/**
 * The agents named, ascending by id; all where no names are given.
 *
 * @param place option or argument that holds the names
 * @throws InputError where a name is no agent, with the nearest that is
 */
export function selectAgents(
  agents: readonly Agent[],
  names: readonly string[] | undefined,
  place = "options.agents",
): readonly Agent[] {
  if (names === undefined) return agents;
  if (names.length === 0) throw new InputError(place, "names no agents; give at least one");
  const ids = agents.map((agent) => agent.agentId);
  const unknown = names.find((name) => !ids.includes(name));
  if (unknown !== undefined) {
    throw new InputError(place, `${showValue(unknown)} is not an agent; ${suggestNearest(unknown, ids)}`);
  }
  return agents.filter((agent) => names.includes(agent.agentId));
}
