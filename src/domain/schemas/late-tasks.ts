import { z } from "zod";
import { count, taskId } from "./output-fields.js";

/** Deadlines of a wave, in its summary and its comparison; absent in files of earlier versions. */
export const LATE_TASKS = () => ({
  tasks_with_deadline: z.exactOptional(count().describe("Tasks of the plan that have a deadline.")),
  planned_late_tasks: z.exactOptional(z.array(taskId()).describe("Tasks that the plan ends after their deadline.")),
  actual_late_tasks: z.exactOptional(
    z
      .array(taskId())
      .describe("Tasks that ended after their deadline, completed or failed: a deadline binds the plan, not its run."),
  ),
});
