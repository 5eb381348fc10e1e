import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * What `phase19 serve` costs while 200 pages watch one run of 400 tasks on 40 agents whose attempts start and end all the time:
 * under a tenth of a core.
 */

const NUM_PAGES = 200;
const NUM_TASKS = 400;
const NUM_AGENTS = 40;
const MEASURED_MS = 20_000;
const EVENTS_PER_SECOND = 20;
const MOST_SHARE = 0.1;
/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

const root = mkdtempSync(join(tmpdir(), "phase19-serve-"));
const journal = join(root, "phase19.journal.jsonl");
const at = new Date().toISOString();
const write = (...rows: object[]): void =>
  appendFileSync(journal, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

const agentOf = (k: number): string => `agent_${k % NUM_AGENTS}`;
const taskIds = Array.from({ length: NUM_TASKS }, (_, k) => `task_${k}`);

writeFileSync(join(root, "wave.json"), JSON.stringify(problem()));
const solved = join(root, "result.json");
await run([
  "solve",
  "--strategy",
  "maximize_success",
  "--problem",
  join(root, "wave.json"),
  "--solver",
  "greedy",
  "--out",
  solved,
]);
writeFileSync(journal, "");
write({ event: "run_opened", schema_version: 1, run_id: "serve", identity: "serve", executor: "command", at });
write({ event: "plan_chosen", wave: 1, result: JSON.parse(readFileSync(solved, "utf8")) as object, at });

const server = spawn(process.execPath, ["dist/src/faces/cli/main.js", "serve", "--outputs", root], {
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const [line] = (await new Promise<Buffer>((resolve) => server.stdout.once("data", resolve))).toString().split("\n");
  const { url } = JSON.parse(line!) as { url: string };
  let numMessages = 0;
  for (let k = 0; k < NUM_PAGES; k++) get(`${url}events`, (response) => response.on("data", () => numMessages++));
  await sleep(3000);
  const before = processorS(server.pid!);
  const endAt = performance.now() + MEASURED_MS;
  for (let k = 0; performance.now() < endAt; k++) {
    const attempt = {
      wave: 1,
      task_id: taskIds[k % NUM_TASKS]!,
      agent_id: agentOf(k),
      slot: 0,
      attempt: 1 + Math.floor(k / NUM_TASKS),
    };
    write({ event: "attempt_started", ...attempt, start_ms: 50 * k, confidence: 0.9, at });
    await sleep(1000 / EVENTS_PER_SECOND);
  }
  const share = (processorS(server.pid!) - before) / (MEASURED_MS / 1000);
  console.log(
    `${NUM_PAGES} pages, ${EVENTS_PER_SECOND} events/s, ${numMessages} messages: ${(100 * share).toFixed(1)} % of a core`,
  );
  process.exitCode = share <= MOST_SHARE && numMessages > 10 * NUM_PAGES ? 0 : 1;
} finally {
  server.kill("SIGTERM");
  rmSync(root, { recursive: true });
}
process.exit();

function problem(): object {
  return {
    agents: Array.from({ length: NUM_AGENTS }, (_, k) => ({ agent_id: agentOf(k) })),
    tasks: taskIds.map((task_id) => ({ task_id, risk_level: "LOW", confidence: 0.9 })),
  };
}

function run(words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn(process.execPath, ["dist/src/faces/cli/main.js", ...words], { stdio: ["ignore", "ignore", "inherit"] }).on(
      "exit",
      (code) => (code === 0 ? resolve() : reject(new Error(`${words[0]} ended with ${code}`))),
    );
  });
}

/** Processor time of a process so far, by /proc. */
function processorS(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
