package dates

import (
	"testing"
	"time"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func millis(t *testing.T, text string) int64 {
	t.Helper()
	at, err := Default.Parse(text, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return at.Millis()
}

func TestCalendarRounding(t *testing.T) {
	for _, tt := range []struct {
		unit             Unit
		zone, at         string
		wantStart, wantN string // start of this interval and of the next
	}{
		{Second, "", "2026-02-27T22:15:30.5Z", "2026-02-27T22:15:30Z", "2026-02-27T22:15:31Z"},
		{Minute, "", "2026-02-27T22:15:30Z", "2026-02-27T22:15:00Z", "2026-02-27T22:16:00Z"},
		{Hour, "", "1969-12-31T23:30:00Z", "1969-12-31T23:00:00Z", "1970-01-01T00:00:00Z"},
		{Day, "", "2026-02-27T22:15:30Z", "2026-02-27", "2026-02-28"},
		{Week, "", "2026-03-01T22:15:30Z", "2026-02-23", "2026-03-02"},
		{Week, "", "1969-12-30", "1969-12-29", "1970-01-05"},
		{Month, "", "2026-02-27", "2026-02-01", "2026-03-01"},
		{Quarter, "", "2026-06-30", "2026-04-01", "2026-07-01"},
		{Year, "", "2026-06-30", "2026-01-01", "2027-01-01"},
		{Day, "+05:30", "2026-02-27T22:15:30Z", "2026-02-27T18:30:00Z", "2026-02-28T18:30:00Z"},
		// 23 and 25 hours.
		{Day, "Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
		{Day, "Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
		{Month, "America/New_York", "2026-03-15T12:00:00Z", "2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z"},
		// The hour from two to three is passed twice, and both are buckets.
		{Hour, "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"},
		{Hour, "Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"},
		// Midnight did not exist: the day began at one.
		{Day, "America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"},
		// Half an hour's change: clocks went from two back to half past one.
		{Hour, "Australia/Lord_Howe", "2026-04-04T15:10:00Z", "2026-04-04T14:00:00Z", "2026-04-04T15:30:00Z"},
	} {
		r := CalendarRounding(tt.unit, 0, zone(t, tt.zone))
		start := r.Round(millis(t, tt.at))
		if want := millis(t, tt.wantStart); start != want {
			t.Errorf("%s in %q of %s starts at %s, want %s", tt.unit, tt.zone, tt.at, time.UnixMilli(start).UTC(), tt.wantStart)
			continue
		}
		if next, want := r.Next(start), millis(t, tt.wantN); next != want {
			t.Errorf("%s in %q after %s starts at %s, want %s", tt.unit, tt.zone, tt.wantStart, time.UnixMilli(next).UTC(), tt.wantN)
		}
	}
}

func TestFixedRounding(t *testing.T) {
	const hour = 3_600_000
	for _, tt := range []struct {
		interval, offset int64
		zone, at, want   string
	}{
		{5 * 60_000, 0, "", "2026-02-27T22:17:30Z", "2026-02-27T22:15:00Z"},
		{24 * hour, 6 * hour, "", "2026-02-27T05:00:00Z", "2026-02-26T06:00:00Z"},
		{24 * hour, 0, "+05:30", "2026-02-27T22:15:30Z", "2026-02-27T18:30:00Z"},
		{hour, 0, "", "1969-12-31T23:30:00Z", "1969-12-31T23:00:00Z"},
		{24 * hour, 0, "Europe/Berlin", "2026-07-01T12:00:00Z", "2026-06-30T22:00:00Z"},
		{24 * hour, 0, "Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z"},
	} {
		r := FixedRounding(tt.interval, tt.offset, zone(t, tt.zone))
		if got, want := r.Round(millis(t, tt.at)), millis(t, tt.want); got != want {
			t.Errorf("%d+%d in %q of %s starts at %s, want %s", tt.interval, tt.offset, tt.zone, tt.at, time.UnixMilli(got).UTC(), tt.want)
		}
	}
}

// TestRoundingIsConsistent walks over clock changes in small steps: a start
// rounds to itself, is not after the instant, never goes back, and Next leads
// from each start to the one that Round finds next.
func TestRoundingIsConsistent(t *testing.T) {
	roundings := map[string]*Rounding{}
	for _, name := range []string{"UTC", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "+05:45"} {
		loc := zone(t, name)
		for unit := Minute; unit <= Month; unit++ {
			roundings[unit.String()+" in "+name] = CalendarRounding(unit, 0, loc)
		}
		for _, interval := range []int64{600_000, 3_600_000, 10_800_000, 86_400_000} {
			roundings[time.Duration(interval*1e6).String()+" in "+name] = FixedRounding(interval, 0, loc)
		}
		roundings["shifted day in "+name] = CalendarRounding(Day, 7*3_600_000, loc)
	}
	for name, r := range roundings {
		for _, from := range []string{"2026-03-27", "2026-10-23", "2026-04-03", "2026-10-02", "2018-11-02", "2018-02-15", "1969-12-30"} {
			last := r.Round(millis(t, from))
			for ms := millis(t, from); ms < millis(t, from)+4*86_400_000; ms += 170_000 {
				start := r.Round(ms)
				switch {
				case start > ms:
					t.Fatalf("%s: %s rounds up to %s", name, time.UnixMilli(ms).UTC(), time.UnixMilli(start).UTC())
				case r.Round(start) != start:
					t.Fatalf("%s: the start %s rounds to %s", name, time.UnixMilli(start).UTC(), time.UnixMilli(r.Round(start)).UTC())
				case start < last:
					t.Fatalf("%s: %s rounds back to %s", name, time.UnixMilli(ms).UTC(), time.UnixMilli(start).UTC())
				}
				for last < start {
					next := r.Next(last)
					if next <= last || next > start {
						t.Fatalf("%s: after %s comes %s, past %s", name, time.UnixMilli(last).UTC(), time.UnixMilli(next).UTC(), time.UnixMilli(start).UTC())
					}
					last = next
				}
			}
		}
	}
}

func TestFixedMillis(t *testing.T) {
	r := CalendarRounding(Week, 3_600_000, time.UTC)
	for _, at := range []string{"2026-02-27", "1969-12-25T03:00:00Z"} {
		ms := millis(t, at)
		want := floorMultiple(ms-r.Shift(), r.FixedMillis()) + r.Shift()
		if got := r.Round(ms); got != want {
			t.Errorf("%s: Round gives %d, the formula %d", at, got, want)
		}
	}
	if CalendarRounding(Month, 0, time.UTC).FixedMillis() != 0 || CalendarRounding(Day, 0, zone(t, "Europe/Berlin")).FixedMillis() != 0 {
		t.Error("intervals of different lengths have a fixed one")
	}
}
