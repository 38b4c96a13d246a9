package dates

import (
	"strings"
	"testing"
	"time"
)

func TestParseTimeValue(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30s": 30 * time.Second, "1.5h": 90 * time.Minute, "500ms": 500 * time.Millisecond, "7d": 7 * 24 * time.Hour, "5m": 5 * time.Minute,
		"10micros": 10 * time.Microsecond, "3nanos": 3, " 2 S ": 2 * time.Second, "1H": time.Hour, "0": 0, "0s": 0, "-1": -1, "-1s": -1, "99999999d": MaxTimeValue,
	} {
		if got, err := ParseTimeValue("x", text); err != nil || got != want {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"": "setting [x] with value [] as a time value: unit is missing", "5": "unit is missing or unrecognized", "1M": "unit is missing", "1w": "unit is missing",
		"1 fortnight": "unit is missing", "-5s": "negative durations are not supported", "s": "failed to parse [s]", "nans": "failed to parse [nans]", "infs": "failed to parse [infs]",
		"1e300d": "failed to parse [1e300d]", "0x1p4s": "failed to parse [0x1p4s]", "1_0s": "failed to parse [1_0s]",
	} {
		if got, err := ParseTimeValue("x", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q was read as %v (%v)", text, got, err)
		}
	}
}

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]int64{"30s": 30_000, "1.5h": 5_400_000, "2000micros": 2, "0": 0, "-1": -1, "-1s": -1, "5": -1} {
		got, err := ParseDuration(text)
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q is %d, want %d (%v)", text, got, want, err)
		}
	}
}
