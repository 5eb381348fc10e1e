import { defineCommand, NOTE_OPTIONS } from "../command.js";
import { EXIT } from "../environment.js";

/** `phase19 mcp`: a server of the Model Context Protocol. */
export const mcp = defineCommand({
  name: "mcp",
  summary:
    "Serve the Model Context Protocol on standard input and output: plan, verify, explain, report_outcome, whats_next.",
  options: NOTE_OPTIONS,
  help: `
Example:
  $ npm install @modelcontextprotocol/sdk
  $ phase19 mcp < requests.jsonl

A client starts it as a command. The last plan of a session is what verify, explain, report_outcome and whats_next speak of.`,
  run: async (_flags, environment) => {
    const { serveMcp } = await import("../../mcp/serve-mcp.js");
    await environment.abortable((signal, begin) => {
      begin();
      return serveMcp(environment.version, signal);
    });
    return { stdout: "", exitCode: EXIT.done };
  },
});
