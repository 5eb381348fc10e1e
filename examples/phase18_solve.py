#!/usr/bin/env python3
"""Ask phase19 for a plan and act on its answer. Standard library only, Python 3.8 or later.

    python3 examples/phase18_solve.py --strategy maximize_success --problem wave.json

Every argument goes to `phase19 solve`. The command is `phase19`, or what the environment variable PHASE19 names
(for example "node dist/src/faces/cli/main.js").
"""
import json
import os
import shlex
import subprocess
import sys

# What `phase19 solve` means by its exit codes.
DONE, BAD_INPUT, INFEASIBLE, NO_SOLUTION, INTERRUPTED = 0, 2, 3, 4, 130


def solve(arguments):
    """Runs the command; standard output holds the result and nothing else."""
    command = shlex.split(os.environ.get("PHASE19", "phase19"))
    finished = subprocess.run(
        [*command, "solve", *arguments, "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    result = json.loads(finished.stdout) if finished.stdout else None
    return finished.returncode, result, finished.stderr.strip()


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


def main(arguments):
    code, result, notes = solve(arguments)
    if notes:
        print(notes, file=sys.stderr)
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
