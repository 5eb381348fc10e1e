import { join } from "node:path";
import type { PageDocument } from "../../src/domain/schemas/page.js";
import { pageOfFolder } from "../../src/pipeline/report/page/page-of-folder.js";
import { runIn, ScriptedExecutor, smallInputs } from "./pipeline-runs.js";

/** A name that would run a script wherever it is taken for HTML. */
export const HOSTILE = "<img src=x onerror=alert(1)>";

/** The tree of a run of two waves in which a task fails for good, one is deferred, and one has a hostile name. */
export async function runForPages(): Promise<{ readonly outDir: string; readonly page: PageDocument }> {
  const root = smallInputs([
    { task_id: "a" },
    { task_id: "b", depends_on: ["a"] },
    { task_id: HOSTILE },
    { task_id: "unsure", confidence: 0.3 },
    { task_id: "broken", wave: 2 },
    { task_id: "late", wave: 2 },
  ]);
  const executor = new ScriptedExecutor(({ taskId }) =>
    taskId === "broken" ? { succeeded: false, errorMessage: "</script><b>no</b>", cost: 1.5 } : { cost: 2 },
  );
  await runIn(root, { executor, live: true });
  const outDir = join(root, "phase19");
  return { outDir, page: await pageOfFolder(outDir) };
}
