package dates

import (
	"strings"
	"testing"
	"time"
)

func TestEval(t *testing.T) {
	now, err := Default.Parse("2026-02-27T22:15:30.123Z", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		text, zone string
		up         bool
		want       string
	}{
		{"now", "", false, "2026-02-27T22:15:30.123Z"},
		{"now-1h", "", false, "2026-02-27T21:15:30.123Z"},
		{"now-1h/d", "", false, "2026-02-27T00:00:00Z"},
		{"now/d", "", true, "2026-02-27T23:59:59.999Z"},
		{"now/w", "", false, "2026-02-23T00:00:00Z"},
		{"now/w", "", true, "2026-03-01T23:59:59.999Z"},
		{"now/M", "", true, "2026-02-28T23:59:59.999Z"},
		{"now/y", "", false, "2026-01-01T00:00:00Z"},
		{"now+1M-1d+2h-3m+4s", "", false, "2026-03-27T00:12:34.123Z"},
		{"now-d", "", false, "2026-02-26T22:15:30.123Z"},
		{"now-15m", "", false, "2026-02-27T22:00:30.123Z"},
		{"now/d", "+05:00", false, "2026-02-27T19:00:00Z"},
		{"now/d", "America/New_York", false, "2026-02-27T05:00:00Z"},
		{"2026-01-31||+1M", "", false, "2026-02-28T00:00:00Z"},
		{"2026-01-01||+1M/d", "", false, "2026-02-01T00:00:00Z"},
		{"2026-01-01||/M", "", true, "2026-01-31T23:59:59.999Z"},
		{"2026-01-01", "", true, "2026-01-01T23:59:59.999999999Z"},
		{"2026-01-01", "+01:00", false, "2025-12-31T23:00:00Z"},
		{"1740648735847||-1s", "", false, "2025-02-27T09:32:14.847Z"},
		// Zones whose clock changes: the day is 23 hours long.
		{"2026-03-29||/d", "Europe/Berlin", true, "2026-03-29T21:59:59.999Z"},
	}
	for _, tt := range tests {
		zone, err := Zone(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, err := Default.Eval(tt.text, now, zone, tt.up)
		if got := at.Time(time.UTC).Format(time.RFC3339Nano); err != nil || got != tt.want {
			t.Errorf("%q in %q, up %v: %s (%v), want %s", tt.text, tt.zone, tt.up, got, err, tt.want)
		}
	}
}

func TestEvalRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "cannot parse empty datetime",
		"||":                   "cannot parse empty datetime",
		"now*1d":               "operator not supported for date math [*1d]",
		"now-":                 "truncated date math [-]",
		"now-5":                "truncated date math [-5]",
		"now-1x":               "unit [x] not supported for date math [-1x]",
		"now/2d":               "rounding `/` can only be used on single unit types [/2d]",
		"now+99999999999999d":  "number too large",
		"now+1000000000y":      "beyond the years",
		"soon":                 "failed to parse date field [soon] with format [strict_date_optional_time||epoch_millis]",
		"2026-02-30T00:00:00Z": "failed to parse date field",
	} {
		_, err := Default.Eval(text, Instant{}, time.UTC, false)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "parse_exception") {
			t.Errorf("%q: %v, want parse_exception with %q", text, err, want)
		}
	}
	if _, err := Zone("Mars/Olympus"); err == nil || !strings.Contains(err.Error(), "Unknown time-zone ID: Mars/Olympus") {
		t.Errorf("an unknown zone: %v", err)
	}
}

func TestResolveName(t *testing.T) {
	now := FromMillis(1_772_230_530_123) // 2026-02-27T22:15:30.123Z
	for name, want := range map[string]string{
		"logs":                              "logs",
		"<logs-{now/d}-000001>":             "logs-2026.02.27-000001",
		"<logs-{now/M}>":                    "logs-2026.02.01",
		"<logs-{now/M{yyyy.MM}}>":           "logs-2026.02",
		"<logs-{now/d-1d}>":                 "logs-2026.02.26",
		"<logs-{now/d{yyyy.MM.dd|+12:00}}>": "logs-2026.02.28",
		"<a-{now/d{yyyy}}-{now/d{MM}}>":     "a-2026-02",
		"<logs-{now/d>":                     "",
		"<logs-}>":                          "",
		"<>":                                "",
		"<logs-{now/d{}}>":                  "",
		"<logs-{now/q}>":                    "",
		"<logs-{now/d{yyyy.MM.dd|Nowhere/Nothing}}>": "",
	} {
		got, err := ResolveName(name, now)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%s: %q (%v), want %q", name, got, err, want)
		}
	}
}
