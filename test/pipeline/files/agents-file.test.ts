import { describe, expect, it } from "vitest";
import { loadAgents } from "../../../src/pipeline/files/agents-file.js";
import { PhaseLedger } from "../../../src/pipeline/files/phase-report.js";
import { messageOf, writeScratch } from "./scratch.js";
import { join } from "node:path";

const load = (rows: readonly object[]) => {
  const folder = writeScratch({ "agents.jsonl": rows.map((row) => `${JSON.stringify(row)}\n`).join("") });
  return loadAgents(join(folder, "agents.jsonl"), "required", new PhaseLedger());
};

/** As the Agent2Agent protocol has it. */
const CARD = {
  name: "Route planner",
  description: "Plans routes",
  url: "https://example.org/a2a",
  version: "1.2.0",
  skills: [
    { id: "route-optimizer", name: "Traffic-aware optimizer", description: "Routes", tags: ["maps", "traffic"] },
    { id: "export", name: "Export", description: "Files" },
  ],
};

describe("agents of a file", () => {
  it("are rows of ours, or agent cards: a skill counts by its id and its tags", async () => {
    const agents = await load([{ agent_id: "anna", skills: ["sql"] }, CARD, { ...CARD, agent_id: "other", slots: 2 }]);
    const skills = ["export", "maps", "route-optimizer", "traffic"];
    expect(agents.map(({ agentId, slots, skills: own }) => [agentId, slots, [...own].sort()])).toEqual([
      ["anna", 1, ["sql"]],
      ["Route planner", 1, skills],
      ["other", 2, skills],
    ]);
  });

  it("need an id or a name that can be one", async () => {
    await expect(messageOf(() => load([{ skills: [] }]))).resolves.toContain("agents.jsonl:1: agent_id: is missing");
    await expect(messageOf(() => load([{ ...CARD, name: "a/b" }]))).resolves.toContain(
      "contains a slash; give agent_id too",
    );
    await expect(messageOf(() => load([CARD, CARD]))).resolves.toContain("is already the id");
  });
});
