"""Runs elastalert2 with a frequency rule until it alerts a listener, and looks at what the alert says."""

import json
import queue
import subprocess
import sys
import tempfile
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlparse

import yaml
from elasticsearch import Elasticsearch, helpers
from same import same

INDEX, STATE = "py-client-elastalert", "py-client-alerts"
EVENTS = 12


class Listener(BaseHTTPRequestHandler):
    got = queue.Queue()

    def do_POST(self):
        self.got.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def config(folder, port):
    at = urlparse(sys.argv[1])
    rules = Path(folder, "rules")
    rules.mkdir()
    (rules / "errors.yaml").write_text(yaml.safe_dump({
        "name": "many errors", "type": "frequency", "index": INDEX, "num_events": EVENTS, "timeframe": {"minutes": 30},
        "filter": [{"term": {"level.keyword": "ERROR"}}], "query_key": "service.keyword", "realert": {"minutes": 0},
        "alert": ["post"], "http_post_url": f"http://127.0.0.1:{port}/", "http_post_all_values": True,
        "top_count_keys": ["host"], "top_count_number": 3,
    }))
    main = Path(folder, "config.yaml")
    main.write_text(yaml.safe_dump({
        "rules_folder": str(rules), "run_every": {"seconds": 5}, "buffer_time": {"minutes": 60},
        "es_host": at.hostname, "es_port": at.port, "writeback_index": STATE, "alert_time_limit": {"days": 1},
    }))
    return main


def create_index(file):
    """Makes elastalert's own indices with its program."""
    program = Path(sys.executable).with_name("elastalert-create-index")
    done = subprocess.run([program, "--config", file, "--index", STATE, "--old-index", ""], capture_output=True, text=True, timeout=120)
    same("exit code of elastalert-create-index", (done.returncode, "" if done.returncode == 0 else done.stdout[-3000:] + done.stderr[-3000:]), (0, ""))


def first_alert(es, file, since):
    """Runs elastalert until it has alerted and kept that, and ends it."""
    with tempfile.TemporaryFile() as log:
        program = subprocess.Popen([Path(sys.executable).with_name("elastalert"), "--config", file, "--start", since, "--verbose"], stderr=log)
        try:
            alert = Listener.got.get(timeout=90)
            for _ in range(300):
                es.indices.refresh(index=STATE + "*")
                # What became of the rule is written after the alert.
                if all(es.count(index=name)["count"] for name in (STATE, STATE + "_status")):
                    break
                threading.Event().wait(0.2)
            return alert
        except queue.Empty:
            log.seek(0)
            sys.exit(f"no alert within 90 seconds\n{log.read().decode()[-3000:]}")
        finally:
            program.terminate()
            program.wait(timeout=30)


def main():
    es = Elasticsearch([sys.argv[1]])
    es.indices.delete(index=INDEX, ignore_unavailable=True)
    for suffix in ("", "_status", "_silence", "_error", "_past"):
        es.indices.delete(index=STATE + suffix, ignore_unavailable=True)
    now = datetime.now(timezone.utc)
    documents = [{"@timestamp": (now - timedelta(minutes=20) + timedelta(seconds=n)).isoformat(), "level": "ERROR",
                  "service": "orders", "host": f"h{n % 3}"} for n in range(EVENTS)]
    documents += [{"@timestamp": now.isoformat(), "level": "ERROR", "service": "search", "host": "h9"},
                  {"@timestamp": now.isoformat(), "level": "INFO", "service": "search", "host": "h9"}]
    helpers.bulk(es, ({"_index": INDEX, "_source": d} for d in documents), refresh=True)

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        file = config(folder, server.server_port)
        create_index(file)
        same("type of a time", es.indices.get_mapping(index=STATE)[STATE]["mappings"]["properties"]["alert_time"]["type"], "date")
        alert = first_alert(es, file, (now - timedelta(minutes=40)).strftime("%Y-%m-%dT%H:%M:%S+00:00"))
    server.shutdown()
    same("further alerts", Listener.got.qsize(), 0)
    same("alert", (alert["service"], alert["level"], alert["num_hits"], alert["num_matches"]), ("orders", "ERROR", EVENTS + 1, 1))
    es.indices.refresh(index=STATE + "*")
    found = es.search(index=STATE, body={"query": {"term": {"rule_name": "many errors"}}})["hits"]["hits"]
    same("kept alerts", [hit["_source"]["alert_sent"] for hit in found], [True])
    same("status", es.count(index=STATE + "_status", body={"query": {"term": {"rule_name": "many errors"}}})["count"] > 0, True)
    print("elastalert2: ok")


main()
