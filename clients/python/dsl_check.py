"""Runs elasticsearch-dsl: a document class, search, aggregations, update and delete."""

import sys
from datetime import datetime, timedelta, timezone

from elasticsearch_dsl import A, Date, Document, Integer, Keyword, Q, Search, Text, connections
from same import same

INDEX = "py-client-dsl"
START = datetime(2026, 2, 27, 22, 0, tzinfo=timezone.utc)


class Entry(Document):
    at = Date()
    level = Keyword()
    message = Text(fields={"raw": Keyword()})
    ms = Integer()

    class Index:
        name = INDEX
        settings = {"number_of_shards": 1, "number_of_replicas": 0}


def write():
    Entry._index.delete(ignore_unavailable=True)
    Entry.init()
    for n in range(60):
        level = "ERROR" if n % 4 == 0 else "INFO"
        Entry(meta={"id": n}, at=START + timedelta(minutes=n), level=level, message=f"request {n} served", ms=n).save()
    Entry._index.refresh()


def read():
    mapping = Entry._index.get_mapping()[INDEX]["mappings"]["properties"]
    same("mapping", mapping["message"], {"type": "text", "fields": {"raw": {"type": "keyword"}}})
    search = Entry.search().filter("term", level="ERROR").query("match", message="served").sort("-ms")
    found = search.execute()
    same("total", (found.hits.total.value, found.hits.total.relation), (15, "eq"))
    same("order", [hit.ms for hit in found][:3], [56, 52, 48])
    same("types", found[0].at, START + timedelta(minutes=56))
    same("count", search.count(), 15)
    both = Entry.search().query(Q("range", ms={"gte": 50}) & ~Q("term", level="ERROR"))
    same("combined", both.count(), 8)
    same("scan", sum(1 for _ in Entry.search().scan()), 60)

    grouped = Search(index=INDEX)[0:0]
    grouped.aggs.bucket("levels", "terms", field="level").metric("slow", "max", field="ms").metric("all", "sum", field="ms")
    grouped.aggs.bucket("hours", A("date_histogram", field="at", fixed_interval="30m"))
    answer = grouped.execute().aggregations
    got = [(b.key, b.doc_count, b.slow.value, b.all.value) for b in answer.levels.buckets]
    want_error = sum(range(0, 60, 4))
    same("levels", got, [("INFO", 45, 59.0, float(sum(range(60)) - want_error)), ("ERROR", 15, 56.0, float(want_error))])
    same("half hours", [(b.key_as_string, b.doc_count) for b in answer.hours], [("2026-02-27T22:00:00.000Z", 30), ("2026-02-27T22:30:00.000Z", 30)])


def change():
    entry = Entry.get(id=8)
    same("update", entry.update(level="WARN", refresh=True), "updated")
    same("updated", (Entry.get(id=8).level, Entry.get(id=8).message), ("WARN", "request 8 served"))
    entry.delete(refresh=True)
    same("deleted", Entry.exists(id=8), False)
    same("by query", Entry.search().filter("range", ms={"lt": 10}).delete().deleted, 9)
    Entry._index.refresh()
    same("left", Entry.search().count(), 50)


connections.create_connection(hosts=[sys.argv[1]])
write()
read()
change()
print("elasticsearch-dsl: ok")
