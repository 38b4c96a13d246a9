"""Runs elasticsearch-curator's action files: deletes old dated indices, moves an alias, merges, rolls over."""

import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import yaml
from elasticsearch8 import Elasticsearch
from same import delete_all, same

PREFIX = "py-client-curator"
AGES = (0, 1, 5, 10, 40)


def name_of(days):
    return f"{PREFIX}-{datetime.now(timezone.utc) - timedelta(days=days):%Y.%m.%d}"


def run(*actions):
    """Runs actions as one file."""
    with tempfile.TemporaryDirectory() as folder:
        config, todo = Path(folder, "curator.yml"), Path(folder, "actions.yml")
        config.write_text(yaml.safe_dump({
            "elasticsearch": {"client": {"hosts": [sys.argv[1]], "request_timeout": 30}},
            "logging": {"loglevel": "INFO", "logformat": "default"},
        }))
        todo.write_text(yaml.safe_dump({"actions": {n + 1: action for n, action in enumerate(actions)}}))
        done = subprocess.run([Path(sys.executable).with_name("curator"), "--config", config, todo], capture_output=True, text=True)
        same("exit code of curator", (done.returncode, "" if done.returncode == 0 else done.stdout[-3000:] + done.stderr[-3000:]), (0, ""))


def matching(prefix=f"{PREFIX}-20"):
    return {"filtertype": "pattern", "kind": "prefix", "value": prefix}


def older_than(days):
    return {"filtertype": "age", "source": "name", "direction": "older", "timestring": "%Y.%m.%d", "unit": "days", "unit_count": days}


def main():
    es = Elasticsearch(sys.argv[1])
    delete_all(es, f"{PREFIX}*")
    for days in AGES:
        es.index(index=name_of(days), document={"days": days}, refresh=True)
        es.index(index=name_of(days), document={"days": days}, refresh=True)

    run({"action": "delete_indices", "options": {"ignore_empty_list": True}, "filters": [matching(), older_than(7)]})
    left = [name_of(days) for days in (0, 1, 5)]
    same("left after deleting", sorted(es.indices.get(index=f"{PREFIX}-*")), sorted(left))

    run({"action": "alias", "options": {"name": f"{PREFIX}-recent"}, "add": {"filters": [matching()]}},
        {"action": "alias", "options": {"name": f"{PREFIX}-recent"}, "remove": {"filters": [matching(), older_than(3)]}})
    same("alias", sorted(es.indices.get_alias(name=f"{PREFIX}-recent")), sorted([name_of(0), name_of(1)]))
    same("count by alias", es.count(index=f"{PREFIX}-recent")["count"], 4)

    # A merge is for indices with more segments than their copies account for, so the copies go first.
    run({"action": "replicas", "options": {"count": 0}, "filters": [matching()]},
        {"action": "forcemerge", "options": {"max_num_segments": 1}, "filters": [matching()]})
    settings = es.indices.get_settings(index=name_of(0), flat_settings=True)[name_of(0)]["settings"]
    same("replicas", settings["index.number_of_replicas"], "0")
    same("documents after merging", es.count(index=name_of(5))["count"], 2)

    es.indices.create(index=f"{PREFIX}-roll-000001", aliases={f"{PREFIX}-roll": {"is_write_index": True}})
    for n in range(3):
        es.index(index=f"{PREFIX}-roll", document={"n": n}, refresh=True)
    run({"action": "rollover", "options": {"name": f"{PREFIX}-roll", "conditions": {"max_docs": 3}}})
    es.index(index=f"{PREFIX}-roll", document={"n": 3}, refresh=True)
    same("written after rollover", es.count(index=f"{PREFIX}-roll-000002")["count"], 1)

    run({"action": "close", "filters": [matching(), older_than(3)]})
    state = {row["index"]: row["status"] for row in es.cat.indices(index=f"{PREFIX}-20*", format="json", expand_wildcards="all")}
    same("closed", state[name_of(5)], "close")
    print("elasticsearch-curator: ok")


main()
