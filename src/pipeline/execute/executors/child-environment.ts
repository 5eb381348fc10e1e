/** What a command may know of our environment: where programs, files and words are, and what is meant for it by its name. */
const PASSED = new Set(["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR", "TERM", "SYSTEMROOT"]);
const PASSED_PREFIXES = ["LC_", "PHASE19_"];

/** The environment of an attempt's process. Secrets of ours are passed only under a name that begins with `PHASE19_`. */
export function childEnvironment(own: NodeJS.ProcessEnv, idempotencyKey: string): NodeJS.ProcessEnv {
  const passed = Object.entries(own).filter(
    ([name]) => PASSED.has(name) || PASSED_PREFIXES.some((prefix) => name.startsWith(prefix)),
  );
  return { ...Object.fromEntries(passed), PHASE19_ATTEMPT: idempotencyKey };
}
