/** The words of a test file (`describe`, `it`, `expect` …) for a run without Vitest's own processes. */
import { resolve, dirname } from "node:path";
import { existsSync, readFileSync } from "node:fs";
import { format } from "node:util";
import { ASYMMETRIC_MATCHERS_OBJECT, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";
import { GLOBAL_EXPECT, getState, setState } from "@vitest/expect";
import * as chai from "chai";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

/** The file whose tests run, for the snapshots beside it. */
let currentFile = "";

chai.use((_, utils) => {
  utils.addMethod(chai.Assertion.prototype, "toMatchFileSnapshot", function toMatchFileSnapshot(path) {
    const expected = resolve(dirname(currentFile), path);
    if (!existsSync(expected)) throw new Error(`${expected} is missing`);
    expect(utils.flag(this, "object")).toBe(readFileSync(expected, "utf8"));
  });
});

function expect(value, message) {
  setState({ assertionCalls: getState(expect).assertionCalls + 1 }, expect);
  return chai.expect(value, message);
}
Object.assign(expect, chai.expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
setState({ assertionCalls: 0 }, expect);
globalThis[GLOBAL_EXPECT] = expect;

/** `%s`, `%i` and the like take the case's values in turn; `$name` its fields. */
function titleOf(name, values, index) {
  const [first] = values;
  const named = name.replace(/\$(\w+)/g, (whole, key) => (Object.hasOwn(Object(first), key) ? `${first[key]}` : whole));
  const numbered = named.replaceAll("%#", index).replaceAll("%i", "%d");
  return format(numbered, ...values.slice(0, (numbered.match(/%[a-z]/g) ?? []).length));
}

function withCases(declare) {
  declare.each = (cases) => (name, body, options) =>
    cases.forEach((one, index) => {
      const values = Array.isArray(one) ? one : [one];
      declare(titleOf(name, values, index), () => body(...values), options);
    });
  return declare;
}

function withChoices(declare) {
  const skip = withCases(() => undefined);
  const chosen = withCases(declare);
  return Object.assign(chosen, {
    ...{ skip, concurrent: chosen, sequential: chosen },
    skipIf: (condition) => (condition ? skip : chosen),
    runIf: (condition) => (condition ? chosen : skip),
  });
}

/** Collects the tests of one file. @returns its words, and its tests in order, each with what comes before and after it */
export function wordsOf(file) {
  const tests = [];
  let group = { name: "", parent: null, before: [], after: [], beforeAll: [], afterAll: [] };
  const describe = withChoices((name, body) => {
    group = { name: `${group.name}${name} > `, parent: group, before: [], after: [], beforeAll: [], afterAll: [] };
    body();
    group = group.parent;
  });
  const it = withChoices((name, first, second) => {
    const body = typeof first === "function" ? first : second;
    tests.push({ name: `${group.name}${name}`, group, body });
  });
  const hook = (key) => (action) => void group[key].push(action);
  const words = {
    ...{ describe, it, test: it, expect, __esModule: true },
    ...{
      beforeEach: hook("before"),
      afterEach: hook("after"),
      beforeAll: hook("beforeAll"),
      afterAll: hook("afterAll"),
    },
  };
  return { words, tests, file, started: new Set() };
}

const groupsOf = (group) => (group === null ? [] : [...groupsOf(group.parent), group]);

/** Runs one test. @throws what it throws */
export async function runTest(collected, { group, body }) {
  currentFile = collected.file;
  const groups = groupsOf(group);
  for (const one of groups) {
    if (collected.started.has(one)) continue;
    collected.started.add(one);
    for (const action of one.beforeAll) await action();
  }
  try {
    for (const one of groups) for (const action of one.before) await action();
    await body();
  } finally {
    for (const one of groups.reverse()) for (const action of one.after) await action();
  }
}

export async function endFile({ started }) {
  for (const { afterAll } of [...started].reverse()) for (const action of afterAll) await action();
}
