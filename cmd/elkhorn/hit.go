package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"elkhorn/internal/telemetry"
)

// printHit prints one event: whole, or as time, level, service and message in colours.
func printHit(out io.Writer, h *hit, whole bool) {
	if whole {
		fmt.Fprintf(out, "%s\n", h.Source)
		return
	}
	var doc map[string]any
	if err := json.Unmarshal(h.Source, &doc); err != nil {
		fmt.Fprintf(out, "%s\n", h.Source)
		return
	}
	level := strings.ToUpper(first(doc, "log_level", "level", "severity"))
	message := first(doc, "message", "log_message", "error_message", "prompt", "error")
	if message == "" {
		message = string(h.Source)
	}
	color, reset, dim := "", "", ""
	if telemetry.IsTerminal(os.Stdout) {
		color, reset, dim = levelColor(level), "\x1b[0m", "\x1b[2m"
	}
	fmt.Fprintf(out, "%s%s%s %s%-5s%s %s%s%s %s\n", dim, shortTime(first(doc, "@timestamp", "timestamp")), reset, color, level, reset,
		dim, first(doc, "service_name", "service", "index"), reset, strings.TrimRight(printable(message), "\n"))
}

// shortTime prints a time to the millisecond, so that lines stand below each other; what is no time stays
// as it is.
func shortTime(text string) string {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return printable(text)
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// first returns the first of the fields that is there, as text.
func first(doc map[string]any, names ...string) string {
	for _, n := range names {
		switch v := doc[n].(type) {
		case nil:
		case string:
			return v
		default:
			return fmt.Sprint(v)
		}
	}
	return ""
}

// printable takes control characters out, so that a log line cannot steer the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '\uFFFD'
		}
		return r
	}, s)
}

func levelColor(level string) string {
	switch level {
	case "FATAL", "CRITICAL":
		return "\x1b[35m"
	case "ERROR":
		return "\x1b[31m"
	case "WARN", "WARNING":
		return "\x1b[33m"
	case "INFO":
		return "\x1b[34m"
	}
	return "\x1b[2m"
}
