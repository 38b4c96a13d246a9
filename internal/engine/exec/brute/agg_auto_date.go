package brute

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// autoDate makes a histogram of the shortest interval that has no more buckets than asked for. Documents have one value
// at most.
func (a *Aggregator) autoDate(docs []*Doc, n, o *Node) map[string]any {
	f, zone, target := a.field(o), zoneOf(o.text("time_zone", "")), int(o.number("buckets", 10))
	at := map[*Doc]time.Time{}
	var all []time.Time
	for _, d := range docs {
		for _, v := range d.values(f) {
			at[d] = f.time(v.(int64)).In(zone)
			all = append(all, at[d])
		}
	}
	units := []struct {
		name, letter string
		multiples    []int
	}{
		{"second", "s", []int{1, 5, 10, 30}}, {"minute", "m", []int{1, 5, 10, 30}}, {"hour", "h", []int{1, 3, 12}},
		{"day", "d", []int{1, 7}}, {"month", "M", []int{1, 3}}, {"year", "y", []int{1, 5, 10, 20, 50, 100}},
	}
	for len(units) > 0 && o.text("minimum_interval", units[0].name) != units[0].name {
		units = units[1:]
	}
	if len(all) == 0 {
		return map[string]any{"buckets": []any{}, "interval": "1" + units[0].letter}
	}
	first, last := slices.MinFunc(all, time.Time.Compare), slices.MaxFunc(all, time.Time.Compare)
	for i, u := range units {
		step := map[string]string{"second": "1s"}[u.name]
		floor, next := rounding(MustParse(fmt.Sprintf(`{"calendar_interval":%q}`, u.name)), zone)
		if step != "" {
			floor, next = rounding(MustParse(`{"fixed_interval":"1s"}`), zone)
		}
		var keys []time.Time
		most := target * u.multiples[len(u.multiples)-1]
		for key := floor(first); !key.After(last) && len(keys) <= most; key = next(key) {
			keys = append(keys, key)
		}
		if len(keys) > most && i < len(units)-1 {
			continue
		}
		multiple := 1
		for _, m := range u.multiples {
			if multiple = m; (len(keys)+m-1)/m <= target {
				break
			}
		}
		buckets := []any{}
		for j := 0; j < len(keys); j += multiple {
			var end time.Time
			if j+multiple < len(keys) {
				end = keys[j+multiple]
			} else {
				end = last.Add(1)
			}
			out := a.bucket(only(docs, func(d *Doc) bool {
				t, ok := at[d]
				return ok && !t.Before(keys[j]) && t.Before(end)
			}), n)
			out["key"] = number(float64(keys[j].UnixMilli()))
			out["key_as_string"] = printDate(keys[j].In(zone), f.printFormats(""))
			buckets = append(buckets, out)
		}
		return map[string]any{"buckets": buckets, "interval": strconv.Itoa(multiple) + u.letter}
	}
	panic("brute: no unit of time is long enough")
}
