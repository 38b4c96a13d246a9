package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Range makes a bucket per given range of numbers; ranges may overlap.
type Range struct {
	Source
	Ranges []RangeItem
	Keyed  bool
}

// RangeItem is one range: From is inside, To is not. Null ends are open.
type RangeItem struct {
	// Key is empty where the store is to make one of the ends.
	Key      string
	From, To Value
}

// Kind returns "range".
func (*Range) Kind() string { return "range" }

// Family returns Bucket.
func (*Range) Family() Family { return Bucket }

func (b *Range) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	writeRanges(&w, b.Ranges)
	w.BoolIf("keyed", b.Keyed)
	return w.End()
}

func writeRanges(w *jsonval.Writer, ranges []RangeItem) {
	w.Key("ranges")
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i, r := range ranges {
			if i > 0 {
				dst = append(dst, ',')
			}
			item := jsonval.Begin(dst)
			item.StringIf("key", r.Key)
			if !r.From.IsNull() {
				item.Scalar("from", r.From)
			}
			if !r.To.IsNull() {
				item.Scalar("to", r.To)
			}
			dst = item.End()
		}
		return append(dst, ']')
	})
}

func parseRange(p *parser, n *jsonval.Node) (Body, error) {
	b := &Range{}
	err := p.options(n, p.source(&b.Source, options{
		"ranges": p.ranges(&b.Ranges),
		"keyed":  p.boolean(&b.Keyed),
	}))
	if err != nil {
		return nil, err
	}
	for _, r := range b.Ranges {
		for _, end := range []Value{r.From, r.To} {
			if _, ok := end.Float64(); !ok && !end.IsNull() {
				return nil, eserr.NumberFormat(end.Text)
			}
		}
	}
	return b, p.checkRanges(b.Field, b.Ranges)
}

func (p *parser) checkRanges(field string, ranges []RangeItem) error {
	if field == "" {
		return p.noField()
	}
	if len(ranges) == 0 {
		return eserr.IllegalArgument("No [ranges] specified for the [%s] aggregation", p.name)
	}
	return nil
}

// DateRange makes a bucket per given range of time. Ends are dates or date
// math, rounded down.
type DateRange struct {
	Source
	Ranges []RangeItem
	Keyed  bool
	// TimeZone is for ends that name none and for rounding.
	TimeZone string
}

// Kind returns "date_range".
func (*DateRange) Kind() string { return "date_range" }

// Family returns Bucket.
func (*DateRange) Family() Family { return Bucket }

func (b *DateRange) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	writeRanges(&w, b.Ranges)
	w.BoolIf("keyed", b.Keyed)
	w.StringIf("time_zone", b.TimeZone)
	return w.End()
}

func parseDateRange(p *parser, n *jsonval.Node) (Body, error) {
	b := &DateRange{}
	err := p.options(n, p.source(&b.Source, options{
		"ranges":    p.ranges(&b.Ranges),
		"keyed":     p.boolean(&b.Keyed),
		"time_zone": p.text(&b.TimeZone),
	}))
	if err != nil {
		return nil, err
	}
	return b, p.checkRanges(b.Field, b.Ranges)
}

// ranges reads an array of {"key","from","to"}.
func (p *parser) ranges(target *[]RangeItem) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Array {
			return at.unknownToken(n)
		}
		for i := range n.Items {
			if n.Items[i].Kind != jsonval.Object {
				return at.unknownToken(&n.Items[i])
			}
			var r RangeItem
			err := p.members(&n.Items[i], options{
				"key": p.text(&r.Key), "from": p.scalar(&r.From), "to": p.scalar(&r.To),
			})
			if err != nil {
				return err
			}
			*target = append(*target, r)
		}
		return nil
	}
}
