"""Runs the installed elasticsearch-py against the server whose address is the first argument."""

import sys
import warnings

import elasticsearch
from elasticsearch import Elasticsearch, helpers

MAJOR = elasticsearch.__version__[0]
INDEX = f"py-client-{MAJOR}"
DOCUMENTS = 2500


def same(what, got, want):
    if got != want:
        sys.exit(f"{what}: got {got!r}, want {want!r}")


def level(n):
    return "ERROR" if n % 3 == 0 else "INFO"


def write(es):
    es.indices.delete(index=f"{INDEX},{INDEX}-copy", ignore_unavailable=True)
    actions = ({"_index": INDEX, "_id": n, "n": n, "level": level(n)} for n in range(DOCUMENTS))
    same("bulk", helpers.bulk(es, actions, refresh=True), (DOCUMENTS, []))
    again = [{"_op_type": "create", "_index": INDEX, "_id": "5", "n": 1}]
    outcome = list(helpers.streaming_bulk(es, again, raise_on_error=False))
    same("create of what exists", outcome[0][1]["create"]["status"], 409)


def read(es):
    errors = sum(level(n) == "ERROR" for n in range(DOCUMENTS))
    body = {"query": {"term": {"level.keyword": "ERROR"}}, "size": 1, "aggs": {"l": {"terms": {"field": "level.keyword"}}}}
    found = es.search(index=INDEX, body=body)
    same("total", found["hits"]["total"], {"value": errors, "relation": "eq"})
    same("buckets", found["aggregations"]["l"]["buckets"], [{"key": "ERROR", "doc_count": errors}])
    same("count", es.count(index=INDEX)["count"], DOCUMENTS)
    same("exists", bool(es.exists(index=INDEX, id="5")), True)
    same("get", es.get(index=INDEX, id="5")["_source"], {"n": 5, "level": "INFO"})
    same("scan", sum(1 for _ in helpers.scan(es, index=INDEX, size=400)), DOCUMENTS)
    same("cat", es.cat.indices(index=INDEX, format="json")[0]["docs.count"], str(DOCUMENTS))


def page(es):
    """Reads everything over a point in time with search_after."""
    pit = es.open_point_in_time(index=INDEX, keep_alive="1m")["id"]
    seen, after = set(), None
    while True:
        body = {"size": 700, "pit": {"id": pit, "keep_alive": "1m"}, "sort": [{"level.keyword": "asc"}]}
        if after:
            body["search_after"] = after
        hits = es.search(body=body)["hits"]["hits"]
        if not hits:
            break
        seen.update(hit["_id"] for hit in hits)
        after = hits[-1]["sort"]
    es.close_point_in_time(body={"id": pit})
    same("point in time", len(seen), DOCUMENTS)


def main():
    # Version 7 warns of its own use of urllib3.
    warnings.simplefilter("ignore" if MAJOR < 8 else "error")
    es = Elasticsearch([sys.argv[1]])
    write(es)
    read(es)
    if MAJOR >= 8:
        warnings.filterwarnings("ignore", message=".*body.*", category=DeprecationWarning)
        page(es)
    same("copies", helpers.reindex(es, INDEX, f"{INDEX}-copy")[0], DOCUMENTS)
    print(f"elasticsearch-py {elasticsearch.__versionstr__}: ok")


main()
