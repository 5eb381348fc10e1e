import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Rules, rulesOf, type Size } from "./rules.js";

/** What an attempt writes down from outside of phase19, so that what ran when does not hang on what phase19 says. */
export interface LoggedAttempt {
  /** Wave, task and attempt. */
  readonly key: string;
  readonly agentId: string;
  /** Epoch milliseconds: its process began, it had its request, it ended; null where it was ended before its end. */
  readonly beganMs: number;
  readonly startMs: number;
  readonly endMs: number | null;
}

/** The cost that every attempt answers. */
export const COST = 1;
/** Milliseconds that an attempt is predicted to take without history; with this rate it is expected to cost about as much. */
const COST_PER_MS = COST / 30;

/** The agent, beside every run that asks it. Each task with "2" in its name fails once. */
export function writeAgent(folder: string): { readonly command: string; readonly log: string } {
  const log = join(folder, "attempts.log");
  writeFileSync(log, "");
  writeFileSync(
    join(folder, "agent.sh"),
    `began=$EPOCHREALTIME
read -r request
key=$PHASE19_ATTEMPT
agent=\${request#*'"agent_id":"'}; agent=\${agent%%'"'*}
echo "start $$ $key $agent $EPOCHREALTIME $began" >> ${log}
sleep 0.$(( \${#key} % 3 ))5
echo "end $$ $key $agent $EPOCHREALTIME" >> ${log}
case \${key#*:*:} in *2*:1) s='"failed","error_message":"once"';; *) s='"success"';; esac
echo "{\\"status\\":$s,\\"cost\\":${COST}}"
`,
  );
  return { command: `/bin/bash ${join(folder, "agent.sh")}`, log };
}

/** One run, in a folder of its own. */
export class Place {
  readonly outputs = mkdtempSync(join(tmpdir(), "phase19-faults-"));
  readonly #tree = join(this.outputs, "phase19");

  readonly rules: Rules;

  constructor(private readonly size: Size) {
    this.rules = rulesOf(size);
    for (const phase of ["phase16", "phase18"]) mkdirSync(join(this.outputs, phase));
    const tasks = this.taskIds.map((task_id, k) => {
      return {
        task_id,
        wave: 1 + (k % size.waves),
        risk_level: "LOW",
        confidence: 0.9,
        ...this.rules.tasks.get(task_id),
      };
    });
    const agents = [...this.rules.agents].map(([agent_id, times]) => ({
      agent_id,
      cost_per_ms: COST_PER_MS,
      ...times,
    }));
    const toLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    writeFileSync(join(this.outputs, "phase16/planned_tasks.jsonl"), toLines(tasks));
    writeFileSync(join(this.outputs, "phase18/agents.jsonl"), toLines(agents));
    writeFileSync(join(this.outputs, "phase18/pools.json"), JSON.stringify(this.rules.pools));
    const summary = { total_agents: size.agents, success_rate: 0.9 };
    writeFileSync(join(this.outputs, "phase18/multi_agent_summary.json"), JSON.stringify(summary));
  }

  get taskIds(): string[] {
    return [...this.rules.tasks.keys()];
  }

  /** Whether the tree stands: another start would be another run. */
  get isFinished(): boolean {
    return existsSync(this.#tree);
  }

  /** Whether a process has the output directory; one that is not so far yet, or is through, keeps nobody out. */
  isHeldBy(pid: number): boolean {
    const lock = join(this.outputs, "phase19.lock");
    return !this.isFinished && existsSync(lock) && readFileSync(lock, "utf8").startsWith(`{"pid":${pid},`);
  }

  /** Rows of the journal that are whole, of the run that goes on or of the one that ended. */
  journal(): JournalLine[] {
    const path = this.isFinished ? join(this.#tree, "journal.jsonl") : join(this.outputs, "phase19.journal.jsonl");
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as JournalLine);
  }

  summary(): { readonly partial: boolean; readonly tasks: { readonly total: number; readonly completed: number } } {
    return JSON.parse(readFileSync(join(this.#tree, "phase19_summary.json"), "utf8")) as ReturnType<Place["summary"]>;
  }

  /** Tasks of which the tree says what became of them. */
  told(): Set<string> {
    const files = ["deferred_tasks.jsonl", ...this.#ofAgents("scheduled_tasks.jsonl")];
    return new Set(files.flatMap((file) => this.#rows<{ task_id: string }>(file).map(({ task_id }) => task_id)));
  }

  /** Attempts that the tree counts. */
  counted(): CountedAttempt[] {
    return this.#ofAgents("execution_outcomes.jsonl").flatMap((file) => this.#rows<CountedAttempt>(file));
  }

  #ofAgents(file: string): string[] {
    return Array.from({ length: this.size.waves }, (_, wave) =>
      Array.from({ length: this.size.agents }, (_, k) => `wave_${wave + 1}/agent_${k}/${file}`),
    ).flat();
  }

  #rows<Row>(file: string): Row[] {
    const lines = readFileSync(join(this.#tree, file), "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Row);
  }

  remove(): void {
    rmSync(this.outputs, { recursive: true, force: true });
  }
}

/** Of an attempt in the tree. */
export interface CountedAttempt {
  readonly wave: number;
  readonly task_id: string;
  readonly attempt: number;
}

export interface JournalLine extends CountedAttempt {
  readonly event: string;
  /** Milliseconds from the start of the wave; absent in rows that are not of an attempt. */
  readonly start_ms?: number;
  readonly agent_id: string;
  readonly fault: string | null;
  readonly cost: number | null;
  readonly at: string;
}

/** Attempts that the agents' log has. */
export function readLog(log: string): LoggedAttempt[] {
  const attempts = new Map<string, LoggedAttempt>();
  for (const line of readFileSync(log, "utf8").split("\n")) {
    const [what, process, key, agentId, time, began = time] = line.split(" ");
    if (time === undefined) continue;
    const one = attempts.get(`${process} ${key}`);
    const atMs = 1_000 * Number(time);
    if (one !== undefined) attempts.set(`${process} ${key}`, { ...one, endMs: what === "end" ? atMs : null });
    else
      attempts.set(`${process} ${key}`, {
        key: key!.slice(key!.indexOf(":") + 1),
        agentId: agentId!,
        beganMs: 1_000 * Number(began),
        startMs: atMs,
        endMs: null,
      });
  }
  return [...attempts.values()].sort((a, b) => a.startMs - b.startMs);
}
