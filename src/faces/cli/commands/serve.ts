import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { COMMAND_OPTIONS, describeReadError, InputError, RUN_OPTIONS } from "../../../domain/index.js";
import { defineCommand, OUTPUT_OPTIONS } from "../command.js";
import { EXIT } from "../environment.js";
import { createNotes } from "../notes.js";
import { wantsTable } from "../present.js";

/** `phase19 serve`: the page of a run, live while it goes. */
export const serve = defineCommand({
  name: "serve",
  summary: "Show a run in the browser while it goes, and the last one when it has ended; metrics for Prometheus.",
  options: [RUN_OPTIONS.outputsDir, COMMAND_OPTIONS.port, COMMAND_OPTIONS.host, ...OUTPUT_OPTIONS],
  help: `
Examples:
  $ phase19 serve --outputs outputs
  $ phase19 serve --outputs outputs --port 8019

Only reads: the tree phase19 and its journal below --outputs. /metrics is for Prometheus, /healthz for whoever watches it.
Ctrl-C ends it.`,
  run: async (flags, environment) => {
    const notes = createNotes(flags, environment.writeError);
    const { outputs = "outputs" } = flags;
    await requireFolder(outputs);
    const pipeline = await import("../../../pipeline/index.js");
    const { LiveRun } = await import("../../web/live-run.js");
    const { startServer } = await import("../../web/server.js");
    const { port = COMMAND_OPTIONS.port.default, host = COMMAND_OPTIONS.host.default } = flags;
    const watcher = new pipeline.RunWatcher(outputs);
    const live = new LiveRun(watcher, randomBytes(6).toString("hex"), notes.warn);
    await live.start();
    const server = await startServer(live, { host, port }, pipeline).catch((error: unknown) => {
      live.close();
      throw error;
    });
    await environment.abortable(async (signal, begin) => {
      begin();
      const { url } = server;
      environment.writeOutput(
        wantsTable(flags, environment) ? `${url}\nCtrl-C ends it.\n` : `${JSON.stringify({ url })}\n`,
      );
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    });
    await server.close();
    return { stdout: "", exitCode: EXIT.interrupted };
  },
});

async function requireFolder(path: string): Promise<void> {
  const entry = await stat(path).catch((error: unknown) => {
    throw new InputError("--outputs", `${path} cannot be read: ${describeReadError(error)}`, { cause: error });
  });
  if (!entry.isDirectory()) throw new InputError("--outputs", `${path} is not a folder`);
}
