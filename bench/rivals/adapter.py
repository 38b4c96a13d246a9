"""The side of a Python rival: one request a line on standard input, one answer a line on standard output.

    {"op": "load", "files": [...]}           every file is one batch, durable when it is answered
    {"op": "settle"}                         what the engine's documentation advises after a load
    {"op": "run", "statements": [...]}       took_ns covers executing and fetching, not the printing here

Standard output is kept for answers: what a library prints goes to standard error.
"""

import json
import os
import sys
import time


def serve(version, load, settle, run):
    """Answers requests until standard input ends. run returns (columns, rows) of one statement."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    answer(answers, {"version": version})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer(answers, perform(request, load, settle, run))
        except Exception as fault:  # noqa: BLE001 - every fault is an answer
            answer(answers, {"error": f"{type(fault).__name__}: {fault}"[:2000]})


def perform(request, load, settle, run):
    if request["op"] == "load":
        for file in request["files"]:
            load(file)
        return {}
    if request["op"] == "settle":
        settle()
        return {}
    began = time.perf_counter_ns()
    results = [run(statement) for statement in request["statements"]]
    took = time.perf_counter_ns() - began
    return {"took_ns": took, "results": [{"columns": columns, "rows": decoded(rows)} for columns, rows in results]}


def decoded(rows):
    """Rows that an engine printed as JSON itself are read after the clock has stopped."""
    return rows() if callable(rows) else rows


def answer(out, value):
    out.write(json.dumps(value, default=printed) + "\n")
    out.flush()


def printed(value):
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
