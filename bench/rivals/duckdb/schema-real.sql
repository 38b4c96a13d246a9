-- Lines of logs.
CREATE TABLE IF NOT EXISTS logs ("@timestamp" TIMESTAMP_MS, message VARCHAR, file VARCHAR);
