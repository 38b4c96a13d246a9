"""ClickHouse's engine in this process over a folder: rival.py FOLDER SET. See ../adapter.py for what it is asked."""

import json
import os
import sys

from chdb import session

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(here))
import adapter  # noqa: E402


def main(folder, name):
    os.makedirs(folder, exist_ok=True)
    ch = session.Session(folder)
    ch.query("SET session_timezone = 'UTC'")
    with open(os.path.join(here, f"schema-{name}.sql"), encoding="utf-8") as f:
        ch.query(f.read())
    version = ch.query("SELECT version()", "TSV").bytes().decode().strip()

    def load(file):
        ch.query(f"INSERT INTO logs FROM INFILE '{file}' FORMAT JSONEachRow")

    def settle():
        pass  # parts merge in the background; the documentation advises against OPTIMIZE FINAL

    def run(statement):
        printed = ch.query(statement, "JSONCompactEachRowWithNames").bytes()
        lines = printed.decode().splitlines()
        return json.loads(lines[0]) if lines else [], lambda: [json.loads(line) for line in lines[1:]]

    adapter.serve(version, load, settle, run)
    ch.close()


main(sys.argv[1], sys.argv[2])
