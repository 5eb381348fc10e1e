import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import { InputError, type StrategyName, STRATEGIES, systemCode } from "../../domain/index.js";
import { explain, parseProblem, fillFromPrior, resolveOptions, solve, verify } from "../../planner/index.js";
import { OUTCOMES, PlanTracker } from "./plan-tracker.js";
import { Session } from "./session.js";

const documentField = z.record(z.string(), z.unknown()).describe("A problem document, as of phase19 solve --problem.");
const resultField = z.record(z.string(), z.unknown()).describe("A result of plan.");
const strategyField = z.enum(STRATEGIES as [StrategyName, ...StrategyName[]]);
const pairFields = { result: resultField.optional(), problem: documentField.optional() };

/**
 * A Model Context Protocol server with the tools plan, verify, explain, report_outcome and whats_next. The last plan is kept for the
 * tools after it; another session has its own server.
 *
 * Calls are answered in their order.
 */
export async function createMcpServer(version: string, session = new Session()): Promise<McpServer> {
  const { McpServer } = await loadProtocol(() => import("@modelcontextprotocol/sdk/server/mcp.js"));
  const server = new McpServer({ name: "phase19", version });
  for (const addTool of [addPlan, addVerify, addExplain, addReportOutcome, addWhatsNext]) addTool(server, session);
  return server;
}

function addPlan(server: McpServer, session: Session): void {
  server.registerTool(
    "plan",
    {
      description: "Plans one wave of tasks for agents: who does what, when, and how good the plan provably is.",
      inputSchema: z.strictObject({
        problem: documentField,
        strategy: strategyField.optional().describe("The goal of the plan; default: that of the document."),
        time_limit_ms: z.number().positive().optional().describe("Most time to search, milliseconds; default 10,000."),
      }),
    },
    ({ problem: document, strategy, time_limit_ms: timeLimitMs }, { signal }) =>
      answer(session, async () => {
        const call = strategy === undefined ? {} : { strategy };
        const limit = timeLimitMs === undefined ? {} : { timeLimitMs };
        const result = await solve(document, { ...call, ...limit, signal });
        const problem = parseProblem(document, "problem");
        const full = fillFromPrior(problem, resolveOptions(problem.options, call));
        session.keep({ tracker: new PlanTracker(full, result, session.clock), document, call });
        return result;
      }),
  );
}

function addVerify(server: McpServer, session: Session): void {
  server.registerTool(
    "verify",
    {
      description: "Recomputes a result from its problem and trusts nothing in it; without arguments the last plan.",
      inputSchema: z.strictObject({
        ...pairFields,
        strategy: strategyField.optional().describe("As the call of plan overrode it."),
      }),
    },
    ({ strategy, ...given }) =>
      answer(session, () => {
        const { result, problem, call } = session.pair(given);
        return Promise.resolve(verify(result, problem, strategy === undefined ? call : { strategy }));
      }),
  );
}

function addExplain(server: McpServer, session: Session): void {
  server.registerTool(
    "explain",
    {
      description: "Says why: this agent, this limit, this deferral; each answer is solved and has its bound.",
      inputSchema: z.strictObject({
        ...pairFields,
        task_id: z.string().optional().describe("Why this task is where it is."),
        agent_id: z.string().optional().describe("What this agent is worth."),
        time_limit_ms: z.number().positive().optional().describe("For all answers together; default 2,000."),
      }),
    },
    ({ task_id: task, agent_id: agent, time_limit_ms: timeLimitMs, ...given }, { signal }) =>
      answer(session, () => {
        const { result, problem } = session.pair(given);
        const asked = { ...(task !== undefined && { task }), ...(agent !== undefined && { agent }) };
        return explain(result, problem, { ...asked, ...(timeLimitMs !== undefined && { timeLimitMs }), signal });
      }),
  );
}

function addReportOutcome(server: McpServer, session: Session): void {
  server.registerTool(
    "report_outcome",
    {
      description: "Says what became of a task of the last plan, and answers as whats_next does.",
      inputSchema: z.strictObject({ task_id: z.string(), outcome: z.enum(OUTCOMES) }),
    },
    ({ task_id: taskId, outcome }) =>
      answer(session, () => {
        const { tracker } = session.last();
        tracker.report(taskId, outcome);
        return Promise.resolve(tracker.next(null));
      }),
  );
}

function addWhatsNext(server: McpServer, session: Session): void {
  server.registerTool(
    "whats_next",
    {
      description:
        "What to do now by the last plan, for one agent or for all: tasks that may start, and those that run, wait for their agent, for their time, for a pool or for other tasks, or can never start because one before them failed.",
      inputSchema: z.strictObject({ agent_id: z.string().optional() }),
    },
    ({ agent_id: agentId }) => answer(session, () => Promise.resolve(session.last().tracker.next(agentId ?? null))),
  );
}

/** The protocol's package is the caller's to install, and loaded where it is asked for alone. @throws InputError where it is missing */
export async function loadProtocol<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (systemCode(error) !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new InputError("phase19 mcp", `needs the package of the protocol: npm install @modelcontextprotocol/sdk`, {
      cause: error,
    });
  }
}

/** An answer in its turn as JSON text; what the caller did wrong as an error of the tool, with place, rule and cure. */
async function answer(session: Session, work: () => Promise<unknown>) {
  try {
    return { content: [{ type: "text" as const, text: JSON.stringify(await session.inTurn(work)) }] };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { content: [{ type: "text" as const, text: error.message }], isError: true };
  }
}
