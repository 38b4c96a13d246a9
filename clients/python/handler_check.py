"""Logs through ElasticsearchHandler and reads the documents back."""

import logging
import sys

from elasticsearch import Elasticsearch
from handler import ElasticsearchHandler
from same import delete_all, same

PREFIX = "py-client-handler"
RECORDS = 350


def main():
    es = Elasticsearch(sys.argv[1])
    delete_all(es, f"{PREFIX}-*")
    handler = ElasticsearchHandler([sys.argv[1]], index_prefix=PREFIX)
    log = logging.getLogger("shop.orders")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(handler)
    for n in range(RECORDS - 1):
        log.info("order %d placed", n, extra={"order_id": n, "service": "order-api"})
    try:
        {}["missing"]
    except KeyError:
        log.exception("order lost", extra={"error_type": "KeyError"})
    handler.close()
    same("dropped", handler.dropped, 0)

    index = f"{PREFIX}-*"
    es.indices.refresh(index=index)
    same("documents", es.count(index=index)["count"], RECORDS)
    query = {"bool": {"must": [{"term": {"level.keyword": "ERROR"}}, {"exists": {"field": "error_type"}}]}}
    hits = es.search(index=index, query=query)["hits"]["hits"]
    same("errors", [hit["_source"]["message"] for hit in hits], ["order lost"])
    source = hits[0]["_source"]
    same("exception", "KeyError: 'missing'" in source["exception"], True)
    same("zone", source["@timestamp"].endswith("+00:00"), True)
    same("place", (source["module"], source["function"], source["logger"]), ("handler_check", "main", "shop.orders"))
    total = es.search(index=index, size=0, aggs={"n": {"sum": {"field": "order_id"}}})
    same("extra fields", total["aggregations"]["n"]["value"], sum(range(RECORDS - 1)))

    lost = ElasticsearchHandler(["http://127.0.0.1:1"], index_prefix=PREFIX)
    for n in range(1200):
        lost.handle(log.makeRecord("shop", logging.INFO, "f", 1, "m", (), None))
    lost.es.options(request_timeout=1)
    lost.close()
    same("counted as dropped", lost.dropped >= 200, True)
    print("ElasticsearchHandler: ok")


main()
