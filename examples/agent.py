#!/usr/bin/env python3
"""An agent as a command: one attempt per process, in plain Python.

    phase19 run --outputs outputs --live --execute "command:python3 examples/agent.py"

The request is one JSON object on standard input. Its `task` is the whole row of the task file, with every field of your own.
The answer is the last line of standard output. Whatever goes to standard error is kept as the reason of a failure.
"""

import json
import sys


def work(task):
    """Put what your agent does here; what it returns is kept as the task's output."""
    text = task.get("prompt", task["task_id"])
    if not isinstance(text, str):
        raise ValueError("the prompt of the task is not a text")
    return text.upper()


def main():
    request = json.load(sys.stdin)
    try:
        output = work(request["task"])
    except ValueError as error:
        # The task is at fault: another agent would fail too, so nothing is held against this one.
        answer = {"status": "failed", "error_kind": "task", "error_message": str(error), "retryable": False}
    else:
        answer = {"status": "success", "output": output, "cost": 0.01}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
