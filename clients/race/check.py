"""Runs esrally's benchmark-only pipeline with the track beside this file and reads its report.

Rally refuses to run beside a Python process that has its name in the command line, so this folder and its
virtual environment have another."""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).parent.parent / "python"))
from same import same  # noqa: E402

DOCUMENTS = 2000


def track(folder):
    """Copies the track and writes its documents."""
    copy = Path(folder, "track")
    shutil.copytree(Path(__file__).parent / "track", copy)
    lines = [json.dumps({"@timestamp": 1772230530000 + 60000 * n, "level": "ERROR" if n % 10 == 0 else "INFO",
                         "message": f"request {n} served", "ms": n % 97}) + "\n" for n in range(DOCUMENTS)]
    (copy / "documents.json").write_text("".join(lines))
    described = copy / "track.json"
    described.write_text(described.read_text().replace('"uncompressed-bytes": 1,', f'"uncompressed-bytes": {sum(map(len, lines))},'))
    return copy


def main():
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.csv")
        done = subprocess.run(
            [Path(sys.executable).with_name("esrally"), "race", "--offline", "--pipeline=benchmark-only", f"--track-path={track(folder)}",
             f"--target-hosts={urlparse(sys.argv[1]).netloc}", "--on-error=abort", "--report-format=csv", f"--report-file={report}",
             "--enable-assertions", "--quiet"],
            env={**os.environ, "HOME": folder, "RALLY_HOME": folder}, capture_output=True, text=True, timeout=500)
        said = done.stdout[-2500:] + done.stderr[-2500:]
        log = Path(folder, ".rally", "logs", "rally.log")
        if done.returncode != 0 and log.exists():
            said += log.read_text()[-4000:]
        same("exit code of esrally", (done.returncode, "" if done.returncode == 0 else said), (0, ""))
        rows = {(row["Metric"], row["Task"]): row["Value"] for row in csv.DictReader(report.open())}
    for task in ("load", "errors", "all"):
        same(f"error rate of {task}", float(rows["error rate", task]), 0.0)
        same(f"throughput of {task}", float(rows["Mean Throughput", task]) > 0, True)
    same("merge count is there", "Cumulative merge count of primary shards" in {m for m, _ in rows}, True)
    with urlopen(f"{sys.argv[1]}/rally-client/_count") as answer:
        same("documents", json.load(answer)["count"], DOCUMENTS)
    print("esrally: ok")


main()
