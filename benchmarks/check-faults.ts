/**
 * Whether a live run over `command:` survives `kill -9` of the run at any moment: no task lost, no attempt run again once its
 * answer was flushed, no agent with more attempts at once than it has slots, and in the end what an undisturbed run could have
 * come to. Prints the figures; exit code 1 on failure.
 *
 * Usage: check-faults [--kills N] [--tasks N] [--agents N] [--waves N] [--seed S]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createRandom } from "../src/domain/random.js";
import { drawReal } from "../src/planner/bench/draw.js";
import { describeConditions, readConditions } from "./conditions.js";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "1000" },
    tasks: { type: "string", default: "60" },
    agents: { type: "string", default: "6" },
    waves: { type: "string", default: "3" },
    seed: { type: "string", default: "19" },
  },
});
const [numKills, numTasks, numAgents, numWaves] = [values.kills, values.tasks, values.agents, values.waves].map(
  Number,
) as [number, number, number, number];
/** Of one run; then it may finish. */
const MOST_KILLS_A_RUN = 8;
const COMMAND = "dist/src/faces/cli/main.js";

const random = createRandom(Number(values.seed));
const faults: string[] = [];
const tally = { kills: 0, runs: 0, attempts: 0, repeatedInFlight: 0, answersAtKills: 0 };

/** A log line a start and an end, so that what ran when can be seen from outside. Each task with "2" in its name fails once. */
function agentScript(log: string): string {
  return `read -r request
key=$PHASE19_ATTEMPT
agent=\${request#*'"agent_id":"'}; agent=\${agent%%'"'*}
echo "start $key $agent" >> ${log}
sleep 0.$(( \${#key} % 3 ))5
echo "end $key $agent" >> ${log}
case $key in *2*:1) echo '{"status":"failed","error_message":"once"}';; *) echo '{"status":"success"}';; esac
`;
}

interface Place {
  readonly outputs: string;
  readonly log: string;
  readonly journal: string;
}

function prepare(): Place {
  const outputs = mkdtempSync(join(tmpdir(), "phase19-faults-"));
  const log = join(outputs, "attempts.log");
  for (const phase of ["phase16", "phase18"]) mkdirSync(join(outputs, phase));
  const tasks = Array.from({ length: numTasks }, (_, k) => ({
    ...{ task_id: `t${k}`, wave: 1 + (k % numWaves), risk_level: "LOW", confidence: 0.9 },
  }));
  writeFileSync(join(outputs, "phase16/planned_tasks.jsonl"), tasks.map((row) => `${JSON.stringify(row)}\n`).join(""));
  writeFileSync(
    join(outputs, "phase18/multi_agent_summary.json"),
    JSON.stringify({ total_agents: numAgents, success_rate: 0.9 }),
  );
  writeFileSync(join(outputs, "agent.sh"), agentScript(log));
  writeFileSync(log, "");
  return { outputs, log, journal: join(outputs, "phase19.journal.jsonl") };
}

/** @returns the exit code; null where it was killed */
async function start({ outputs }: Place, killAfterMs: number | null): Promise<number | null> {
  const execute = `command:/bin/sh ${join(outputs, "agent.sh")}`;
  const words = ["run", "--outputs", outputs, "--live", "--execute", execute, "--solver", "greedy", "--quiet"];
  const child = spawn(process.execPath, [COMMAND, ...words], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  const ended = once(child, "exit") as Promise<[number | null]>;
  if (killAfterMs !== null) {
    const isFirst = await Promise.race([ended.then(() => false), sleep(killAfterMs).then(() => true)]);
    if (isFirst) child.kill("SIGKILL");
  }
  const [code] = await ended;
  if (code !== null && code !== 0) faults.push(`a start ended with exit code ${code}: ${said.trim().slice(0, 200)}`);
  return code;
}

/** Keys whose answer was on the disk; a torn last line proves nothing. */
function flushedKeys({ journal }: Place): string[] {
  if (!existsSync(journal)) return [];
  const lines = readFileSync(journal, "utf8").split("\n").slice(0, -1);
  return lines.flatMap((line) => {
    const row = JSON.parse(line) as { event: string; wave: number; task_id: string; attempt: number; fault: unknown };
    const isAnswer = row.event === "attempt_ended" && row.fault !== "aborted";
    return isAnswer ? [`${row.wave}:${row.task_id}:${row.attempt}`] : [];
  });
}

const readLog = ({ log }: Place): string[][] =>
  readFileSync(log, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" "));
const withoutRun = (key: string): string => key.slice(key.indexOf(":") + 1);

/** What an undisturbed run takes here and now, so that kills fall into it. */
async function measureWhole(): Promise<number> {
  const place = prepare();
  const startedMs = performance.now();
  await start(place, null);
  judge(place, []);
  rmSync(place.outputs, { recursive: true, force: true });
  return performance.now() - startedMs;
}

async function playOne(wholeMs: number): Promise<void> {
  const place = prepare();
  try {
    const numOfRun = Math.min(numKills - tally.kills, 1 + Math.floor(drawReal(random, 0, MOST_KILLS_A_RUN)));
    const flushed: { readonly keys: ReadonlySet<string>; readonly at: number }[] = [];
    for (let k = 0; k < numOfRun; k++) {
      const code = await start(place, drawReal(random, 0.2, 0.9) * wholeMs);
      if (code === 0) break;
      tally.kills++;
      // The tree stands: another start would be another run.
      if (existsSync(join(place.outputs, "phase19"))) break;
      const keys = new Set(flushedKeys(place));
      tally.answersAtKills += keys.size;
      flushed.push({ keys, at: readLog(place).length });
    }
    if (!existsSync(join(place.outputs, "phase19"))) await start(place, null);
    judge(place, flushed);
    tally.runs++;
  } finally {
    rmSync(place.outputs, { recursive: true, force: true });
  }
}

function judge(place: Place, flushed: readonly { readonly keys: ReadonlySet<string>; readonly at: number }[]): void {
  const log = readLog(place);
  const summary = JSON.parse(readFileSync(join(place.outputs, "phase19/phase19_summary.json"), "utf8")) as {
    readonly partial: boolean;
    readonly tasks: { readonly total: number; readonly completed: number };
  };
  if (summary.partial || summary.tasks.completed !== numTasks) {
    faults.push(`an end that no undisturbed run has: ${JSON.stringify(summary.tasks)}`);
  }
  for (const { keys, at } of flushed) {
    for (const [what, key] of log.slice(at)) {
      if (what === "start" && keys.has(withoutRun(key!)))
        faults.push(`${key} was run again after its answer was flushed`);
    }
  }
  const starts = log.filter(([what]) => what === "start").map(([, key]) => withoutRun(key!));
  tally.attempts += new Set(starts).size;
  tally.repeatedInFlight += starts.length - new Set(starts).size;
  // A task with "2" in its name needs two attempts, any other one.
  const expected = Array.from({ length: numTasks }, (_, k) => `t${k}`);
  const lost = expected.filter((taskId) => !starts.some((key) => key.split(":")[1] === taskId));
  if (lost.length > 0) faults.push(`tasks that never ran: ${lost.join(", ")}`);
  checkSlots(log);
}

/** Each agent has one slot. An attempt whose end is missing was killed: it ends before the next start of its key. */
function checkSlots(log: readonly string[][]): void {
  const running = new Map<string, string>();
  const ends = new Set(log.filter(([what]) => what === "end").map(([, key]) => key));
  for (const [what, key, agent] of log) {
    const before = running.get(agent!);
    if (what === "end" && before === key) running.delete(agent!);
    if (what !== "start") continue;
    const isKilled = before === undefined || !ends.has(before) || before === key;
    if (!isKilled) faults.push(`${agent} runs ${before} and ${key} at once`);
    running.set(agent!, key!);
  }
}

console.log(describeConditions(readConditions()));
const wholeMs = await measureWhole();
while (tally.kills < numKills && faults.length === 0) await playOne(wholeMs);
console.log(`kills ${tally.kills}, runs ${tally.runs}, attempts ${tally.attempts}`);
console.log(`answers on the disk at the kills, all together: ${tally.answersAtKills}`);
console.log(`attempts made again because they were under way: ${tally.repeatedInFlight}`);
console.log(`faults ${faults.length}`);
for (const fault of faults.slice(0, 10)) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
