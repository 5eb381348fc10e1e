// Plans wave.json from Node: node plan.mjs (needs phase19-optimizer in node_modules of this folder or of one above).
import { readFile } from "node:fs/promises";
import { solve } from "phase19-optimizer";

const wave = JSON.parse(await readFile("wave.json", "utf8"));
const result = await solve(wave, { strategy: "maximize_success" });
if (result.termination === "infeasible") console.log("no plan keeps every limit:", result.conflict.explanation);
else console.log(result.termination, result.objective.value, result.agent_assignments);
