"""DuckDB over one file: rival.py FOLDER SET. See ../adapter.py for what it is asked."""

import os
import sys

import duckdb

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(here))
import adapter  # noqa: E402


def main(folder, name):
    os.makedirs(folder, exist_ok=True)
    con = duckdb.connect(os.path.join(folder, "logs.duckdb"))
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET late_materialization_max_rows = 100")  # as many as a row asks for; the default is 50
    with open(os.path.join(here, f"schema-{name}.sql"), encoding="utf-8") as f:
        con.execute(f.read())
    types = con.execute("SELECT column_name, column_type FROM (DESCRIBE logs)").fetchall()
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types)

    def load(file):
        con.execute(
            f"INSERT INTO logs SELECT * FROM read_json(?, format = 'newline_delimited', columns = {{{columns}}})",
            [file],
        )

    def settle():
        con.execute("CHECKPOINT")

    def run(statement):
        result = con.execute(statement)
        return [column[0] for column in result.description], result.fetchall()

    adapter.serve(duckdb.__version__, load, settle, run)
    con.close()


main(sys.argv[1], sys.argv[2])
