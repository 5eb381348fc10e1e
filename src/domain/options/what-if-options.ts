import type { FlagOption } from "./kinds.js";

/** Changes of a wave for one question. Each may be given any number of times. */
export const WHAT_IF_OPTIONS = {
  agentFields: {
    kind: { type: "texts" },
    flag: "--agent <id.field=value>",
    help: "give an agent another value in a field, such as agent_1.max_tasks=3; null takes the field away",
    group: "What if",
    changesResults: true,
  },
  without: {
    kind: { type: "texts" },
    flag: "--without <agent>",
    help: "plan without this agent; tasks that only it may take are deferred",
    group: "What if",
    changesResults: true,
  },
  drop: {
    kind: { type: "texts" },
    flag: "--drop <task>",
    help: "plan without this task; no other task waits for it",
    group: "What if",
    changesResults: true,
  },
  pins: {
    kind: { type: "texts" },
    flag: "--pin <task=agent>",
    help: "place the task on this agent, or defer it",
    group: "What if",
    changesResults: true,
  },
} as const satisfies Readonly<Record<string, FlagOption>>;

/** Changes of a wave as the command line writes them, applied in the order of the fields. */
export type WhatIf = { readonly [Name in keyof typeof WHAT_IF_OPTIONS]?: readonly string[] | undefined };
