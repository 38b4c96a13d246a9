package lifecycle

import (
	"errors"
	"maps"
	"regexp"
	"strconv"
	"time"

	"elkhorn/internal/es"
)

// errNeverRolled is an index that no phase but the hot one can be for: its policy rolls over, and
// neither an alias nor a date in its name says when that is to be.
var errNeverRolled = errors.New("its policy has a rollover, but it is not the write index of an alias " +
	"(index.lifecycle.rollover_alias), its name has no date and the rollover no max_age: it stays in its first phase and is never deleted")

// clockStart is the time from which an index's ages are counted. ok is false while the index is still
// to be rolled over. The cases, in this order:
//
//   - the policy has no rollover: the making of the index, or index.lifecycle.origination_date
//   - it is the write index of its alias: not rolled over yet
//   - index.lifecycle.indexing_complete is set, or another index of the alias was made later: that
//     index's making, else its own
//   - it carries a date: the end of that day (or hour, or month), but not before its making, so that old
//     logs that are brought in today stay for as long as fresh ones do
//   - the rollover has a max_age: that long after its making
func clockStart(ix *es.IndexInfo, rollover *es.RolloverConditions, successor time.Time) (start time.Time, ok bool, err error) {
	made := ix.Created
	if text := ix.Settings["index.lifecycle.origination_date"]; text != "" {
		millis, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return time.Time{}, false, errors.New("index.lifecycle.origination_date is not a number of milliseconds")
		}
		made = time.UnixMilli(millis)
	}
	if rollover == nil {
		return made, true, nil
	}
	if _, writing := writeAlias(ix); writing {
		return time.Time{}, false, nil
	}
	if !ix.RolledOver.IsZero() {
		return ix.RolledOver, true, nil
	}
	if !successor.IsZero() {
		return successor, true, nil
	}
	if ix.Settings["index.lifecycle.indexing_complete"] == "true" || ix.DataStream != "" {
		return made, true, nil
	}
	if end, dated := endOfDate(ix.Name); dated {
		if end.Before(made) {
			end = made
		}
		return end, true, nil
	}
	if rollover.MaxAge > 0 {
		return made.Add(rollover.MaxAge), true, nil
	}
	return time.Time{}, false, errNeverRolled
}

// writeAlias is the alias that an index is rolled over by, when writes to it go to this index.
func writeAlias(ix *es.IndexInfo) (alias string, ok bool) {
	if ix.DataStream != "" {
		return ix.DataStream, ix.StreamWrite
	}
	alias = ix.Settings["index.lifecycle.rollover_alias"]
	if alias == "" || ix.Settings["index.lifecycle.indexing_complete"] == "true" {
		return "", false
	}
	for _, a := range ix.Aliases {
		if a.Name == alias {
			return alias, a.IsWriteIndex != nil && *a.IsWriteIndex
		}
	}
	return "", false
}

// successors are, by index name, the times at which the next index of the rollover alias was made:
// when each index was rolled over. An index without one has none.
func successors(indices []es.IndexInfo) map[string]time.Time {
	next := map[string]time.Time{}
	for i := range indices {
		old := &indices[i]
		alias := old.Settings["index.lifecycle.rollover_alias"]
		if alias == "" || !carries(old, alias) {
			continue
		}
		for j := range indices {
			later := &indices[j]
			if !later.Created.After(old.Created) || !carries(later, alias) {
				continue
			}
			if t, ok := next[old.Name]; !ok || later.Created.Before(t) {
				next[old.Name] = later.Created
			}
		}
	}
	return next
}

func carries(ix *es.IndexInfo, alias string) bool {
	for _, a := range ix.Aliases {
		if a.Name == alias {
			return true
		}
	}
	return false
}

// datedName ends in a date, with points or hyphens, down to the month, day or hour; a number of the
// kind that rollover counts up may follow.
var datedName = regexp.MustCompile(`(?:^|[^0-9])(\d{4})[.-](\d{2})(?:[.-](\d{2})(?:[.-](\d{2}))?)?(?:-\d{1,6})?$`)

// endOfDate is the end of the time that a dated name is for, in UTC.
func endOfDate(name string) (end time.Time, ok bool) {
	m := datedName.FindStringSubmatch(name)
	if m == nil {
		return time.Time{}, false
	}
	part := func(i, absent int) int {
		n, err := strconv.Atoi(m[i])
		if err != nil { // the part is not there: it is digits otherwise
			return absent
		}
		return n
	}
	year, month, day, hour := part(1, 0), part(2, 1), part(3, 1), part(4, 0)
	start := time.Date(year, time.Month(month), day, hour, 0, 0, 0, time.UTC)
	if start.Month() != time.Month(month) || start.Day() != day || start.Hour() != hour {
		return time.Time{}, false // 2026.02.31 is no date
	}
	switch {
	case m[4] != "":
		return start.Add(time.Hour), true
	case m[3] != "":
		return start.AddDate(0, 0, 1), true
	default:
		return start.AddDate(0, 1, 0), true
	}
}

// parsedOrigin gives an index whose setting index.lifecycle.parse_origination_date is true the date in its name as its
// origination date.
func parsedOrigin(ix *es.IndexInfo) (es.IndexInfo, bool) {
	if ix.Settings["index.lifecycle.parse_origination_date"] != "true" || ix.Settings["index.lifecycle.origination_date"] != "" {
		return *ix, false
	}
	m := datedName.FindStringSubmatch(ix.Name)
	if m == nil || m[3] == "" {
		return *ix, false
	}
	day, err := time.Parse("2006-01-02", m[1]+"-"+m[2]+"-"+m[3])
	if err != nil {
		return *ix, false
	}
	out := *ix
	out.Settings = maps.Clone(ix.Settings)
	out.Settings["index.lifecycle.origination_date"] = strconv.FormatInt(day.UnixMilli(), 10)
	return out, true
}
