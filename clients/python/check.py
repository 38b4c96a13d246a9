"""Runs the installed elasticsearch-py against the server whose address is the first argument."""

import asyncio
import sys
import warnings

import elasticsearch
from elasticsearch import Elasticsearch, helpers
from same import same

MAJOR = elasticsearch.__version__[0]
INDEX = f"py-client-{MAJOR}"
DOCUMENTS = 2500


def level(n):
    return "ERROR" if n % 3 == 0 else "INFO"


def write(es):
    es.indices.delete(index=f"{INDEX},{INDEX}-copy", ignore_unavailable=True)
    actions = ({"_index": INDEX, "_id": n, "n": n, "level": level(n)} for n in range(DOCUMENTS))
    same("bulk", helpers.bulk(es, actions, refresh=True), (DOCUMENTS, []))
    again = [{"_op_type": "create", "_index": INDEX, "_id": "5", "n": 1}]
    outcome = list(helpers.streaming_bulk(es, again, raise_on_error=False))
    same("create of what exists", outcome[0][1]["create"]["status"], 409)
    more = ({"_index": f"{INDEX}-copy", "_id": n, "n": n} for n in range(DOCUMENTS))
    same("parallel bulk", sum(ok for ok, _ in helpers.parallel_bulk(es, more, thread_count=3, chunk_size=200)), DOCUMENTS)
    es.indices.refresh(index=f"{INDEX}-copy")
    same("written in parallel", es.count(index=f"{INDEX}-copy")["count"], DOCUMENTS)
    es.indices.delete(index=f"{INDEX}-copy")


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


async def ask_async():
    """Writes and reads with the client for asyncio."""
    async with elasticsearch.AsyncElasticsearch(sys.argv[1]) as es:
        actions = ({"_op_type": "update", "_index": INDEX, "_id": n, "doc": {"seen": True}} for n in range(0, DOCUMENTS, 5))
        same("async bulk", await helpers.async_bulk(es, actions, refresh=True), (DOCUMENTS // 5, []))
        counts = await asyncio.gather(*(es.count(index=INDEX, query=query) for query in ({"term": {"seen": True}}, {"term": {"n": 7}})))
        same("async counts", [count["count"] for count in counts], [DOCUMENTS // 5, 1])
        scanned = [hit["_id"] async for hit in helpers.async_scan(es, index=INDEX, query={"query": {"range": {"n": {"lt": 900}}}}, size=250)]
        same("async scan", sorted(map(int, scanned)), list(range(900)))
        try:
            await es.search(index="py-client-none")
        except elasticsearch.NotFoundError as error:
            same("error", (error.status_code, error.error), (404, "index_not_found_exception"))
        else:
            sys.exit("a search of an index that is not there was answered")


def main():
    # Version 7 warns of its own use of urllib3.
    warnings.simplefilter("ignore" if MAJOR < 8 else "error")
    es = Elasticsearch([sys.argv[1]])
    write(es)
    read(es)
    if MAJOR >= 8:
        warnings.filterwarnings("ignore", message=".*body.*", category=DeprecationWarning)
        page(es)
        asyncio.run(ask_async())
    same("copies", helpers.reindex(es, INDEX, f"{INDEX}-copy")[0], DOCUMENTS)
    print(f"elasticsearch-py {elasticsearch.__versionstr__}: ok")


main()
