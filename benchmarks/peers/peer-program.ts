import { goalChain } from "../../models/strategy.js";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import type { Program } from "../../models/program.js";
import type { ArrayProblem, BenchInstance, DocumentInstance } from "../../src/planner/bench/bench-instance.js";
import { parseProblem } from "../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../src/planner/instance/build-instance.js";
import { fillFromPrior } from "../../src/planner/solve/solve.js";
import { resolveOptions } from "../../src/planner/solve/options.js";
import type { PackedProgram } from "../../src/engine/exact/packed-program.js";
import type { PeerPlan } from "./runner.js";

/** An instance as an integer program, the same for every peer: our own formulation, unscaled. */
export interface PeerProgram {
  readonly packed: PackedProgram;
  /** All coefficients and sides are whole numbers. */
  readonly isWhole: boolean;
  /** Reads a plan from a point with integer x. */
  decode(values: Float64Array): PeerPlan;
}

/** The program of an instance's first goal. O(non-zeros). */
export function buildPeerProgram(instance: BenchInstance): PeerProgram {
  if (instance.arrays !== null) return programOfArrays(instance.arrays);
  if (instance.kind === "document") return programOfDocument(instance);
  throw new Error(`${instance.name} is neither arrays nor a document`);
}

/**
 * min Σ c x, or min C, where Σ_j x[i,j] = 1 for each task, Σ_i a[i,j] x[i,j] ≤ b_j (or ≤ C) for each agent. Variables are the pairs in
 * their order, then C.
 */
function programOfArrays({ strategy, assignment }: ArrayProblem): PeerProgram {
  const { numTasks, numAgents, pairStart, pairAgent, cost, use, capacity } = assignment;
  const numPairs = pairAgent.length;
  const isTimed = strategy === "maximize_throughput";
  const numVariables = numPairs + Number(isTimed);
  const ofAgent = new Int32Array(numAgents + 1);
  for (const agent of pairAgent) ofAgent[agent + 1]! += 1;
  for (let agent = 0; agent < numAgents; agent++) ofAgent[agent + 1]! += ofAgent[agent]!;
  const numRows = numTasks + numAgents;
  const rowStart = new Int32Array(numRows + 1);
  rowStart.set(pairStart);
  const extra = Number(isTimed);
  for (let agent = 0; agent < numAgents; agent++) {
    rowStart[numTasks + agent + 1] = numPairs + ofAgent[agent + 1]! + extra * (agent + 1);
  }
  const indices = new Int32Array(rowStart[numRows]!);
  const coefficients = new Float64Array(indices.length).fill(1);
  for (let pair = 0; pair < numPairs; pair++) indices[pair] = pair;
  const next = rowStart.slice(numTasks, numRows);
  for (let pair = 0; pair < numPairs; pair++) {
    const entry = next[pairAgent[pair]!]!++;
    [indices[entry], coefficients[entry]] = [pair, use[pair]!];
  }
  if (isTimed) next.forEach((entry) => ([indices[entry], coefficients[entry]] = [numPairs, -1]));
  const objective = new Float64Array(numVariables);
  if (isTimed) objective[numPairs] = 1;
  else objective.set(cost);
  const upper = new Float64Array(numVariables).fill(1);
  const isInteger = new Uint8Array(numVariables).fill(1);
  if (isTimed) [upper[numPairs], isInteger[numPairs]] = [Infinity, 0];
  const sides = (agentSide: (agent: number) => number): Float64Array =>
    Float64Array.from({ length: numRows }, (_, row) => (row < numTasks ? 1 : agentSide(row - numTasks)));
  const packed: PackedProgram = {
    sense: "min",
    numVariables,
    numRows,
    lower: new Float64Array(numVariables),
    upper,
    isInteger,
    objective,
    rowLower: sides(() => -Infinity),
    rowUpper: sides((agent) => (isTimed ? 0 : capacity[agent]!)),
    rowStart,
    indices,
    coefficients,
  };
  return { packed, isWhole: isWhole(packed), decode: (values) => decodePairs(assignment, values) };
}

function decodePairs({ numTasks, pairStart, pairAgent }: ArrayProblem["assignment"], values: Float64Array): PeerPlan {
  const agentOf = new Int32Array(numTasks).fill(-1);
  for (let task = 0; task < numTasks; task++) {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      if (values[pair]! > 0.5) agentOf[task] = pairAgent[pair]!;
    }
  }
  return { agentOf, slotOf: new Int32Array(numTasks) };
}

/** Our own model of the strategy's first goal. */
function programOfDocument({ document, name }: DocumentInstance): PeerProgram {
  const parsed = parseProblem(document, name);
  const options = resolveOptions(parsed.options, {});
  if (options.strategy === "mix") throw new Error(`${name}: a mix has no program of its own`);
  const instance = buildInstance(fillFromPrior(parsed, options), options);
  const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[options.strategy]);
  if (firstIndex !== 0) throw new Error(`${name}: other goals come before the first`);
  const { program, decode } = STRATEGY_MODELS[options.strategy].build(instance, { goal: goals[0]!, settled: [] });
  if (program.objectiveConstant !== 0) throw new Error(`${name}: its objective has a constant`);
  const packed = flatten(program);
  return { packed, isWhole: isWhole(packed), decode };
}

function flatten({ sense, objective, lower, upper, isInteger, rows }: Program): PackedProgram {
  const rowStart = new Int32Array(rows.length + 1);
  rows.forEach((row, r) => (rowStart[r + 1] = rowStart[r]! + row.indices.length));
  return {
    sense,
    numVariables: objective.length,
    numRows: rows.length,
    lower,
    upper,
    isInteger,
    objective,
    rowLower: Float64Array.from(rows, (row) => row.lower),
    rowUpper: Float64Array.from(rows, (row) => row.upper),
    rowStart,
    indices: Int32Array.from(rows.flatMap((row) => row.indices)),
    coefficients: Float64Array.from(rows.flatMap((row) => row.coefficients)),
  };
}

function isWhole({ objective, coefficients, rowLower, rowUpper }: PackedProgram): boolean {
  const allWhole = (values: Float64Array): boolean =>
    values.every((value) => Number.isInteger(value) || Math.abs(value) === Infinity);
  return [objective, coefficients, rowLower, rowUpper].every(allWhole);
}

/** cᵀx. */
export function evaluateProgram({ objective }: PackedProgram, values: Float64Array): number {
  return values.reduce((sum, value, k) => sum + objective[k]! * value, 0);
}
