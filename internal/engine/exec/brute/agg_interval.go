package brute

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// intervals are the buckets of a histogram.
type intervals struct {
	key   func(f *Field, v any) any // of a value; nil for none
	next  func(key any) any
	print func(out map[string]any, key any)
	ends  []any // of extended_bounds
}

func (a *Aggregator) intervals(docs []*Doc, n, o *Node, h intervals) map[string]any {
	groups := a.groupBy(docs, o, h.key)
	least := int(o.number("min_doc_count", 0))
	if least == 0 {
		groups = h.fill(groups)
	}
	groups = slices.DeleteFunc(groups, func(g *group) bool { return len(g.docs) < least })
	a.finish(groups, n, o, `[{"_key":"asc"}]`)
	list, keyed := []any{}, map[string]any{}
	for _, g := range groups {
		h.print(g.out, g.key)
		list = append(list, g.out)
		name, ok := g.out["key_as_string"].(string)
		if !ok {
			name = javaDouble(g.key.(float64))
		}
		keyed[name] = g.out
	}
	if o.truth("keyed", false) {
		return map[string]any{"buckets": keyed}
	}
	return map[string]any{"buckets": list}
}

// fill adds the empty buckets between the first and the last, or out to the ends.
func (h *intervals) fill(groups []*group) []*group {
	ends := slices.Clone(h.ends)
	if len(groups) > 0 {
		ends = append(ends, groups[0].key, groups[len(groups)-1].key)
	}
	if len(ends) == 0 {
		return groups
	}
	var out []*group
	last := slices.MaxFunc(ends, compare)
	for key := slices.MinFunc(ends, compare); compare(key, last) <= 0; key = h.next(key) {
		i, found := slices.BinarySearchFunc(groups, key, func(g *group, k any) int { return compare(g.key, k) })
		if found {
			out = append(out, groups[i])
		} else {
			out = append(out, &group{key: key})
		}
	}
	return out
}

func javaDouble(f float64) string {
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

func (a *Aggregator) histogram(docs []*Doc, n, o *Node) map[string]any {
	step, offset := o.number("interval", 0), o.number("offset", 0)
	key := func(x float64) any { return math.Floor((x-offset)/step)*step + offset }
	h := intervals{
		key:   func(f *Field, v any) any { return key(f.float(v)) },
		next:  func(k any) any { return k.(float64) + step },
		print: func(out map[string]any, k any) { out["key"] = number(k.(float64)) },
	}
	if b := o.Get("extended_bounds"); b != nil {
		h.ends = []any{key(b.number("min", 0)), key(b.number("max", 0))}
	}
	return a.intervals(docs, n, o, h)
}

func (a *Aggregator) dateHistogram(docs []*Doc, n, o *Node) map[string]any {
	field, format := a.field(o), o.text("format", "")
	zone := zoneOf(o.text("time_zone", ""))
	offset, err := time.ParseDuration(strings.Replace(o.text("offset", "0s"), "d", "h", 1))
	if err != nil {
		panic(err)
	}
	floor, next := rounding(o, zone)
	key := func(t time.Time) any { return floor(t.Add(-offset)).Add(offset).UnixMilli() }
	h := intervals{
		key: func(f *Field, v any) any {
			if f == nil || !f.isDate() {
				return key(time.UnixMilli(v.(int64)))
			}
			return key(f.time(v.(int64)))
		},
		next: func(k any) any { return next(time.UnixMilli(k.(int64)).Add(-offset)).Add(offset).UnixMilli() },
		print: func(out map[string]any, k any) {
			out["key"] = json.Number(fmt.Sprint(k))
			out["key_as_string"] = printDate(time.UnixMilli(k.(int64)).In(zone), field.printFormats(format))
		},
	}
	if b := o.Get("extended_bounds"); b != nil {
		for _, end := range []string{"min", "max"} {
			at, _, ok := parseDate(b.text(end, ""), field.printFormats(format))
			if !ok {
				panic("brute: extended_bounds " + b.text(end, ""))
			}
			y, m, d := at.Date() // the zone's, since comparisons write days alone
			h.ends = append(h.ends, key(time.Date(y, m, d, 0, 0, 0, 0, zone)))
		}
	}
	return a.intervals(docs, n, o, h)
}

// rounding gives the beginning of a time's interval and of the one after it.
func rounding(o *Node, zone *time.Location) (floor, next func(time.Time) time.Time) {
	if unit := o.text("calendar_interval", ""); unit != "" {
		u := unit[len(unit)-1]
		if len(unit) > 2 {
			u = map[string]byte{"minute": 'm', "hour": 'h', "day": 'd', "week": 'w', "month": 'M', "quarter": 'q', "year": 'y'}[unit]
		}
		floor = func(t time.Time) time.Time { return floorUnit(t.In(zone), u) }
		next = func(t time.Time) time.Time {
			if u == 'q' {
				return floor(t).AddDate(0, 3, 0)
			}
			return addUnit(floor(t), u, 1)
		}
		return floor, next
	}
	text := o.text("fixed_interval", "")
	days := strings.HasSuffix(text, "d")
	step, err := time.ParseDuration(strings.TrimSuffix(text, "d") + map[bool]string{true: "h"}[days])
	if err != nil {
		panic(err)
	}
	if days {
		step *= 24
	}
	floor = func(t time.Time) time.Time {
		_, shift := t.In(zone).Zone()
		local := t.UnixMilli() + int64(shift)*1000
		ms := step.Milliseconds()
		return time.UnixMilli(local - ((local%ms)+ms)%ms - int64(shift)*1000).In(zone)
	}
	return floor, func(t time.Time) time.Time { return floor(t).Add(step) }
}

// rangeItem is one range; the ends are numbers, in milliseconds for dates.
type rangeItem struct {
	key      string
	from, to float64
	n        *Node
	text     map[string]string // of dates
}

func (a *Aggregator) ranges(docs []*Doc, n, o *Node, dates bool) map[string]any {
	f := a.field(o)
	var items []rangeItem
	for _, r := range o.Get("ranges").list() {
		items = append(items, a.rangeItem(f, o, r, dates))
	}
	slices.SortStableFunc(items, func(x, y rangeItem) int { return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to)) })
	list, keyed := []any{}, map[string]any{}
	for _, r := range items {
		in := only(docs, func(d *Doc) bool {
			return slices.ContainsFunc(a.valuesOf(d, f, o), func(v any) bool { return f.float(v) >= r.from && f.float(v) < r.to })
		})
		out := a.bucket(in, n)
		for name, x := range map[string]float64{"from": r.from, "to": r.to} {
			if r.n.Get(name) == nil {
				continue
			}
			out[name] = number(x)
			if dates {
				out[name+"_as_string"] = r.text[name]
			}
		}
		if keyed[r.key] = out; !o.truth("keyed", false) {
			out["key"] = r.key
		}
		list = append(list, out)
	}
	if o.truth("keyed", false) {
		return map[string]any{"buckets": keyed}
	}
	return map[string]any{"buckets": list}
}

func (a *Aggregator) rangeItem(f *Field, o, r *Node, dates bool) rangeItem {
	item := rangeItem{key: r.text("key", ""), from: math.Inf(-1), to: math.Inf(1), n: r, text: map[string]string{}}
	var names []string
	for _, name := range []string{"from", "to"} {
		x, text := 0.0, "*"
		if end := r.Get(name); end != nil {
			if dates {
				formats := f.printFormats(o.text("format", ""))
				at := evalDate(end.Text, formats, false)
				x, text = float64(at.UnixMilli()), printDate(at, formats)
			} else {
				x = r.number(name, 0)
				text = javaDouble(x)
			}
			item.text[name] = text
			if name == "from" {
				item.from = x
			} else {
				item.to = x
			}
		}
		names = append(names, text)
	}
	if item.key == "" {
		item.key = strings.Join(names, "-")
	}
	return item
}
