import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { AttemptResult, Executor } from "../../../../src/pipeline/execute/executor.js";
import { createExecutor } from "../../../../src/pipeline/execute/executors/create-executor.js";
import { answerFromWire, requestToWire } from "../../../../src/pipeline/execute/executors/wire.js";
import { writeScratch } from "../../files/scratch.js";
import { startService } from "./answering-service.js";
import { type Behaviour, describeExecutor, wireAnswer } from "./executor-suite.js";

const scratch = writeScratch({});
const script = join(scratch, "agent.mjs");
writeFileSync(
  script,
  `let text = ""; for await (const chunk of process.stdin) text += chunk;
const request = JSON.parse(text);
console.log("some words on the way");
const answer = (${wireAnswer.toString()})(process.argv[2].replace("_", " "), request);
if (answer === null) setInterval(() => undefined, 1000); else console.log(answer);`,
);
const closing: (() => Promise<void>)[] = [];
afterAll(async () => void (await Promise.all(closing.map((close) => close()))));

const commandOf = (behaviour: Behaviour): string => `${process.execPath} ${script} ${behaviour.replace(" ", "_")}`;

const KINDS: Readonly<Record<string, (behaviour: Behaviour) => Promise<Executor>>> = {
  "in process": async (behaviour) => ({
    ...{ name: "mine", execution: "real" },
    execute: async (request) => {
      const answer = wireAnswer(behaviour, requestToWire(request));
      if (answer === null) return new Promise<AttemptResult>(() => undefined);
      return answerFromWire(JSON.parse(answer));
    },
  }),
  command: async (behaviour) => (await createExecutor(`command:${commandOf(behaviour)}`))!,
  shell: async (behaviour) => (await createExecutor(`shell:cat | ${commandOf(behaviour)}`))!,
  http: async (behaviour) => {
    const { url, close } = await startService(({ body }) => {
      const text = wireAnswer(behaviour, body);
      return text === null ? null : { text };
    });
    closing.push(close);
    return (await createExecutor(url))!;
  },
};

for (const [name, make] of Object.entries(KINDS)) describeExecutor(name, make);
