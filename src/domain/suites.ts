/** Families of instances that `bench` measures. */
export const SUITES = ["gap", "rcmax", "pcmax", "waves", "dags", "deadlines", "fjsp", "scale"] as const;
export type SuiteName = (typeof SUITES)[number];
