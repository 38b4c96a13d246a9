import co.elastic.clients.elasticsearch.ElasticsearchClient;

/** How version 9 connects. */
final class Connect {
  static ElasticsearchClient to(String url) {
    return ElasticsearchClient.of(config -> config.host(url));
  }
}
