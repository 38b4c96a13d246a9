package telemetry

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

func TestTextLine(t *testing.T) {
	var out bytes.Buffer
	log := NewLogger(&out, Text, slog.LevelInfo).With("index", "logs 1").WithGroup("http")
	log.Debug("not shown")
	log.Info("listening", "address", "127.0.0.1:9200", slog.Group("tls", "on", false), "empty", "")
	_, line, _ := strings.Cut(out.String(), " ")
	want := "INFO  listening  index=\"logs 1\"  http.address=127.0.0.1:9200  http.tls.on=false  http.empty=\"\"\n"
	if line != want {
		t.Errorf("got  %q\nwant %q", line, want)
	}
}

// TestLevel: a level that changes counts from then on, for loggers made before too.
func TestLevel(t *testing.T) {
	for _, format := range []Format{Text, JSON} {
		var out bytes.Buffer
		var level slog.LevelVar
		log := NewLogger(&out, format, &level).With("pipeline", "main")
		log.Debug("one")
		level.Set(slog.LevelDebug)
		log.Debug("two")
		level.Set(slog.LevelError)
		log.Warn("three")
		if got := out.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "two") {
			t.Errorf("%s: %s", format, got)
		}
	}
}

func TestRedact(t *testing.T) {
	for in, want := range map[string]string{
		"http://elastic:secret@host:9200/x": "http://elastic:xxxxx@host:9200/x",
		"http://host:9200":                  "http://host:9200",
		"no url at all":                     "no url at all",
	} {
		if got := Redact(in); got != want {
			t.Errorf("Redact(%q) = %q, want %q", in, got, want)
		}
	}
}
