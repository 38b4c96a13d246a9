-- The rows of the table in DuckDB's SQL: what stands in double braces is filled in, "-- row" begins a
-- row, a semicolon ends a statement. Text is searched with contains: the full-text extension ranks words
-- but knows no phrases, and its index has to be made anew after every load.

-- row a
SELECT count(*) AS total FROM logs WHERE "@timestamp" >= '{{.First}}' AND "@timestamp" < '{{.End}}';

-- row b
SELECT epoch_ms(date_trunc('minute', "@timestamp")) AS bucket, count(*) AS count FROM logs
WHERE level = 'ERROR' AND "@timestamp" >= '{{.First}}' AND "@timestamp" < '{{.End}}'
GROUP BY bucket ORDER BY bucket;

-- row c
SELECT tool AS key, count(*) AS count FROM logs GROUP BY key ORDER BY count DESC, key LIMIT 10;

-- row d
-- The exact quantiles take a third of the time of the approximate ones.
SELECT key, count, q[1] AS p50, q[2] AS p95, q[3] AS p99 FROM (
  SELECT service AS key, count(*) AS count, quantile_disc(latency_ms, [0.5, 0.95, 0.99]) AS q FROM logs GROUP BY key)
ORDER BY count DESC, key LIMIT 20;

-- row e
SELECT * FROM logs WHERE contains(message, '{{.RareWord}}') OR contains(stack_trace, '{{.RareWord}}')
ORDER BY "@timestamp" DESC LIMIT 50;

-- row f1
SELECT * FROM logs WHERE contains(message, '{{.Phrase}}') ORDER BY "@timestamp" DESC LIMIT 50;

-- row f2
SELECT * FROM logs WHERE contains(message, '{{.CommonPhrase}}') ORDER BY "@timestamp" DESC LIMIT 50;

-- row f3
SELECT count(*) AS total FROM logs WHERE contains(message, '{{.CommonPhrase}}');

-- row g
SELECT * FROM logs WHERE request_id = '{{.RequestID}}' LIMIT 10;

-- row h
SELECT * FROM logs WHERE trace_id = '{{.TraceID}}' ORDER BY "@timestamp" LIMIT 100;

-- row i1
SELECT * FROM logs WHERE level = 'ERROR' AND "@timestamp" >= '{{.LastHour}}' AND "@timestamp" < '{{.End}}'
ORDER BY "@timestamp" DESC LIMIT 100;

-- row i2
SELECT * FROM logs ORDER BY "@timestamp" DESC LIMIT 100;

-- row j
-- The approximate count is more than 5 % off.
SELECT count(DISTINCT user_id) AS users FROM logs;

-- row k
SELECT service AS key, count(*) AS count FROM logs
WHERE level = 'ERROR' AND latency_ms > 5000 AND "@timestamp" >= '{{.SlowFrom}}' AND "@timestamp" < '{{.End}}'
GROUP BY key ORDER BY count DESC, key LIMIT 20;

-- row l
SELECT avg(latency_ms) AS latency, avg(prompt_tokens) AS tokens, sum(cost) AS cost FROM logs;

-- row m
SELECT user_id AS key, count(*) AS count FROM logs GROUP BY key ORDER BY count DESC, key LIMIT 10;

-- row n
SELECT count(*) AS total FROM logs WHERE contains(message, '{{.CommonWord}}');
SELECT epoch_ms(time_bucket(INTERVAL 30 MINUTE, "@timestamp")) AS bucket, count(*) AS count FROM logs
WHERE contains(message, '{{.CommonWord}}') GROUP BY bucket ORDER BY bucket;
SELECT * FROM logs WHERE contains(message, '{{.CommonWord}}') ORDER BY "@timestamp" DESC LIMIT 50;
