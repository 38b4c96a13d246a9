package dates

import (
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	tests := []struct{ pattern, text, want string }{
		{"strict_date_optional_time", "2026", "2026-01-01T00:00:00Z"},
		{"strict_date_optional_time", "2026-02", "2026-02-01T00:00:00Z"},
		{"strict_date_optional_time", "2026-02-27", "2026-02-27T00:00:00Z"},
		{"strict_date_optional_time", "2026-02-27T", "2026-02-27T00:00:00Z"},
		{"strict_date_optional_time", "2026-02-27T22", "2026-02-27T22:00:00Z"},
		{"strict_date_optional_time", "2026-02-27T22:15", "2026-02-27T22:15:00Z"},
		{"strict_date_optional_time", "2026-02-27T22:15:30", "2026-02-27T22:15:30Z"},
		{"strict_date_optional_time", "2026-02-27T22:15:30.1", "2026-02-27T22:15:30.1Z"},
		{"strict_date_optional_time", "2026-02-27T22:15:30,123456789Z", "2026-02-27T22:15:30.123456789Z"},
		{"strict_date_optional_time", "2026-02-27T22:15:30.123+0100", "2026-02-27T21:15:30.123Z"},
		{"strict_date_optional_time", "2026-02-27T22:15:30-05:30", "2026-02-28T03:45:30Z"},
		{"strict_date_optional_time", "2026-02-27T22:15:30Europe/Berlin", "2026-02-27T21:15:30Z"},
		{"strict_date_optional_time", "1900-02-28T00:00:00Z", "1900-02-28T00:00:00Z"},
		{"strict_date_optional_time", "2024-02-29", "2024-02-29T00:00:00Z"},
		{"strict_date_optional_time", "2023-02-29", ""},
		{"strict_date_optional_time", "2026-13-01", ""},
		{"strict_date_optional_time", "2026-2-7", ""},
		{"strict_date_optional_time", "2026-02-27 22:15:30", ""},
		{"strict_date_optional_time", "2026-02-27T25:00", ""},
		{"strict_date_optional_time", "2026-02-27T24:00:00", "2026-02-28T00:00:00Z"},
		{"strict_date_optional_time", "2026-02-27T22:60", ""},
		{"strict_date_optional_time", "2026-02-27T22:15:30.", ""},
		{"strict_date_optional_time", "", ""},
		{"strict_date_optional_time", "1740648735847", ""},
		{"date_optional_time", "2026-2-7T3:4:5", "2026-02-07T03:04:05Z"},
		{"strict_date_time", "2026-02-27T22:15:30.123456+00:00", "2026-02-27T22:15:30.123456Z"},
		{"strict_date_time", "2026-02-27T22:15:30.123456", ""},
		{"epoch_millis", "1740648735847", "2025-02-27T09:32:15.847Z"},
		{"epoch_millis", "-1", "1969-12-31T23:59:59.999Z"},
		{"epoch_millis", "1.5", "1970-01-01T00:00:00.0015Z"},
		{"epoch_millis", "-0.5", "1969-12-31T23:59:59.9995Z"},
		{"epoch_millis", "1.", ""},
		{"epoch_millis", "1e3", ""},
		{"epoch_millis", "99999999999999999999", ""},
		{"epoch_second", "1740648735.847", "2025-02-27T09:32:15.847Z"},
		{"strict_date_optional_time||epoch_millis", "2020", "2020-01-01T00:00:00Z"},
		{"strict_date_optional_time||epoch_millis", "20200", "1970-01-01T00:00:20.2Z"},
		{"basic_date", "20260227", "2026-02-27T00:00:00Z"},
		{"basic_date_time", "20260227T221530.123Z", "2026-02-27T22:15:30.123Z"},
		{"basic_date_time_no_millis", "20260227T221530+01:00", "2026-02-27T21:15:30Z"},
		{"hour_minute_second", "10:11:12", "1970-01-01T10:11:12Z"},
		{"yyyy/MM/dd HH:mm:ss Z||yyyy/MM/dd Z", "2026/02/27 22:15:30 +0100", "2026-02-27T21:15:30Z"},
		{"yyyy-MM-dd HH:mm:ss", "2026-02-27 22:15:30", "2026-02-27T22:15:30Z"},
		{"dd/MMM/yyyy:HH:mm:ss Z", "27/Feb/2026:22:15:30 +0000", "2026-02-27T22:15:30Z"},
	}
	for _, tt := range tests {
		f, err := Compile(tt.pattern)
		if err != nil {
			t.Errorf("Compile(%q): %v", tt.pattern, err)
			continue
		}
		got := ""
		if at, err := f.Parse(tt.text, time.UTC); err == nil {
			got = at.Time(time.UTC).Format(time.RFC3339Nano)
		}
		if got != tt.want {
			t.Errorf("%s reads %q as %q, want %q", tt.pattern, tt.text, got, tt.want)
		}
		if at, ok := f.ParseBytes([]byte(tt.text)); ok != (tt.want != "") || ok && at.Time(time.UTC).Format(time.RFC3339Nano) != tt.want {
			t.Errorf("%s: ParseBytes(%q) disagrees with Parse", tt.pattern, tt.text)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	for _, pattern := range []string{"", " ", "yyyy||", "no_such_format", "yyyy'"} {
		if _, err := Compile(pattern); err == nil {
			t.Errorf("Compile(%q) succeeded", pattern)
		}
	}
}

func TestParseError(t *testing.T) {
	_, err := Default.Parse("yesterday", time.UTC)
	const want = "illegal_argument_exception: failed to parse date field [yesterday] with format [strict_date_optional_time||epoch_millis]: date_time_parse_exception: Failed to parse with all enclosed parsers"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestParseYearsBeyondMilliseconds(t *testing.T) {
	format := mustCompile("date_optional_time")
	berlin, err := Zone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{"292270000": true, "292279000": false, "700000000": false, "-292270000": true, "-700000000": false} {
		for _, loc := range []*time.Location{time.UTC, berlin} {
			at, err := format.Parse(text, loc)
			if (err == nil) != want || FromMillis(at.Millis()) != at {
				t.Errorf("%s in %v reads as %v, %v", text, loc, at, err)
			}
		}
		if _, ok := format.ParseBytes([]byte(text)); ok != want {
			t.Errorf("ParseBytes(%s) disagrees with Parse", text)
		}
	}
}

func TestParseInZone(t *testing.T) {
	berlin, err := Zone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ pattern, text, want string }{
		{DefaultPattern, "2026-07-01T12:00:00", "2026-07-01T10:00:00Z"},
		{DefaultPattern, "2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z"},
		{"yyyy-MM-dd HH:mm", "2026-01-01 12:00", "2026-01-01T11:00:00Z"},
		{"yyyy-MM-dd HH:mm XXX", "2026-01-01 12:00 Z", "2026-01-01T12:00:00Z"},
	} {
		f := mustCompile(tt.pattern)
		at, err := f.Parse(tt.text, berlin)
		if err != nil || at.Time(time.UTC).Format(time.RFC3339Nano) != tt.want {
			t.Errorf("%s reads %q as %v (%v), want %s", tt.pattern, tt.text, at.Time(time.UTC), err, tt.want)
		}
	}
}

func TestParseEnd(t *testing.T) {
	for _, tt := range []struct{ pattern, text, want string }{
		{DefaultPattern, "2026", "2026-01-01T23:59:59.999999999Z"},
		{DefaultPattern, "2026-02-27", "2026-02-27T23:59:59.999999999Z"},
		{DefaultPattern, "2026-02-27T22:15", "2026-02-27T22:15:59.999999999Z"},
		{DefaultPattern, "2026-02-27T22:15:30.5", "2026-02-27T22:15:30.5Z"},
		{"epoch_millis", "1000", "1970-01-01T00:00:01Z"},
		{"dd.MM.yyyy", "27.02.2026", "2026-02-27T23:59:59.999999999Z"},
		{"dd.MM.yyyy HH:mm", "27.02.2026 10:11", "2026-02-27T10:11:59.999999999Z"},
	} {
		at, err := mustCompile(tt.pattern).ParseEnd(tt.text, time.UTC)
		if got := at.Time(time.UTC).Format(time.RFC3339Nano); err != nil || got != tt.want {
			t.Errorf("%s reads the end of %q as %s (%v), want %s", tt.pattern, tt.text, got, err, tt.want)
		}
	}
}

func TestAppend(t *testing.T) {
	at := Instant{Sec: 1_772_230_530, Nano: 123_456_000}
	for pattern, want := range map[string]string{
		"strict_date_optional_time":     "2026-02-27T22:15:30.123456Z",
		"strict_date_time_no_millis":    "2026-02-27T22:15:30Z",
		"basic_date_time":               "20260227T221530.123456Z",
		"date":                          "2026-02-27",
		"year_month":                    "2026-02",
		"epoch_millis":                  "1772230530123.456",
		"epoch_second":                  "1772230530.123456",
		"yyyy.MM.dd||epoch_millis":      "2026.02.27",
		"t_time":                        "T22:15:30.123456Z",
		"strict_hour_minute":            "22:15",
		"date_hour_minute_second":       "2026-02-27T22:15:30",
		"strict_date_optional_time||yy": "2026-02-27T22:15:30.123456Z",
	} {
		if got := string(mustCompile(pattern).Append(nil, at, time.UTC)); got != want {
			t.Errorf("%s writes %s, want %s", pattern, got, want)
		}
	}
	plus := time.FixedZone("", 5*3600+30*60)
	if got := string(Default.AppendMillis(nil, 0, plus)); got != "1970-01-01T05:30:00.000+05:30" {
		t.Errorf("in a zone: %s", got)
	}
	if got := string(mustCompile("epoch_second").AppendMillis(nil, -400, time.UTC)); got != "-0.4" {
		t.Errorf("a negative epoch: %s", got)
	}
}

func TestNoGarbage(t *testing.T) {
	for _, text := range []string{"2026-02-27T22:15:30.123456+01:00", "1740648735847"} {
		b := []byte(text)
		if n := testing.AllocsPerRun(100, func() { Default.ParseBytes(b) }); n != 0 {
			t.Errorf("reading %q makes %v allocations", text, n)
		}
	}
}

func BenchmarkParseBytes(b *testing.B) {
	text := []byte("2026-02-27T22:15:30.123Z")
	b.ReportAllocs()
	for b.Loop() {
		Default.ParseBytes(text)
	}
}

// FuzzFormat checks that no text makes a format panic and that what a format
// has read it can write and read again.
func FuzzFormat(f *testing.F) {
	for _, seed := range []string{"2026-02-27T22:15:30.123Z", "1740648735847", "-1.25", "20260227", "2026-02-27T24:00", "now-1d/d", "2026||+1M/d", "9999-12-31", "-0"} {
		f.Add(seed)
	}
	formats := []*Format{
		Default, mustCompile("epoch_second"), mustCompile("basic_date_time"), mustCompile("date_optional_time"),
		mustCompile("yyyy/MM/dd HH:mm:ss Z"), mustCompile("strict_date_time"),
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, format := range formats {
			at, err := format.Parse(text, time.UTC)
			if err == nil {
				written := string(format.Append(nil, at, time.UTC))
				again, err := format.Parse(written, time.UTC)
				if year := at.Time(time.UTC).Year(); 0 <= year && year <= 9999 && (err != nil || again != at) {
					// Years with fewer or more digits have no written form in the strict formats.
					if format.pattern != "yyyy/MM/dd HH:mm:ss Z" || err == nil && again.Sec != at.Sec {
						t.Errorf("%s: %q reads as %v, is written %q and reads as %v (%v)", format, text, at, written, again, err)
					}
				}
			}
			for _, up := range []bool{false, true} {
				at, err := format.Eval(text, FromMillis(1_772_230_530_123), time.UTC, up)
				if err == nil && FromMillis(at.Millis()).Sec != at.Sec {
					t.Errorf("%s: %q evaluates to %v, in milliseconds %v", format, text, at, FromMillis(at.Millis()))
				}
			}
		}
	})
}
