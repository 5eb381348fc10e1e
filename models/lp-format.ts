/** A program as CPLEX-LP text, for reading and for other solvers. */
import type { Program, Row } from "./program.js";

/** Readers of the format break on longer lines. */
const MAX_LINE = 255;

/**
 * The program as CPLEX-LP text. Names keep their look: `load[agent_2]` becomes `load(agent_2)`, since brackets mean
 * something else there; other characters the format forbids become `_`, made unique by a counter.
 */
export function formatLp(program: Program): string {
  const rename = uniqueNames();
  const variables = program.variableNames.map(rename);
  const lines = [`\\ ${program.name}`, program.sense === "min" ? "Minimize" : "Maximize"];
  const objective = [...program.objective].flatMap((coefficient, k) => (coefficient === 0 ? [] : [{ coefficient, k }]));
  // Readers disagree about constants in an objective; a variable fixed at 1 says the same everywhere.
  const one = program.objectiveConstant === 0 ? null : rename("one");
  const constant = one === null ? [] : [`${signed(program.objectiveConstant)} ${one}`];
  const terms = objective.map(({ coefficient, k }) => `${signed(coefficient)} ${variables[k]!}`);
  lines.push(...wrap(`${rename(program.objectiveName)}:`, [...terms, ...constant], `0 ${variables[0] ?? "x"}`, ""));
  lines.push("Subject To");
  for (const row of program.rows) lines.push(...formatRow(row, rename(row.name), variables, rename));
  lines.push("Bounds", ...formatBounds(program, variables), ...(one === null ? [] : [` ${one} = 1`]));
  const integers = variables.filter((_, k) => program.isInteger[k]);
  if (integers.length > 0) lines.push("Generals", ...wrap("", integers, "", ""));
  return `${lines.join("\n")}\nEnd\n`;
}

function formatRow(row: Row, name: string, variables: readonly string[], rename: (name: string) => string): string[] {
  const terms = row.indices.map((variable, k) => `${signed(row.coefficients[k]!)} ${variables[variable]!}`);
  const empty = `0 ${variables[0] ?? "x"}`;
  if (row.lower === row.upper) return wrap(`${name}:`, terms, empty, `= ${row.upper}`);
  const lines: string[] = [];
  const isTwoSided = row.lower > -Infinity && row.upper < Infinity;
  if (row.upper < Infinity) lines.push(...wrap(`${name}:`, terms, empty, `<= ${row.upper}`));
  if (row.lower > -Infinity) {
    lines.push(...wrap(`${isTwoSided ? rename(`${row.name}_low`) : name}:`, terms, empty, `>= ${row.lower}`));
  }
  return lines;
}

function formatBounds(program: Program, variables: readonly string[]): string[] {
  return variables.map((name, k) => {
    const [lower, upper] = [program.lower[k]!, program.upper[k]!];
    if (lower === -Infinity && upper === Infinity) return ` ${name} free`;
    const left = lower === -Infinity ? "-inf" : String(lower);
    return upper === Infinity ? ` ${name} >= ${left}` : ` ${left} <= ${name} <= ${upper}`;
  });
}

function signed(value: number): string {
  return value < 0 ? `- ${-value}` : `+ ${value}`;
}

function wrap(head: string, terms: readonly string[], empty: string, tail: string): string[] {
  const lines: string[] = [];
  let line = ` ${head}`;
  for (const part of [...(terms.length > 0 ? terms : [empty]), tail]) {
    if (line.length + part.length + 1 > MAX_LINE) {
      lines.push(line);
      line = " ";
    }
    if (part !== "") line += ` ${part}`;
  }
  lines.push(line);
  return lines;
}

function uniqueNames(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const plain = name
      .replaceAll("[", "(")
      .replaceAll("]", ")")
      .replace(/[^A-Za-z0-9!"#$%&(),.;?@_'`{}|~]/g, "_");
    const safe = (/^[\d.eE]/.test(plain) ? `_${plain}` : plain).slice(0, MAX_LINE - 60);
    let candidate = safe;
    for (let k = 2; taken.has(candidate); k++) candidate = `${safe}~${k}`;
    taken.add(candidate);
    return candidate;
  };
}
