import { groupReasons, nameSome, showUnseen, type ResultDocument } from "../../domain/index.js";
import type { Paint } from "./paint.js";
import { type Column, renderFirstRows } from "./table.js";
import { wrap } from "./text.js";

/** More deferred tasks than this are shown by the kinds of their reasons. */
const MAX_DEFERRED = 12;

/** Tasks that the plan leaves out, with their reasons; "" where there are none. */
export function renderDeferred(result: ResultDocument, paint: Paint): string {
  const { deferred_tasks } = result;
  if (deferred_tasks.length === 0) return "";
  if (deferred_tasks.length > MAX_DEFERRED) return renderDeferredKinds(result, paint);
  const columns: Column[] = [
    { title: "deferred", excess: "shorten" },
    { title: "reason", excess: "wrap" },
  ];
  return renderFirstRows(
    columns,
    deferred_tasks.map(({ task_id, reason }) => [task_id, reason]),
    paint,
  );
}

function renderDeferredKinds(
  { deferred_tasks, agent_assignments, task_priorities }: ResultDocument,
  paint: Paint,
): string {
  const names = new Set([...Object.keys(agent_assignments), ...Object.keys(task_priorities)]);
  const columns: Column[] = [
    { title: "deferred", align: "right" },
    { title: "reason", excess: "wrap" },
    { title: "tasks", excess: "wrap" },
  ];
  const rows = groupReasons(deferred_tasks, names).map(({ reason, taskIds }) => [
    String(taskIds.length),
    reason,
    nameSome(taskIds, MAX_NAMED),
  ]);
  const where = `${deferred_tasks.length} tasks are deferred; --format json lists each with its reason, phase19 explain says what would place it`;
  return `${renderFirstRows(columns, rows, paint)}\n${paint.dim(wrap(showUnseen(where), paint.width).join("\n"))}`;
}

const MAX_NAMED = 4;
