import { describe, expect, it } from "vitest";
import { readFilesBelow } from "./source-files.js";

/** The tests the specification names, class by class, and the folder in which each class is tested. */
const NAMED: readonly (readonly [suite: string, folder: string, names: string])[] = [
  [
    "TestAdaptiveOptimizer",
    "test/pipeline/run/adaptive-optimizer.test.ts",
    `test_load_phase18_data test_calculate_optimal_schedule_maximize_success
     test_calculate_optimal_schedule_maximize_throughput test_optimize_for_confidence test_simulate_schedule
     test_update_confidence_estimates test_generate_schedule_recommendations test_write_optimization_outputs`,
  ],
  [
    "TestAdaptiveScheduler",
    "test/pipeline/execute",
    `test_assign_tasks_to_agents test_prioritize_tasks_risk_confidence test_adjust_for_agent_load
     test_execute_schedule_dry_run test_simulate_task_execution test_calculate_schedule_adherence
     test_handle_task_failure_retry test_write_schedule_outputs`,
  ],
  [
    "TestOptimizationFeedbackLoop",
    "test/pipeline/learn",
    `test_evaluate_schedule_outcome test_generate_feedback_events test_generate_learning_signals
     test_update_heuristic_weights test_evaluate_strategy_effectiveness test_write_feedback_outputs`,
  ],
  [
    "TestOptimizationMonitor",
    "test/pipeline/watch",
    `test_calculate_metrics test_detect_anomalies_prediction_error test_detect_anomalies_schedule_drift
     test_generate_system_health test_write_monitoring_outputs`,
  ],
  [
    "TestPhase19Harness",
    "test/pipeline/run/harness.test.ts",
    `test_harness_initialization test_load_phase18_data test_optimize_wave test_execute_wave_dry_run
     test_generate_feedback test_monitor_optimization test_run_phase19_complete_pipeline
     test_output_files_generated`,
  ],
  [
    "TestPhase19Integration",
    "test/pipeline/run/integration.test.ts",
    "test_end_to_end_optimization test_feedback_loop_integration",
  ],
];

/** A title: the first words of a call, `test_…: what it shows`. */
const TITLE = /\(\s*["'`](test_[a-z0-9_]+): /g;

const titles = readFilesBelow("test", [".test.ts"]).flatMap(({ path, text }) =>
  [...text.matchAll(TITLE)].map((match) => ({ path, name: match[1]! })),
);

describe("tests the specification names", () => {
  it.each(NAMED)("%s: each of its names is the title of exactly one test in %s", (_, folder, names) => {
    const expected = names.split(/\s+/).sort();
    const found = titles.filter(({ path }) => path === folder || path.startsWith(`${folder}/`)).map(({ name }) => name);
    expect(found.sort()).toEqual(expected);
  });

  it("no test bears such a name elsewhere", () => {
    const folders = NAMED.map(([, folder]) => folder);
    const strays = titles.filter(
      ({ path }) => !folders.some((folder) => path === folder || path.startsWith(`${folder}/`)),
    );
    expect(strays).toEqual([]);
  });
});
