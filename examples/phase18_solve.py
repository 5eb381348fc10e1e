#!/usr/bin/env python3
"""Ask phase19 for a plan and act on its answer. Standard library only, Python 3.8 or later.

    python3 THIS_FILE --strategy maximize_success --problem wave.json
    python3 THIS_FILE --loop outputs --strategy maximize_success

The first form plans one wave; every argument goes to `phase19 solve`. The second plans, runs and evaluates every wave of
outputs/phase16/planned_tasks.jsonl, one after the other: `run_task` is the place for your agents. The command is what the
environment variable PHASE19 names (for example "node dist/src/faces/cli/main.js"), else the one that npm installed in this folder
or one above it, or that of a built checkout there, else `phase19` on the path.

Exit codes are those of phase19: 0 done, 1 a failure of phase19 or no phase19 at all, 2 a wrong option or input, 3 no plan can
keep every limit, 4 no plan found in time, 130 interrupted. The loop ends at the first wave that is not done, with its code.
"""
import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

# What `phase19` means by its exit codes.
DONE, BAD_INPUT, INFEASIBLE, NO_SOLUTION, INTERRUPTED = 0, 2, 3, 4, 130


def command_words():
    """The command as the environment names it, else the nearest one here or above, else the one on the path."""
    if "PHASE19" in os.environ:
        return shlex.split(os.environ["PHASE19"])
    for folder in (Path.cwd(), *Path.cwd().parents):
        installed = folder / "node_modules/.bin/phase19"
        if installed.exists():
            return [str(installed)]
        built = folder / "dist/src/faces/cli/main.js"
        if built.exists() and is_checkout(folder):
            return ["node", str(built)]
    return ["phase19"]


def is_checkout(folder):
    """Whether the folder holds the sources of phase19: npm links a package's own command nowhere."""
    try:
        return json.loads((folder / "package.json").read_text(encoding="utf-8"))["name"] == "phase19-optimizer"
    except (OSError, ValueError, KeyError, TypeError):
        return False


def phase19(*arguments):
    """Runs the command; standard output holds the result and nothing else."""
    command = [*command_words(), *arguments, "--format", "json"]
    try:
        finished = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except (FileNotFoundError, PermissionError):
        sys.exit(f"{command[0]} is not there: install phase19-optimizer as its README says, or name it in the variable PHASE19")
    try:
        result = json.loads(finished.stdout) if finished.stdout else None
    except ValueError:
        sys.exit(f"{command[0]} answered something else than JSON; is it phase19?")
    if finished.stderr:
        print(finished.stderr.strip(), file=sys.stderr)
    return finished.returncode, result


def print_assignments(result):
    for agent_id, task_ids in result["agent_assignments"].items():
        print(f"{agent_id}: {', '.join(task_ids) or 'idle'}")
    for task in result["deferred_tasks"]:
        print(f"deferred: {task['task_id']} ({task['reason']})")


def describe_quality(result):
    if result["termination"] == "optimal":
        return "proven optimal"
    gap = result["objective"]["gap"]  # None where no bound is known, never 0 for that
    return "no bound known" if gap is None else f"within {100 * gap:.2g} % of the best possible"


def report(code, result):
    """Says what came of a solve. Returns its exit code."""
    if code == DONE:
        print(f"{result['strategy']}: {describe_quality(result)}")
        print_assignments(result)
    elif code == BAD_INPUT:
        print("The input or an option is wrong; see the line above.", file=sys.stderr)
    elif code == INFEASIBLE:
        conflict = result["conflict"]
        print(f"No plan can keep every limit: {conflict['explanation'] if conflict else 'no details'}", file=sys.stderr)
    elif code == NO_SOLUTION:
        print(f"No plan was found before the {result['limit']} limit; allow more time.", file=sys.stderr)
    elif code == INTERRUPTED:
        print("Interrupted.", file=sys.stderr)
        if result is not None:
            print_assignments(result)
    else:
        print(f"phase19 failed with exit code {code}.", file=sys.stderr)
    return code


def run_task(task_id, agent_id, planned):
    """Your agents do the task here. This stand-in takes as long as planned and succeeds."""
    return {"status": "success", "attempts": 1, "execution_time_ms": planned["end_ms"] - planned["start_ms"]}


def run_wave(result):
    """One outcome per task, in the order of the schedule; the field names are those of task_outcomes.jsonl."""
    for planned in sorted(result["schedule"], key=lambda entry: (entry["start_ms"], entry["task_id"])):
        task_id, agent_id = planned["task_id"], planned["agent_id"]
        yield {"task_id": task_id, "agent_id": agent_id, **run_task(task_id, agent_id, planned)}


def list_waves(tasks_file):
    with open(tasks_file, encoding="utf-8") as lines:
        return sorted({json.loads(line).get("wave", 1) for line in lines if line.strip()})


def describe_progress(tasks):
    others = "".join(f", {tasks[word]} {word}" for word in ("failed", "deferred", "open") if tasks[word] > 0)
    return f"so far {tasks['completed']} of {tasks['total']} tasks completed{others}"


def run_loop(outputs, options):
    """Plan, run, evaluate, next wave; what one wave taught is in the state from which the next is planned."""
    folders = [f"--phase{number}={os.path.join(outputs, f'phase{number}')}" for number in (16, 18)]
    state = os.path.join(outputs, "learned_state.json")
    try:
        waves = list_waves(os.path.join(outputs, "phase16", "planned_tasks.jsonl"))
    except (OSError, ValueError) as error:
        return refuse(f"The task file cannot be read: {error}")
    with tempfile.TemporaryDirectory() as scratch:
        plan, problem, outcomes = (os.path.join(scratch, name) for name in ("plan.json", "problem.json", "outcomes.jsonl"))
        for wave in waves:
            learned = ["--state", state] if os.path.exists(state) else []
            files = ["--out", plan, "--save-problem", problem]
            code, result = phase19("solve", *folders, "--wave", str(wave), *learned, *files, *options)
            print(f"wave {wave}")
            if report(code, result) != DONE:
                return code
            with open(outcomes, "w", encoding="utf-8") as file:
                file.writelines(f"{json.dumps({**row, 'wave': wave})}\n" for row in run_wave(result))
            given = ["--outcomes", outcomes, "--problem", problem, "--outputs", outputs, "--state", state]
            code, summary = phase19("evaluate", plan, *given)
            if code != DONE:
                return code
            print(describe_progress(summary["tasks"]))
    print(f"report: {os.path.join(outputs, 'phase19', 'PHASE_19_AUTONOMOUS_OPTIMIZATION.html')}")
    return DONE


def refuse(reason):
    """Says in one line what is wrong with the call or its input."""
    print(reason, file=sys.stderr)
    return BAD_INPUT


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__.strip(), file=sys.stdout if arguments else sys.stderr)
        return DONE if arguments else BAD_INPUT
    if arguments[0] == "--loop":
        if len(arguments) < 2:
            return refuse("--loop needs the folder above phase16 and phase18")
        return run_loop(arguments[1], arguments[2:])
    return report(*phase19("solve", *arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
