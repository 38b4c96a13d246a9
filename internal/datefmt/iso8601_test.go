package datefmt

import (
	"testing"
	"time"
)

func TestParseISO8601(t *testing.T) {
	zone := time.FixedZone("", 3600)
	for _, c := range []struct {
		text, want string
		hasZone    bool
	}{
		{"2026-12-25T14:32:18.456Z", "2026-12-25T14:32:18.456Z", true},
		{"2026-12-25 14:32:18,456", "2026-12-25T13:32:18.456Z", false},
		{"2026-12-25 14:32:18,456 +0200", "2026-12-25T12:32:18.456Z", true},
		{"2026-12-25T14:32:18.123456789+05:30", "2026-12-25T09:02:18.123456789Z", true},
		{"2026-12-25T14:32:18.1234567899-08", "2026-12-25T22:32:18.123456789Z", true},
		{"2026-12-25T14:32:18+01:00:30", "2026-12-25T13:31:48Z", true},
		{"2026-12-25T14:32", "2026-12-25T13:32:00Z", false},
		{"2026-12-25T14", "2026-12-25T13:00:00Z", false},
		{"2026-12-25T14Z", "2026-12-25T14:00:00Z", true},
		{"2026-12-25T", "2026-12-24T23:00:00Z", false},
		{"2026-12-25", "2026-12-24T23:00:00Z", false},
		{"2026-1-5", "2026-01-04T23:00:00Z", false},
		{"2026-12", "2026-11-30T23:00:00Z", false},
		{"2026", "2025-12-31T23:00:00Z", false},
		{"2024-366T00:00Z", "2024-12-31T00:00:00Z", true},
		{"2026-W53-5T00:00Z", "2027-01-01T00:00:00Z", true},
		{"20261225T143218Z", "2026-12-25T14:32:18Z", true},
		{"20261225T1432Z", "2026-12-25T14:32:00Z", true},
		{"20261225", "2026-12-24T23:00:00Z", false},
		{"2026-12-31T24:00:00Z", "2027-01-01T00:00:00Z", true},
		{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", true},
		{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", true},
		{"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z", true},
	} {
		got, hasZone, err := ParseISO8601(c.text, zone)
		if err != nil || hasZone != c.hasZone || got.Format(time.RFC3339Nano) != c.want {
			t.Errorf("%s: got %v, zone %v (%v), want %s, zone %v", c.text, got, hasZone, err, c.want, c.hasZone)
		}
		fromBytes, _, err := ParseISO8601([]byte(c.text), zone)
		if err != nil || !fromBytes.Equal(got) {
			t.Errorf("%s: bytes give %v (%v), text gives %v", c.text, fromBytes, err, got)
		}
	}
	for _, text := range []string{"", "T", "26", "2026-", "2026-1", "2026-12-", "2026-12-25X", "2026-12-25 ", "2026-12-25T14:",
		"2026-12-25T14:3", "2026-12-25T14:32:18.", "2026-12-25T14:32:18.Z", "2026-12-25T14:32:18ZZ", "2026-12-25T14:32:18+1",
		"2026-12-25T14:32:18+19:00", "2026-02-29", "2026-13-01", "2026-12-25T25:00", "2026-12-25T24:00:01", "2026-12-25T14:60",
		"2026-12-25T1432", "2026-W54-1", "2026-W00-1", "2026-000", "1735136000", "2026-12-25T14:32:18 ", "2026-12-25  14:32"} {
		if got, _, err := ParseISO8601(text, nil); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// TestCivilDays compares the calendar arithmetic with the standard library's over both ends of leap years and centuries.
func TestCivilDays(t *testing.T) {
	for day := -800_000; day < 800_000; day += 13 {
		want := time.Unix(int64(day)*86_400, 0).UTC()
		year, month, dayOfMonth := civil(day)
		if year != want.Year() || month != int(want.Month()) || dayOfMonth != want.Day() {
			t.Fatalf("day %d is %d-%d-%d, want %v", day, year, month, dayOfMonth, want)
		}
		if back := daysFromCivil(year, month, dayOfMonth); back != day {
			t.Fatalf("%v is day %d, want %d", want, back, day)
		}
		isoYear, week := want.ISOWeek()
		if got := firstWeekStart(isoYear) + (week-1)*7 + isoWeekday(day) - 1; got != day {
			t.Fatalf("%v: week %d of %d gives day %d, want %d", want, week, isoYear, got, day)
		}
	}
}

func TestEpochs(t *testing.T) {
	for _, c := range []struct {
		name  string
		parse func(string) (time.Time, error)
		text  string
		want  string
	}{
		{"UNIX", ParseUnix, "1478207457", "2016-11-03T21:10:57Z"},
		{"UNIX", ParseUnix, "1478207457.456", "2016-11-03T21:10:57.456Z"},
		{"UNIX", ParseUnix, "-1.5", "1969-12-31T23:59:58.5Z"},
		{"UNIX", ParseUnix, "1478207457456", ""},
		{"UNIX", ParseUnix, "1478207457.", ""},
		{"UNIX", ParseUnix, ".5", ""},
		{"UNIX", ParseUnix, "1e9", ""},
		{"UNIX", ParseUnix, "99999999999999999999", ""},
		{"UNIX_MS", ParseUnixMillis, "1478207457456", "2016-11-03T21:10:57.456Z"},
		{"UNIX_MS", ParseUnixMillis, "-1", "1969-12-31T23:59:59.999Z"},
		{"UNIX_MS", ParseUnixMillis, "1478207457456.1", ""},
		{"UNIX_MS", ParseUnixMillis, "", ""},
		{"TAI64N", ParseTAI64N, "@4000000050d506482dbdf024", "2012-12-22T01:00:46.767422500Z"},
		{"TAI64N", ParseTAI64N, "4000000050D506482DBDF024", "2012-12-22T01:00:46.767422500Z"},
		{"TAI64N", ParseTAI64N, "@4000000050d506482dbdf02", ""},
		{"TAI64N", ParseTAI64N, "@4000000050d50648ffffffff", ""},
		{"TAI64N", ParseTAI64N, "@ffffffffffffffff00000000", ""},
	} {
		got, err := c.parse(c.text)
		want, _ := time.Parse(time.RFC3339Nano, c.want)
		if (err == nil) != (c.want != "") || !got.Equal(want) {
			t.Errorf("%s %q: got %v (%v), want %q", c.name, c.text, got, err, c.want)
		}
	}
}

func TestLoadZone(t *testing.T) {
	at := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	for id, want := range map[string]int{"UTC": 0, "Z": 0, "PST": -8 * 3600, "+02:30": 9000, "-0800": -28800, "Asia/Tokyo": 32400, "Etc/GMT+3": -10800,
		"GMT+2": 7200, "UTC-02:30": -9000, "UT+0100": 3600, "GMT-0200": -7200, "+5": 18000, "GMT0": 0} {
		loc, err := LoadZone(id)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		if _, got := at.In(loc).Zone(); got != want {
			t.Errorf("%s: offset %d, want %d", id, got, want)
		}
	}
	for _, id := range []string{"", "Local", "Mars/Base", "../etc/passwd", "+99:00", "Europe/Berlin ", "GMT+", "GMT+123", "UTC+2x", "+x"} {
		if loc, err := LoadZone(id); err == nil {
			t.Errorf("%q is read as %v", id, loc)
		}
	}
}

func FuzzParseISO8601(f *testing.F) {
	for _, text := range []string{"2026-12-25T14:32:18.456Z", "20261225T143218+01", "2026-W53-5", "2024-366", "1478207457.456", "@4000000050d506482dbdf024", "0000 0+0001"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, _, err := ParseISO8601(text, nil)
		if err == nil && got.Year() >= 0 { // an offset can lead out of the years that have four digits
			again, hasZone, err := ParseISO8601(got.Format(time.RFC3339Nano), nil)
			if err != nil || !hasZone || !again.Equal(got) {
				t.Errorf("%q gives %v, and that gives %v (%v)", text, got, again, err)
			}
		}
		for _, parse := range []func(string) (time.Time, error){ParseUnix, ParseUnixMillis, ParseTAI64N} {
			if got, err := parse(text); err == nil && got.Location() != time.UTC {
				t.Errorf("%q is not in UTC", text)
			}
		}
	})
}

func BenchmarkParseISO8601(b *testing.B) {
	line := []byte("2026-12-25T14:32:18.456Z")
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := ParseISO8601(line, nil); err != nil {
			b.Fatal(err)
		}
	}
}
