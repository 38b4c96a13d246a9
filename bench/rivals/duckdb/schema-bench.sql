-- The narrowest type that holds each value, as the documentation's performance guide advises. Columns are
-- compressed and have minima and maxima by themselves; an ART index is advised against for bulk loads.
CREATE TABLE IF NOT EXISTS logs (
  "@timestamp" TIMESTAMP_MS,
  level VARCHAR,
  service VARCHAR,
  tool VARCHAR,
  user_id VARCHAR,
  request_id UUID,
  trace_id VARCHAR,
  latency_ms BIGINT,
  status INTEGER,
  message VARCHAR,
  error VARCHAR,
  stack_trace VARCHAR,
  model VARCHAR,
  prompt_tokens BIGINT,
  completion_tokens BIGINT,
  cost DOUBLE,
  client_ip VARCHAR,
  country VARCHAR,
  location STRUCT(lat DOUBLE, lon DOUBLE),
  environment VARCHAR,
  region VARCHAR,
  version VARCHAR,
  host VARCHAR,
  logger VARCHAR
);
