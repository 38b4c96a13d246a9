"""ElasticsearchHandler as Python services print it, with the same name and arguments, made to work: it never
blocks nor raises into the program, counts what it had to drop, and empties its queue when it is closed."""

import atexit
import logging
import queue
import threading
from datetime import datetime, timezone

from elasticsearch import Elasticsearch, helpers

PLAIN = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
BATCH = 100
WAIT_SECONDS = 5


class ElasticsearchHandler(logging.Handler):
    def __init__(self, hosts, index_prefix="python-logs"):
        super().__init__()
        self.es = Elasticsearch(hosts)
        self.index_prefix = index_prefix
        self.buffer = queue.Queue(maxsize=1000)
        self.dropped = 0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._flush_loop, daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def emit(self, record):
        try:
            at = datetime.fromtimestamp(record.created, timezone.utc)
            doc = {
                "@timestamp": at.isoformat(),
                "level": record.levelname,
                "message": record.getMessage(),
                "logger": record.name,
                "module": record.module,
                "function": record.funcName,
                "line": record.lineno,
            }
            if record.exc_info:
                doc["exception"] = logging.Formatter().formatException(record.exc_info)
            doc.update((key, value) for key, value in record.__dict__.items() if key not in PLAIN)
            self.buffer.put_nowait({"_index": f"{self.index_prefix}-{at:%Y.%m.%d}", "_source": doc})
        except queue.Full:
            self.dropped += 1
        except Exception:
            self.handleError(record)

    def _flush_loop(self):
        while not (self._closing.is_set() and self.buffer.empty()):
            batch = []
            try:
                batch.append(self.buffer.get(timeout=0.05 if self._closing.is_set() else WAIT_SECONDS))
                while len(batch) < BATCH:
                    batch.append(self.buffer.get_nowait())
            except queue.Empty:
                pass
            batch = [entry for entry in batch if entry]
            if batch:
                self._bulk_index(batch)

    def _bulk_index(self, batch):
        try:
            _, failures = helpers.bulk(self.es, batch, raise_on_error=False)
            self.dropped += len(failures)
        except Exception:
            self.dropped += len(batch)

    def close(self):
        if not self._closing.is_set():
            self._closing.set()
            try:
                self.buffer.put_nowait(None)  # wakes the thread
            except queue.Full:
                pass
            self._thread.join(timeout=10)
            self.es.close()
        super().close()
