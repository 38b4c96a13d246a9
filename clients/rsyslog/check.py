"""Sends messages through rsyslog's omelasticsearch and looks for each of them in the index.

The daemon runs in the foreground with a configuration, a pid file and a spool of its own."""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlparse
from urllib.request import Request, urlopen

sys.path.insert(0, str(Path(__file__).parent.parent / "python"))
from same import same  # noqa: E402

INDEX = "rsyslog-client"
MESSAGES = 1500

CONFIG = """
global(workDirectory="{folder}/spool")
module(load="imtcp")
module(load="omelasticsearch")
input(type="imtcp" port="0" address="127.0.0.1" listenPortFileName="{folder}/port")

template(name="document" type="list") {{
  constant(value="{{")
  constant(value="\\"@timestamp\\":\\"")  property(name="timereported" dateFormat="rfc3339")
  constant(value="\\",\\"host\\":\\"")    property(name="hostname" format="json")
  constant(value="\\",\\"severity\\":\\"") property(name="syslogseverity-text")
  constant(value="\\",\\"program\\":\\"") property(name="programname" format="json")
  constant(value="\\",\\"message\\":\\"") property(name="msg" position.from="2" format="json")
  constant(value="\\"}}")
}}
template(name="id" type="string" string="%msg:F,32:2%")

action(type="omelasticsearch" server="{host}" serverport="{port}" searchIndex="{index}" searchType="" template="document"
       bulkmode="on" bulkid="id" dynbulkid="on" writeoperation="create" retryfailures="off" errorfile="{folder}/errors"
       action.resumeRetryCount="-1" queue.type="linkedList" queue.dequeueBatchSize="200"
       queue.timeoutShutdown="20000")
"""


def ask(method, path, body=None):
    request = Request(sys.argv[1] + path, method=method, data=body and json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    try:
        with urlopen(request) as answer:
            return json.load(answer)
    except HTTPError as error:
        return json.load(error)


def wait_for(what, ready):
    """Waits until something is so, for a minute at most."""
    for _ in range(300):
        if found := ready():
            return found
        threading.Event().wait(0.2)
    sys.exit(f"{what}: not within a minute")


def severity(n):
    return 3 if n % 10 == 0 else 6


def send(port):
    with socket.create_connection(("127.0.0.1", port)) as out:
        for n in range(MESSAGES):
            text = f'id-{n} order "{n}" took {n % 90} ms in C:\\shop' if n % 7 == 0 else f"id-{n} order {n} took {n % 90} ms"
            out.sendall(f"<{16 * 8 + severity(n)}>Feb 27 22:15:{n % 60:02d} web-1 shop[7]: {text}\n".encode())


def main():
    ask("DELETE", f"/{INDEX}?ignore_unavailable=true")
    at = urlparse(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "spool").mkdir()
        config = Path(folder, "rsyslog.conf")
        config.write_text(CONFIG.format(folder=folder, host=at.hostname, port=at.port, index=INDEX))
        with Path(folder, "log").open("w") as log:
            daemon = subprocess.Popen([shutil.which("rsyslogd", path="/usr/sbin:/sbin:/usr/bin"), "-n", "-f", config, "-i", Path(folder, "pid")], stdout=log, stderr=log)
        try:
            port = wait_for("a port to listen on", lambda: Path(folder, "port").exists() and Path(folder, "port").read_text().strip())
            send(int(port))
            wait_for(f"{MESSAGES} documents", lambda: ask("POST", f"/{INDEX}/_refresh") and ask("GET", f"/{INDEX}/_count").get("count", 0) >= MESSAGES)
        finally:
            daemon.terminate()
            daemon.wait(timeout=60)
            print(Path(folder, "log").read_text()[-2000:], end="", file=sys.stderr)
        errors = Path(folder, "errors")
        same("error file", errors.read_text() if errors.exists() else "", "")

    same("documents", ask("GET", f"/{INDEX}/_count")["count"], MESSAGES)
    found = ask("POST", f"/{INDEX}/_search", {"size": MESSAGES, "_source": False})
    same("each message", sorted(int(hit["_id"].removeprefix("id-")) for hit in found["hits"]["hits"]), list(range(MESSAGES)))
    source = ask("GET", f"/{INDEX}/_doc/id-7")["_source"]
    same("fields", {k: source[k] for k in ("host", "severity", "program", "message")},
         {"host": "web-1", "severity": "info", "program": "shop", "message": 'id-7 order "7" took 7 ms in C:\\shop'})
    levels = ask("POST", f"/{INDEX}/_search", {"size": 0, "aggs": {"s": {"terms": {"field": "severity.keyword"}}}})["aggregations"]["s"]["buckets"]
    same("severities", levels, [{"key": "info", "doc_count": MESSAGES * 9 // 10}, {"key": "err", "doc_count": MESSAGES // 10}])
    print("rsyslog omelasticsearch: ok")


main()
