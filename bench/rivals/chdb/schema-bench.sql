-- As ClickHouse's documentation advises for logs: LowCardinality for names, Delta for times, T64 for small
-- integers, ZSTD(1) for all, a Bloom filter on ids, a text index on what is searched for words. The order
-- is that of time, which suits most of the rows better than an order by service.
CREATE TABLE IF NOT EXISTS logs (
  `@timestamp` DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  level LowCardinality(String) CODEC(ZSTD(1)),
  service LowCardinality(String) CODEC(ZSTD(1)),
  tool LowCardinality(String) CODEC(ZSTD(1)),
  user_id String CODEC(ZSTD(1)),
  request_id UUID CODEC(ZSTD(1)),
  trace_id String CODEC(ZSTD(1)),
  latency_ms Int64 CODEC(T64, ZSTD(1)),
  status Int32 CODEC(T64, ZSTD(1)),
  message String CODEC(ZSTD(1)),
  error String CODEC(ZSTD(1)),
  stack_trace String CODEC(ZSTD(1)),
  model LowCardinality(String) CODEC(ZSTD(1)),
  prompt_tokens Int64 CODEC(T64, ZSTD(1)),
  completion_tokens Int64 CODEC(T64, ZSTD(1)),
  cost Float64 CODEC(ZSTD(1)),
  client_ip IPv4 CODEC(ZSTD(1)),
  country LowCardinality(String) CODEC(ZSTD(1)),
  location Tuple(lat Float64, lon Float64) CODEC(ZSTD(1)),
  environment LowCardinality(String) CODEC(ZSTD(1)),
  region LowCardinality(String) CODEC(ZSTD(1)),
  version LowCardinality(String) CODEC(ZSTD(1)),
  host LowCardinality(String) CODEC(ZSTD(1)),
  logger LowCardinality(String) CODEC(ZSTD(1)),
  INDEX request request_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX message_words message TYPE text(tokenizer = splitByNonAlpha, preprocessor = lower(message)),
  INDEX stack_words stack_trace TYPE text(tokenizer = splitByNonAlpha, preprocessor = lower(stack_trace))
) ENGINE = MergeTree ORDER BY `@timestamp`
