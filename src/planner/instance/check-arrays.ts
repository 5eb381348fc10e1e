import { type InstanceArrays, type NumberArray, type PlainStrategy, STRATEGY_MODELS } from "../../../models/index.js";
import { InputError, suggestNearest } from "../../domain/index.js";

/** Rule of the entries of one array. */
interface Rule {
  readonly text: string;
  readonly isKept: (value: number) => boolean;
}

const MAX_INT = 2 ** 31 - 1;
const AT_LEAST_ZERO: Rule = { text: "a finite number ≥ 0", isKept: (v) => v >= 0 && v < Infinity };
const ABOVE_ZERO: Rule = { text: "a finite number > 0", isKept: (v) => v > 0 && v < Infinity };
const FRACTION: Rule = { text: "in [0, 1]", isKept: (v) => v >= 0 && v <= 1 };
const CHANGE: Rule = { text: "in [−1, 1]", isKept: (v) => v >= -1 && v <= 1 };
const LIMIT: Rule = { text: "≥ 0, or Infinity", isKept: (v) => v >= 0 };
const SLOTS: Rule = { text: "a whole number ≥ 1", isKept: (v) => Number.isInteger(v) && v >= 1 && v <= MAX_INT };

type ArrayName = Exclude<keyof InstanceArrays, "numTasks" | "numAgents" | "budget" | "noDefer">;

const PAIR_RULES = {
  busyMs: AT_LEAST_ZERO,
  cost: AT_LEAST_ZERO,
  success: FRACTION,
  retries: AT_LEAST_ZERO,
  confidenceDelta: CHANGE,
} as const;
const AGENT_RULES = { capacityMs: LIMIT, slots: SLOTS, maxTasks: LIMIT, availableFromMs: AT_LEAST_ZERO } as const;
const TASK_RULES = { weight: ABOVE_ZERO, deadlineMs: LIMIT } as const;
const NAMES = [
  ...["numTasks", "numAgents", "pairStart", "pairAgent", "budget", "noDefer"],
  ...Object.keys({ ...PAIR_RULES, ...AGENT_RULES, ...TASK_RULES }),
];

/** Whether a value is meant as an instance in arrays and not as a problem document. */
export function isInstanceArrays(value: unknown): value is InstanceArrays {
  return typeof value === "object" && value !== null && "pairStart" in value && "pairAgent" in value;
}

/**
 * Checks lengths, ranges and order. O(pairs).
 *
 * @throws InputError naming the array and the index
 */
export function checkArrays(arrays: InstanceArrays, strategy: PlainStrategy): void {
  const unknown = Object.keys(arrays).find((name) => !NAMES.includes(name));
  if (unknown !== undefined)
    throw new InputError("arrays", `"${unknown}" is no array; ${suggestNearest(unknown, NAMES)}`);
  checkCount(arrays.numTasks, "numTasks");
  checkCount(arrays.numAgents, "numAgents");
  checkPairs(arrays);
  const numPairs = arrays.pairStart[arrays.numTasks]!;
  checkAll(arrays, PAIR_RULES, numPairs);
  checkAll(arrays, AGENT_RULES, arrays.numAgents);
  checkAll(arrays, TASK_RULES, arrays.numTasks);
  if (arrays.busyMs === undefined) throw new InputError("arrays.busyMs", "is missing; give the busy time of each pair");
  const { source } = STRATEGY_MODELS[strategy].first;
  if (source.kind === "pairs" && arrays[source.array] === undefined) {
    throw new InputError(`arrays.${source.array}`, `is missing; ${strategy} is counted from it`);
  }
  const { budget = Infinity, noDefer = false } = arrays;
  if (!(budget >= 0)) throw new InputError("arrays.budget", `${budget} is not ≥ 0; leave it out for none`);
  if (budget < Infinity && arrays.cost === undefined) {
    throw new InputError("arrays.cost", "is missing; the budget is counted from it");
  }
  if (typeof noDefer !== "boolean") throw new InputError("arrays.noDefer", `${String(noDefer)} is not true or false`);
}

function checkCount(count: number, name: string): void {
  if (Number.isInteger(count) && count >= 0 && count <= MAX_INT) return;
  throw new InputError(`arrays.${name}`, `${String(count)} is not a whole number from 0 to ${MAX_INT}`);
}

function checkPairs({ numTasks, numAgents, pairStart, pairAgent }: InstanceArrays): void {
  checkArray(pairStart, "pairStart", numTasks + 1);
  if (pairStart[0] !== 0) throw new InputError("arrays.pairStart[0]", `is ${pairStart[0]}; the first pair is 0`);
  for (let task = 0; task < numTasks; task++) {
    const [first, last] = [pairStart[task]!, pairStart[task + 1]!];
    if (!(last >= first && Number.isInteger(last) && last <= MAX_INT)) {
      throw new InputError(`arrays.pairStart[${task + 1}]`, `${last} is not a whole number ≥ ${first}`);
    }
  }
  checkArray(pairAgent, "pairAgent", pairStart[numTasks]!);
  for (let task = 0; task < numTasks; task++) {
    let before = -1;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const agent = pairAgent[pair]!;
      if (!(agent > before && agent < numAgents && Number.isInteger(agent))) {
        const rule = `${agent} is not a whole number from ${before + 1} to ${numAgents - 1}`;
        throw new InputError(`arrays.pairAgent[${pair}]`, `${rule}; agents of a task rise`);
      }
      before = agent;
    }
  }
}

function checkAll(arrays: InstanceArrays, rules: Readonly<Partial<Record<ArrayName, Rule>>>, length: number): void {
  for (const [name, { text, isKept }] of Object.entries(rules)) {
    const values = arrays[name as ArrayName];
    if (values === undefined) continue;
    checkArray(values, name, length);
    for (let k = 0; k < length; k++) {
      if (!isKept(values[k]!)) throw new InputError(`arrays.${name}[${k}]`, `${values[k]} is not ${text}`);
    }
  }
}

function checkArray(values: NumberArray, name: string, length: number): void {
  const isArray = Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView));
  if (!isArray) throw new InputError(`arrays.${name}`, "is not an array of numbers");
  if (values.length !== length) throw new InputError(`arrays.${name}`, `has ${values.length} entries, not ${length}`);
}
