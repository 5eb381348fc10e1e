import type { GateCase, GateTaskRow } from "./gate-inputs.js";

/**
 * The gate as the file contract words it, written apart from the one it judges: bounds inclusive, up to the rounding of
 * a sum of decimals.
 */
export function isLetThrough(task: GateTaskRow, wave: WaveRule): boolean {
  const { risk_level: risk, confidence } = task;
  if (isRefused(task)) return false;
  const isAtLeast = (bound: number): boolean => confidence > bound || Math.abs(confidence - bound) < 1e-9;
  if (risk === "LOW") return isAtLeast(0.5);
  if (risk === "MEDIUM") return isAtLeast(0.75) && (!wave.requireApproval || wave.approved.has(task.task_id));
  return isAtLeast(wave.isRelaxed ? 0.7 : 0.9) && wave.approved.has(task.task_id);
}

/** Held back in every wave and mode: a risk nobody knows, or Phase 16's own word against it. */
function isRefused({ risk_level, approval_status }: GateTaskRow): boolean {
  const isApproved = approval_status === undefined || approval_status === null || approval_status === "APPROVED";
  return !isApproved || !["LOW", "MEDIUM", "HIGH"].includes(risk_level);
}

export interface WaveRule {
  readonly approved: ReadonlySet<string>;
  readonly requireApproval: boolean;
  /** H16_004 lowered the threshold of HIGH risk for this wave. */
  readonly isRelaxed: boolean;
}

/** What a finished run left behind, read back from its files and events. */
export interface GateEvidence {
  /** By wave: tasks with an attempt. */
  readonly attempted: ReadonlyMap<number, ReadonlySet<string>>;
  /** By wave: final words of the tasks that ran. */
  readonly ran: ReadonlyMap<number, ReadonlyMap<string, string>>;
  readonly decisions: readonly DecisionRow[];
  readonly deferrals: readonly DeferralRow[];
}
export interface DecisionRow {
  readonly task_id: string;
  readonly wave: number;
  readonly risk_level: string;
  readonly confidence: number;
  readonly approval: string;
  readonly live_approval: string;
}
export interface DeferralRow {
  readonly task_id: string;
  readonly wave: number;
  readonly stage: string;
  readonly final: boolean;
}

/** How much the gate and the plan had to do, so that a check of nothing cannot pass for one. */
export interface GateCounts {
  tasks: number;
  completed: number;
  failed: number;
  heldByGate: number;
  heldByPlan: number;
  carriedOn: number;
  relaxedWaves: number;
}

/** Walks a run wave by wave along its own statement of the rule. @returns what is wrong, a line a fault */
export function judgeGate(gateCase: GateCase, evidence: GateEvidence, counts: GateCounts): string[] {
  return new GateJudge(gateCase, evidence, counts).judge();
}

class GateJudge {
  readonly #faults: string[] = [];
  readonly #tasks: ReadonlyMap<string, GateTaskRow>;
  readonly #mayRelax: boolean;
  /** How each task ended, every end a word. */
  readonly #ends = new Map<string, string[]>();
  #carried: string[] = [];
  #rule: WaveRule;

  constructor(
    private readonly gateCase: GateCase,
    private readonly evidence: GateEvidence,
    private readonly counts: GateCounts,
  ) {
    const { tasks, options, hasHeuristics } = gateCase;
    this.#tasks = new Map(tasks.map((task) => [task.task_id, task]));
    this.#mayRelax = options.allowThresholdRelaxation === true && hasHeuristics;
    const requireApproval = options.requireApproval === true;
    this.#rule = { approved: new Set(options.approved), requireApproval, isRelaxed: false };
  }

  judge(): string[] {
    for (const wave of this.gateCase.waves) this.#judgeWave(wave);
    this.#judgeEnds();
    return this.#faults;
  }

  #judgeWave(wave: number): void {
    const own = this.gateCase.tasks.filter((task) => task.wave === wave).map(({ task_id }) => task_id);
    const pending = [...own, ...this.#carried].sort();
    const decisions = this.evidence.decisions.filter((row) => row.wave === wave);
    const deferrals = new Map(
      this.evidence.deferrals.filter((row) => row.wave === wave).map((row) => [row.task_id, row]),
    );
    const logged = decisions.map(({ task_id }) => task_id).sort();
    if (logged.join() !== pending.join()) this.#say(wave, `the log names ${logged.join()}, not ${pending.join()}`);
    for (const row of decisions) this.#judgeDecision(row, deferrals.get(row.task_id));
    const ran = this.#judgeAttempts(wave, new Set(pending));
    for (const [id, word] of ran) this.#end(id, word);
    for (const row of deferrals.values()) if (row.final) this.#end(row.task_id, "deferred");
    for (const row of deferrals.values()) this.#judgeDeferral(row);
    this.#carried = [...deferrals.values()].filter((row) => !row.final).map(({ task_id }) => task_id);
    if (this.#rule.isRelaxed) this.counts.relaxedWaves++;
    const numCompleted = [...ran.values()].filter((word) => word === "completed").length;
    this.#rule = { ...this.#rule, isRelaxed: this.#mayRelax && ran.size > 0 && numCompleted / ran.size >= 0.9 };
  }

  #judgeDecision(row: DecisionRow, deferral: DeferralRow | undefined): void {
    const { task_id: id, wave } = row;
    const task = this.#tasks.get(id)!;
    const word = isLetThrough(task, this.#rule) ? "approved" : "deferred";
    if (row.approval !== word || row.live_approval !== word)
      this.#say(wave, `${id} is ${row.approval}, by the rule ${word}`);
    if (row.risk_level !== task.risk_level || row.confidence !== task.confidence)
      this.#say(wave, `${id} is not its row`);
    if ((deferral?.stage === "gate") !== (word === "deferred")) this.#say(wave, `${id} has no row of its deferral`);
    const hasAttempt = this.evidence.attempted.get(wave)?.has(id) ?? false;
    if (hasAttempt && deferral !== undefined) this.#say(wave, `${id} was held back by the ${deferral.stage} and ran`);
    if (!hasAttempt && deferral === undefined) this.#say(wave, `${id} vanished`);
  }

  #judgeAttempts(wave: number, pending: ReadonlySet<string>): ReadonlyMap<string, string> {
    const attempted = [...(this.evidence.attempted.get(wave) ?? [])].sort();
    const ran = this.evidence.ran.get(wave) ?? new Map<string, string>();
    for (const id of attempted) if (!pending.has(id)) this.#say(wave, `${id} ran and was not pending`);
    if (attempted.join() !== [...ran.keys()].sort().join()) this.#say(wave, "attempts and final rows differ");
    return ran;
  }

  /** What the plan left out may fit later, unless nobody can ever do it: that is for the plan to know. */
  #judgeDeferral({ task_id: id, wave, stage, final }: DeferralRow): void {
    const task = this.#tasks.get(id)!;
    const isOver = wave === this.gateCase.waves.at(-1) || task.depends_on.some((before) => this.#isLost(before));
    const isOpen = this.#mayRelax && isLetThrough(task, { ...this.#rule, isRelaxed: true });
    const mustEnd = isOver || stage === "execution" || (stage === "gate" && !isOpen);
    const mustGoOn = !isOver && stage === "gate" && isOpen;
    if (final ? mustGoOn : mustEnd) this.#say(wave, `${id} (${stage}) is ${final ? "" : "not "}final`);
    if (stage === "gate") this.counts.heldByGate++;
    else this.counts.heldByPlan++;
    if (!final) this.counts.carriedOn++;
  }

  #judgeEnds(): void {
    for (const id of this.#tasks.keys()) {
      const words = this.#ends.get(id) ?? [];
      if (words.length !== 1) this.#faults.push(`${id} ended ${words.length} times: ${words.join()}`);
      if (words[0] === "completed") this.counts.completed++;
      if (words[0] === "failed") this.counts.failed++;
    }
    this.counts.tasks += this.#tasks.size;
  }

  #isLost(id: string): boolean {
    return this.#ends.get(id)?.some((word) => word !== "completed") ?? false;
  }

  #end(id: string, word: string): void {
    this.#ends.set(id, [...(this.#ends.get(id) ?? []), word]);
  }

  #say(wave: number, fault: string): void {
    this.#faults.push(`wave ${wave}: ${fault}`);
  }
}
