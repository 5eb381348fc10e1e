import { COMMAND_OPTIONS, countOf, InputError, joinWords, RUN_OPTIONS } from "../../../domain/index.js";
import { defineCommand, NOTE_OPTIONS } from "../command.js";
import { EXIT } from "../environment.js";
import { givenByFlags } from "../flags.js";
import { createNotes } from "../notes.js";

const LEAST_TAKEOVER_MS = 1_000;
const { kind, flag, group } = COMMAND_OPTIONS.execute;
/** Without a default: nobody else makes the attempts. */
const EXECUTE = {
  ...{ kind, flag, group, changesResults: false },
  help: "who makes the attempts: command:CMD, shell:CMD or http:URL",
} as const;

/** `phase19 worker`: makes the attempts that `phase19 run --execute queue:URL` puts into queues. */
export const worker = defineCommand({
  name: "worker",
  summary: "Makes the attempts that wait in the queues of agents, until it is interrupted.",
  options: [
    COMMAND_OPTIONS.queue,
    EXECUTE,
    RUN_OPTIONS.agents,
    COMMAND_OPTIONS.concurrency,
    COMMAND_OPTIONS.takeover,
    ...NOTE_OPTIONS,
  ],
  required: [COMMAND_OPTIONS.queue, EXECUTE],
  help: `
Examples:
  $ phase19 worker --queue redis://:PASSWORD@host:6379 --execute "command:python3 agent.py"
  $ phase19 worker --queue rediss://:PASSWORD@host:6379 --execute http://agents.example/attempt --agents agent_0,agent_1

Needs BullMQ: npm install bullmq@6 ioredis. Start as many as you like, on as many machines. Ctrl-C ends the attempts under way.`,
  check: ({ execute }) => {
    if (/^(command|shell|https?):/.test(execute)) return;
    throw new InputError("--execute", "needs who makes the attempts: command:CMD, shell:CMD or http:URL");
  },
  run: async (flags, environment) => {
    const notes = createNotes(flags, environment.writeError);
    const pipeline = await import("../../../pipeline/index.js");
    const executor = await pipeline.createExecutor(flags.execute);
    if (executor === null) throw new InputError("--execute", "simulated makes no attempts");
    const { takeoverMs = COMMAND_OPTIONS.takeover.default } = givenByFlags(
      { takeoverMs: COMMAND_OPTIONS.takeover },
      flags,
    );
    if (takeoverMs < LEAST_TAKEOVER_MS) {
      throw new InputError("--takeover", "needs at least 1s: a worker says twice in that time that it is there");
    }
    await environment.abortable(async (signal, begin) => {
      begin();
      const { queue: url, agents = null, concurrency = COMMAND_OPTIONS.concurrency.default } = flags;
      let numMade = 0;
      const settings = {
        ...{ url, executor, agents, concurrency, takeoverMs },
        onReady: (redis: string) => {
          const whose = agents === null ? "every agent" : joinWords(agents);
          notes.warn(`waits for attempts of ${whose} in the queues of ${redis}; Ctrl-C ends it`);
        },
        onAttempt: (line: string) => {
          numMade++;
          notes.detail(line);
        },
      };
      await pipeline.runWorker(settings, signal);
      notes.warn(`told to stop; ${countOf(numMade, "attempt")} ${numMade === 1 ? "was" : "were"} made here`);
    });
    return { stdout: "", exitCode: EXIT.interrupted };
  },
});
