-- The rows of the table in ClickHouse's SQL: what stands in double braces is filled in, "-- row" begins a
-- row, a semicolon ends a statement.

-- row a
SELECT count() AS total FROM logs WHERE `@timestamp` >= '{{.First}}' AND `@timestamp` < '{{.End}}';

-- row b
SELECT toUnixTimestamp(toStartOfMinute(`@timestamp`)) * 1000 AS bucket, count() AS count FROM logs
WHERE level = 'ERROR' AND `@timestamp` >= '{{.First}}' AND `@timestamp` < '{{.End}}'
GROUP BY bucket ORDER BY bucket;

-- row c
SELECT tool AS key, count() AS count FROM logs GROUP BY key ORDER BY count DESC, key LIMIT 10;

-- row d
SELECT service AS key, count() AS count, quantilesDD(0.005, 0.5, 0.95, 0.99)(latency_ms) AS q,
  q[1] AS p50, q[2] AS p95, q[3] AS p99
FROM logs GROUP BY key ORDER BY count DESC, key LIMIT 20;

-- row e
SELECT * FROM logs WHERE hasToken(message, '{{.RareWord}}') OR hasToken(stack_trace, '{{.RareWord}}')
ORDER BY `@timestamp` DESC LIMIT 50;

-- row f1
SELECT * FROM logs WHERE hasPhrase(message, '{{.Phrase}}') ORDER BY `@timestamp` DESC LIMIT 50;

-- row f2
SELECT * FROM logs WHERE hasPhrase(message, '{{.CommonPhrase}}') ORDER BY `@timestamp` DESC LIMIT 50;

-- row f3
-- So many documents are found faster by reading the text than through the index.
SELECT count() AS total FROM logs WHERE message LIKE '%{{.CommonPhrase}}%';

-- row g
SELECT * FROM logs WHERE request_id = '{{.RequestID}}' LIMIT 10;

-- row h
SELECT * FROM logs WHERE trace_id = '{{.TraceID}}' ORDER BY `@timestamp` LIMIT 100;

-- row i1
SELECT * FROM logs WHERE level = 'ERROR' AND `@timestamp` >= '{{.LastHour}}' AND `@timestamp` < '{{.End}}'
ORDER BY `@timestamp` DESC LIMIT 100;

-- row i2
SELECT * FROM logs ORDER BY `@timestamp` DESC LIMIT 100;

-- row j
SELECT uniq(user_id) AS users FROM logs;

-- row k
SELECT service AS key, count() AS count FROM logs
WHERE level = 'ERROR' AND latency_ms > 5000 AND `@timestamp` >= '{{.SlowFrom}}' AND `@timestamp` < '{{.End}}'
GROUP BY key ORDER BY count DESC, key LIMIT 20;

-- row l
SELECT avg(latency_ms) AS latency, avg(prompt_tokens) AS tokens, sum(cost) AS cost FROM logs;

-- row m
SELECT user_id AS key, count() AS count FROM logs GROUP BY key ORDER BY count DESC, key LIMIT 10;

-- row n
SELECT count() AS total FROM logs WHERE hasToken(message, '{{.CommonWord}}');
SELECT toUnixTimestamp(toStartOfInterval(`@timestamp`, INTERVAL 30 MINUTE)) * 1000 AS bucket, count() AS count FROM logs
WHERE hasToken(message, '{{.CommonWord}}') GROUP BY bucket ORDER BY bucket;
SELECT * FROM logs WHERE hasToken(message, '{{.CommonWord}}') ORDER BY `@timestamp` DESC LIMIT 50;
