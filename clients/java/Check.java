import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.Level;
import co.elastic.clients.elasticsearch._types.Refresh;
import co.elastic.clients.elasticsearch._types.Time;
import co.elastic.clients.elasticsearch.core.BulkRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import java.io.Reader;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Elastic's Java client reads every answer into types and fails on a property that it expects and does not find: a check of the
 * answers' shapes that no other client makes. Fails on the first difference.
 */
public final class Check {
  private static final String INDEX = "java-client";
  private static final int DOCUMENTS = 500;
  private static final Time MINUTE = Time.of(t -> t.time("1m"));

  private final ElasticsearchClient client;

  private Check(ElasticsearchClient client) {
    this.client = client;
  }

  public static void main(String[] args) throws Exception {
    var client = Connect.to(args[0]);
    try {
      var check = new Check(client);
      check.documents();
      check.searches();
      check.aggregations();
      check.paging();
      check.byQuery();
      check.errors();
      check.indices();
      check.node();
      check.tables();
      check.pipelines();
      check.lifecycle();
      check.snapshots();
    } finally {
      client._transport().close();
    }
    System.out.println("elasticsearch-java " + args[1] + ": ok");
  }

  private void documents() throws Exception {
    same("tagline", client.info().tagline(), "You Know, for Search");
    client.indices().delete(d -> d.index(INDEX, INDEX + "-copy", INDEX + "-clone", INDEX + "-restored").ignoreUnavailable(true));
    client.indices().create(c -> c.index(INDEX).withJson(json("""
        {"settings":{"number_of_replicas":0},"aliases":{"java-client-errors":{"filter":{"term":{"level":"error"}}}},
         "mappings":{"properties":{"@timestamp":{"type":"date"},"level":{"type":"keyword"},"message":{"type":"text"},"n":{"type":"long"},
         "ip":{"type":"ip"},"at":{"type":"geo_point"},"tools":{"type":"nested","properties":{"name":{"type":"keyword"}}}}}}""")));
    var bulk = new BulkRequest.Builder().index(INDEX).refresh(Refresh.True);
    for (int i = 0; i < DOCUMENTS; i++) {
      String id = "" + i;
      Map<String, Object> document = Map.of("@timestamp", "2026-11-%02dT10:00:00Z".formatted(1 + i % 5), "level", i % 10 == 0 ? "error" : "info",
          "message", "request number " + i, "n", i, "ip", "10.0.0." + i % 250, "at", Map.of("lat", i % 90, "lon", i % 180),
          "tools", List.of(Map.of("name", "search"), Map.of("name", "fetch")));
      bulk.operations(o -> o.create(c -> c.id(id).document(document)));
    }
    bulk.operations(o -> o.create(c -> c.id("0").document(Map.of("n", 0))));
    var answer = client.bulk(bulk.build());
    same("items that failed", answer.items().stream().filter(i -> i.error() != null).map(i -> i.status() + " " + i.error().type()).toList(),
        List.of("409 version_conflict_engine_exception"));
    same("count", client.count(c -> c.index(INDEX)).count(), (long) DOCUMENTS);
    same("source", client.get(g -> g.index(INDEX).id("7"), Map.class).source().get("message"), "request number 7");
    same("a missing document", client.get(g -> g.index(INDEX).id("none"), Map.class).found(), false);
    same("mget", client.mget(m -> m.index(INDEX).ids("1", "none"), Map.class).docs().stream().map(d -> d.result().found()).toList(), List.of(true, false));
    var updated = client.update(u -> u.index(INDEX).id("7").withJson(json("""
        {"script":{"source":"ctx._source.n += params.by","params":{"by":1000}},"_source":true}""")), Map.class);
    same("updated", updated.get().source().get("n"), 1007);
    client.indices().refresh(r -> r.index(INDEX));
  }

  private void searches() throws Exception {
    var found = search("""
        {"query":{"match":{"message":{"query":"request","_name":"words"}}},"size":3,"explain":true,"version":true,"seq_no_primary_term":true,"profile":true,
         "fields":["*"],"docvalue_fields":["n"],"script_fields":{"twice":{"script":"doc['n'].value * 2"}},"_source":true,
         "highlight":{"fields":{"message":{}}},"sort":[{"n":"desc"}],"track_total_hits":true}""");
    same("total", found.hits().total().value(), (long) DOCUMENTS);
    same("order", found.hits().hits().stream().map(h -> h.id()).toList(), List.of("7", "499", "498"));
    same("highlight", found.hits().hits().get(1).highlight().get("message"), List.of("<em>request</em> number 499"));
    same("profiled shards", found.profile().shards().size(), 1);
    var collapsed = search("""
        {"collapse":{"field":"level","inner_hits":{"name":"newest","size":2}},"sort":[{"n":"asc"}]}""");
    same("inner hits", collapsed.hits().hits().stream().map(h -> h.innerHits().get("newest").hits().hits().size()).toList(), List.of(2, 2));
    var nested = search("""
        {"size":1,"query":{"nested":{"path":"tools","query":{"term":{"tools.name":"fetch"}},"inner_hits":{}}}}""");
    same("nested", nested.hits().hits().get(0).innerHits().get("tools").hits().total().value(), 1L);
    same("filtered alias", client.count(c -> c.index("java-client-errors")).count(), DOCUMENTS / 10L);
    same("field types", new TreeSet<>(client.fieldCaps(f -> f.index(INDEX).fields("n", "level")).fields().keySet()), new TreeSet<>(List.of("n", "level")));
    same("explained", client.explain(e -> e.index(INDEX).id("1").query(q -> q.matchAll(m -> m)), Map.class).matched(), true);
    same("terms", client.termsEnum(t -> t.index(INDEX).field("level").string("e")).terms(), List.of("error"));
    same("valid", client.indices().validateQuery(v -> v.index(INDEX).explain(true).query(q -> q.matchAll(m -> m))).valid(), true);
    client.searchShards(s -> s.index(INDEX));
  }

  private void aggregations() throws Exception {
    var all = search("""
        {"size":0,"aggs":{
          "levels":{"terms":{"field":"level"}},"numbers":{"terms":{"field":"n","size":2}},
          "days":{"date_histogram":{"field":"@timestamp","calendar_interval":"day"},"aggs":{"most":{"max":{"field":"n"}},"grown":{"derivative":{"buckets_path":"most"}}}},
          "busiest":{"max_bucket":{"buckets_path":"days>most"}},
          "stats":{"extended_stats":{"field":"n"}},"empty":{"extended_stats":{"field":"missing"}},"median":{"percentiles":{"field":"n","percents":[50]}},
          "addresses":{"cardinality":{"field":"ip"}},"subnets":{"ip_prefix":{"field":"ip","prefix_length":24}},
          "halves":{"range":{"field":"n","ranges":[{"to":250},{"from":250}]}},"grid":{"geotile_grid":{"field":"at","precision":2}},
          "bounds":{"geo_bounds":{"field":"at"}},"named":{"filters":{"filters":{"errors":{"term":{"level":"error"}}}}},
          "pages":{"composite":{"sources":[{"level":{"terms":{"field":"level"}}}]}},"both":{"multi_terms":{"terms":[{"field":"level"},{"field":"ip"}],"size":1}},
          "tools":{"nested":{"path":"tools"},"aggs":{"names":{"terms":{"field":"tools.name"}}}},"latest":{"top_metrics":{"metrics":{"field":"n"},"sort":{"@timestamp":"desc"}}},
          "one":{"top_hits":{"size":1}},"rare":{"rare_terms":{"field":"level","max_doc_count":50}},"kinds":{"categorize_text":{"field":"message"}},
          "special":{"filter":{"term":{"level":"error"}},"aggs":{"words":{"significant_terms":{"field":"level"}}}}}}""").aggregations();
    same("levels", all.get("levels").sterms().buckets().array().stream().map(b -> b.key().stringValue() + b.docCount()).toList(), List.of("info450", "error50"));
    same("days", all.get("days").dateHistogram().buckets().array().size(), 5);
    same("busiest", all.get("busiest").bucketMetricValue().value(), 1007.0);
    same("sum", all.get("stats").extendedStats().sum(), DOCUMENTS * (DOCUMENTS - 1) / 2 + 1000.0);
    same("addresses", all.get("addresses").cardinality().value(), 250L);
    same("halves", all.get("halves").range().buckets().array().stream().map(b -> b.docCount()).toList(), List.of(249L, 251L));
    same("tools", all.get("tools").nested().docCount(), 2L * DOCUMENTS);
  }

  private void paging() throws Exception {
    int seen = 0;
    var page = client.search(s -> s.index(INDEX).scroll(MINUTE).size(200), Map.class);
    String scroll = page.scrollId();
    for (var hits = page.hits().hits(); !hits.isEmpty();) {
      seen += hits.size();
      String id = scroll;
      var next = client.scroll(s -> s.scrollId(id).scroll(MINUTE), Map.class);
      hits = next.hits().hits();
      scroll = next.scrollId();
    }
    String last = scroll;
    same("cleared", client.clearScroll(c -> c.scrollId(last)).succeeded(), true);
    same("scrolled", seen, DOCUMENTS);

    var pit = client.openPointInTime(p -> p.index(INDEX).keepAlive(MINUTE));
    var first = client.search(s -> s.pit(p -> p.id(pit.id())).size(300).sort(o -> o.field(f -> f.field("n"))), Map.class);
    var after = first.hits().hits().get(299).sort();
    var second = client.search(s -> s.pit(p -> p.id(first.pitId())).size(300).sort(o -> o.field(f -> f.field("n"))).searchAfter(after), Map.class);
    same("by point in time", first.hits().hits().size() + second.hits().hits().size(), DOCUMENTS);
    same("closed", client.closePointInTime(p -> p.id(second.pitId())).succeeded(), true);

    var async = client.asyncSearch().submit(s -> s.index(INDEX).keepOnCompletion(true).size(1), Map.class);
    same("running", client.asyncSearch().status(s -> s.id(async.id())).isRunning(), false);
    same("async total", client.asyncSearch().get(g -> g.id(async.id()), Map.class).response().hits().total().value(), (long) DOCUMENTS);
    client.asyncSearch().delete(d -> d.id(async.id()));
  }

  private void byQuery() throws Exception {
    same("reindexed", client.reindex(r -> r.source(s -> s.index(INDEX)).dest(d -> d.index(INDEX + "-copy")).refresh(true)).total(), (long) DOCUMENTS);
    same("deleted", client.deleteByQuery(d -> d.index(INDEX + "-copy").refresh(true).query(q -> q.term(t -> t.field("level.keyword").value("error")))).deleted(), DOCUMENTS / 10L);
    var task = client.updateByQuery(u -> u.index(INDEX + "-copy").waitForCompletion(false)).task();
    same("task", client.tasks().get(g -> g.taskId(task).waitForCompletion(true)).completed(), true);
    client.tasks().list(l -> l.detailed(true));
  }

  private void errors() throws Exception {
    fails("a missing index", 404, "index_not_found_exception", () -> client.search(s -> s.index("java-client-missing"), Map.class));
    fails("an index that is there", 400, "resource_already_exists_exception", () -> client.indices().create(c -> c.index(INDEX)));
    fails("what cannot be parsed", 400, "document_parsing_exception", () -> client.index(i -> i.index(INDEX).document(Map.of("n", "many"))));
    fails("what is not there", 400, "illegal_argument_exception", () -> search("""
        {"aggs":{"x":{"frequent_item_sets":{"fields":[{"field":"level"}]}}}}"""));
    var many = client.msearch(m -> m.searches(s -> s.header(h -> h.index(INDEX)).body(b -> b.size(1)))
        .searches(s -> s.header(h -> h.index("java-client-missing")).body(b -> b.size(1))), Map.class);
    same("msearch", many.responses().stream().map(r -> r.isFailure() ? r.failure().error().type() : "" + r.result().hits().hits().size()).toList(),
        List.of("1", "index_not_found_exception"));
  }

  private void indices() throws Exception {
    var indices = client.indices();
    contains("index", indices.get(g -> g.index(INDEX)), "\"n\":{\"type\":\"long\"}");
    contains("mapping", indices.getMapping(g -> g.index(INDEX)), "\"ip\":{\"type\":\"ip\"}");
    indices.getFieldMapping(g -> g.index(INDEX).fields("*"));
    indices.getSettings(g -> g.index(INDEX).includeDefaults(true));
    same("stats", indices.stats(s -> s.index(INDEX)).indices().get(INDEX).primaries().docs().count(), (long) DOCUMENTS);
    indices.segments(s -> s.index(INDEX));
    indices.recovery(r -> r.index(INDEX));
    indices.shardStores(s -> s.index(INDEX));
    indices.diskUsage(d -> d.index(INDEX).runExpensiveTasks(true));
    indices.forcemerge(f -> f.index(INDEX).maxNumSegments(1L));
    same("tokens", indices.analyze(a -> a.index(INDEX).text("One two")).tokens().stream().map(t -> t.token()).toList(), List.of("one", "two"));
    indices.resolveIndex(r -> r.name("java-client*"));
    indices.getAlias(a -> a.index(INDEX));
    indices.putIndexTemplate(p -> p.name("java-client-streams").withJson(json("""
        {"index_patterns":["java-client-stream*"],"data_stream":{},"priority":500,"template":{"lifecycle":{"data_retention":"7d"}}}""")));
    indices.getIndexTemplate(g -> g.name("java-client-streams"));
    indices.createDataStream(c -> c.name("java-client-stream-a"));
    same("rolled over", indices.rollover(r -> r.alias("java-client-stream-a")).rolledOver(), true);
    same("backing indices", indices.getDataStream(g -> g.name("java-client-stream-a")).dataStreams().get(0).indices().size(), 2);
    indices.dataStreamsStats(d -> d.name("java-client-stream-a"));
    indices.getDataLifecycle(g -> g.name("java-client-stream-a"));
    indices.deleteDataStream(d -> d.name("java-client-stream-a"));
    indices.deleteIndexTemplate(d -> d.name("java-client-streams"));
    indices.putSettings(p -> p.index(INDEX + "-copy").withJson(json("""
        {"index.blocks.write":true}""")));
    same("cloned", indices.clone(c -> c.index(INDEX + "-copy").target(INDEX + "-clone")).index(), INDEX + "-clone");
  }

  private void node() throws Exception {
    same("node", client.cluster().health(h -> h.level(Level.Shards)).numberOfNodes(), 1);
    client.cluster().state();
    client.cluster().stats();
    client.cluster().getSettings(g -> g.includeDefaults(true));
    client.cluster().pendingTasks();
    client.cluster().allocationExplain(a -> a.index(INDEX).shard(0).primary(true));
    client.cluster().remoteInfo();
    client.nodes().info();
    client.nodes().stats();
    client.nodes().usage();
    client.nodes().reloadSecureSettings();
    client.healthReport();
    client.license().get();
    client.features().getFeatures();
  }

  private void tables() throws Exception {
    var cat = client.cat();
    contains("cat count", cat.count(c -> c.index(INDEX)), "\"count\":\"" + DOCUMENTS + "\"");
    cat.indices();
    cat.aliases();
    cat.allocation();
    cat.fielddata();
    cat.health();
    cat.master();
    cat.nodeattrs();
    cat.nodes();
    cat.pendingTasks();
    cat.plugins();
    cat.recovery();
    cat.repositories();
    cat.segments();
    cat.shards();
    cat.tasks();
    cat.templates();
    cat.componentTemplates();
    cat.threadPool();
  }

  private void pipelines() throws Exception {
    client.ingest().putPipeline(p -> p.id("java-client").withJson(json("""
        {"processors":[{"grok":{"field":"message","patterns":["%{WORD:first} %{INT:number:int}"]}}]}""")));
    client.ingest().getPipeline(g -> g.id("java-client"));
    var answer = client.ingest().simulate(s -> s.id("java-client").verbose(true).withJson(json("""
        {"docs":[{"_source":{"message":"request 12"}},{"_source":{"message":"?"}}]}""")));
    same("simulated", answer.docs().size(), 2);
    client.ingest().processorGrok();
    client.ingest().geoIpStats();
    client.ingest().deletePipeline(d -> d.id("java-client"));
  }

  private void lifecycle() throws Exception {
    client.ilm().putLifecycle(p -> p.name("java-client").withJson(json("""
        {"policy":{"phases":{"hot":{"actions":{"rollover":{"max_age":"1d"}}},"delete":{"min_age":"30d","actions":{"delete":{}}}}}}""")));
    client.ilm().getLifecycle(g -> g.name("java-client"));
    client.indices().putSettings(p -> p.index(INDEX).withJson(json("""
        {"index.lifecycle.name":"java-client"}""")));
    same("managed", client.ilm().explainLifecycle(e -> e.index(INDEX)).indices().get(INDEX).isTrue(), true);
    client.ilm().getStatus();
    client.ilm().removePolicy(r -> r.index(INDEX));
    client.ilm().deleteLifecycle(d -> d.name("java-client"));
  }

  private void snapshots() throws Exception {
    var snapshots = client.snapshot();
    snapshots.createRepository(c -> c.name("java-client").withJson(json("""
        {"type":"fs","settings":{"location":"java-client"}}""")));
    snapshots.getRepository(g -> g.name("java-client"));
    snapshots.verifyRepository(v -> v.name("java-client"));
    same("snapshot", snapshots.create(c -> c.repository("java-client").snapshot("one").waitForCompletion(true).indices(INDEX)).snapshot().state(), "SUCCESS");
    snapshots.get(g -> g.repository("java-client").snapshot("*"));
    snapshots.status(s -> s.repository("java-client").snapshot("one"));
    client.cluster().stats();
    snapshots.restore(r -> r.repository("java-client").snapshot("one").waitForCompletion(true).indices(INDEX).renamePattern("(.+)").renameReplacement("$1-restored").includeAliases(false));
    same("restored", client.count(c -> c.index(INDEX + "-restored")).count(), (long) DOCUMENTS);
    snapshots.delete(d -> d.repository("java-client").snapshot("one"));
    snapshots.deleteRepository(d -> d.name("java-client"));
    client.indices().delete(d -> d.index(INDEX, INDEX + "-copy", INDEX + "-clone", INDEX + "-restored"));
  }

  private SearchResponse<Map> search(String body) throws Exception {
    return client.search(s -> s.index(INDEX).withJson(json(body)), Map.class);
  }

  private static Reader json(String text) {
    return new StringReader(text);
  }

  private static void same(String what, Object have, Object want) {
    if (!Objects.equals(have, want)) {
      throw new AssertionError(what + ": have " + have + ", want " + want);
    }
  }

  /** For answers whose accessors are named differently in versions 8 and 9. */
  private static void contains(String what, Object answer, String part) {
    if (!answer.toString().contains(part)) {
      throw new AssertionError(what + ": " + answer + " has no " + part);
    }
  }

  private interface Request {
    Object send() throws Exception;
  }

  private static void fails(String what, int status, String type, Request request) throws Exception {
    try {
      request.send();
    } catch (ElasticsearchException e) {
      same(what, e.status() + " " + e.error().type(), status + " " + type);
      return;
    }
    throw new AssertionError(what + " did not fail");
  }
}
