-- Lines of logs, ordered by file and time as the documentation advises for what is alike: it compresses better.
CREATE TABLE IF NOT EXISTS logs (
  `@timestamp` DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  message String CODEC(ZSTD(1)),
  file LowCardinality(String) CODEC(ZSTD(1)),
  INDEX message_words message TYPE text(tokenizer = splitByNonAlpha, preprocessor = lower(message))
) ENGINE = MergeTree ORDER BY (file, `@timestamp`)
