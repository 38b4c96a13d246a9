//go:build peers

package server

import (
	"os"
	"path/filepath"
	"testing"
)

// TestKafkaBrokerDocumented runs the documented configuration that reads from Kafka with a real broker.
func TestKafkaBrokerDocumented(t *testing.T) {
	brokers := os.Getenv("KAFKA_BROKERS")
	if brokers == "" {
		t.Fatal("KAFKA_BROKERS is not set: run this test by its script")
	}
	checkPythonWith(t, filepath.Join(seedConfigs(t), "python/python-logs.conf"), brokers)
}
