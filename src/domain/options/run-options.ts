import { GATE_MODES } from "../gate.js";
import { STRATEGIES } from "../problem.js";
import type { GivenOf, Option } from "./kinds.js";

/** What a strategy may be in a run: one for all waves, or one chosen wave by wave. */
export const RUN_STRATEGIES = [...STRATEGIES, "adaptive"] as const;

/** What becomes of an attempt whose end nobody knows. */
const IN_FLIGHT = ["retry", "fail"] as const;

/** The options of a run besides those of its plans, by their names in the library; `evaluate` shares the places. */
export const RUN_OPTIONS = {
  outputsDir: {
    kind: { type: "text" },
    flag: "--outputs <dir>",
    help: "root of the phases' directories",
    otherwise: "./outputs",
    group: "Input",
    changesResults: false,
  },
  phase16Dir: {
    kind: { type: "text" },
    flag: "--phase16 <dir>",
    help: "Phase 16's output directory",
    otherwise: "phase16 below --outputs",
    group: "Input",
    changesResults: false,
  },
  phase17Dir: {
    kind: { type: "text" },
    flag: "--phase17 <dir>",
    help: "Phase 17's output directory",
    otherwise: "phase17 below --outputs",
    group: "Input",
    changesResults: false,
  },
  phase18Dir: {
    kind: { type: "text" },
    flag: "--phase18 <dir>",
    help: "Phase 18's output directory",
    otherwise: "phase18 below --outputs",
    group: "Input",
    changesResults: false,
  },
  tasksFile: {
    kind: { type: "text" },
    flag: "--tasks <file>",
    help: "the task file",
    otherwise: "planned_tasks.jsonl of Phase 16",
    group: "Input",
    changesResults: false,
  },
  agentsFile: {
    kind: { type: "text" },
    flag: "--agents-file <file>",
    help: "slots, skills, capacity and cost of agents",
    otherwise: "agents.jsonl of Phase 18",
    group: "Input",
    changesResults: false,
  },
  agents: {
    kind: { type: "ids" },
    default: null,
    flag: "--agents <ids>",
    help: "only these agents, between commas",
    otherwise: "all",
    group: "Input",
    changesResults: true,
  },
  priorityOrder: {
    kind: { type: "choice", choices: ["ascending", "descending"] },
    default: "ascending",
    flag: "--priority-order <order>",
    help: "how priorities count; in ascending order 1 is first",
    group: "Input",
    changesResults: true,
  },
  numWaves: {
    kind: { type: "integer", min: 1 },
    default: null,
    flag: "--waves <number>",
    help: "run only the first so many waves",
    otherwise: "all",
    group: "Input",
    changesResults: true,
  },
  strategy: {
    kind: { type: "choice", choices: RUN_STRATEGIES, anyCase: true },
    default: "maximize_success",
    flag: "--strategy <name>",
    help: "the goal of every plan; adaptive chooses one wave by wave",
    group: "Planning",
    changesResults: true,
  },
  live: {
    kind: { type: "boolean" },
    default: false,
    flag: "--live",
    help: "run for real; needs an executor that does",
    group: "Execution",
    changesResults: true,
  },
  gate: {
    kind: { type: "choice", choices: GATE_MODES },
    default: "rehearse",
    flag: "--gate <mode>",
    help: "live obeys the safety gate, rehearse only logs it; a live run always obeys it",
    group: "Execution",
    changesResults: true,
  },
  approved: {
    kind: { type: "ids" },
    default: [],
    help: "tasks approved explicitly, by id",
    otherwise: "none",
    group: "Execution",
    changesResults: true,
  },
  requireApproval: {
    kind: { type: "boolean" },
    default: false,
    flag: "--require-approval",
    help: "MEDIUM tasks need explicit approval too",
    group: "Execution",
    changesResults: true,
  },
  allowThresholdRelaxation: {
    kind: { type: "boolean" },
    default: false,
    flag: "--allow-threshold-relaxation",
    help: "H16_004 may lower the gate's threshold for HIGH tasks",
    group: "Execution",
    changesResults: true,
  },
  reassignment: {
    kind: { type: "boolean" },
    default: true,
    flag: "--no-reassign",
    help: "a failed task is tried again on its own agent only",
    group: "Execution",
    changesResults: true,
  },
  budget: {
    kind: { type: "number", min: 0, what: "a total cost" },
    default: null,
    flag: "--budget <cost>",
    help: "most that the whole run may cost; no attempt starts that it does not pay for",
    otherwise: "no limit",
    group: "Execution",
    changesResults: true,
  },
  attemptTimeoutMs: {
    kind: { type: "duration" },
    flag: "--attempt-timeout <duration>",
    help: "wall-clock limit of one attempt",
    otherwise: "5s, or 10 times the 95th percentile of what the attempt is expected to take",
    group: "Execution",
    changesResults: false,
  },
  retryDelayMs: {
    kind: { type: "duration" },
    flag: "--retry-delay <duration>",
    help: "wait before a task is tried again on the same agent; twice as long each time",
    otherwise: "none",
    group: "Execution",
    changesResults: true,
  },
  inFlight: {
    kind: { type: "choice", choices: IN_FLIGHT },
    default: "retry",
    flag: "--in-flight <what>",
    help: "attempts that were under way when an earlier start of this run was killed: made again, or failed",
    group: "Execution",
    changesResults: false,
  },
  abandon: {
    kind: { type: "boolean" },
    default: false,
    flag: "--abandon",
    help: "set the journal of an unfinished run aside instead of going on with it",
    group: "Execution",
    changesResults: false,
  },
  learnBetweenWaves: {
    kind: { type: "boolean" },
    default: true,
    help: "outcomes of a wave move the predictions of the next",
    group: "Learning",
    changesResults: true,
  },
  // Not part of the run's identity by its name: the state's content is one of the inputs.
  stateFile: {
    kind: { type: "text" },
    flag: "--state <file>",
    help: "start from this learned state",
    otherwise: "that of the output directory",
    group: "Input",
    changesResults: false,
  },
  fresh: {
    kind: { type: "boolean" },
    default: false,
    flag: "--fresh",
    help: "start from nothing learned",
    group: "Learning",
    changesResults: true,
  },
  runId: {
    kind: { type: "runId" },
    flag: "--run-id <id>",
    help: "name of the run",
    otherwise: "derived from inputs, options and seed",
    group: "Output",
    changesResults: false,
  },
  outDir: {
    kind: { type: "text" },
    flag: "--out <dir>",
    help: "where to write",
    otherwise: "phase19 below --outputs",
    group: "Output",
    changesResults: false,
  },
  replace: {
    kind: { type: "boolean" },
    default: false,
    flag: "--replace",
    help: "replace a directory that is not ours",
    group: "Output",
    changesResults: false,
  },
} as const satisfies Readonly<Record<string, Option>>;

type Table = typeof RUN_OPTIONS;
export type RunOptionName = keyof Table;

/** The options as a caller of the library may give them. */
export type GivenRunOptions = { readonly [Name in RunOptionName]?: GivenOf<Table[Name]["kind"]> };
