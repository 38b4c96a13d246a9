package main

import (
	"strings"
	"testing"
)

// TestLogstashTakesOnePipeline: what -e says is not dropped in silence when -f is there too, and an empty -e is a pipeline.
func TestLogstashTakesOnePipeline(t *testing.T) {
	empty := ""
	if _, configs, err := (&logstashCmd{Text: &empty}).read(); err != nil || len(configs) != 1 || !strings.Contains(configs[0].Text, "stdin") {
		t.Errorf("an empty -e: %+v, %v", configs, err)
	}
	if _, _, err := (&logstashCmd{Text: &empty, Config: "a.conf"}).read(); err == nil || !strings.Contains(err.Error(), "exclude each other") {
		t.Errorf("-e and -f: %v", err)
	}
}
