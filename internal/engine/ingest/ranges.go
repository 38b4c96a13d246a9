package ingest

import (
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
)

// A range is held as its ends, both inclusive, as bytes that compare as the ends do; see segment.RangeEnd.

// readRange reads {"gte":…,"lt":…}, an array of these, or for addresses a network.
func readRange(f *field, w *walker, raw []byte) (format byte, reason *eserr.Error) {
	n, err := jsonval.Parse(raw)
	if err != nil {
		return 0, eserr.From(err)
	}
	items := []jsonval.Node{*n}
	if n.Kind == jsonval.Array {
		items = n.Items
	}
	for i := range items {
		if items[i].Kind == jsonval.Null {
			continue
		}
		if reason := f.addRange(w, &items[i]); reason != nil {
			return 0, reason
		}
	}
	return segment.FormatLiteral, nil
}

func (f *field) addRange(w *walker, n *jsonval.Node) *eserr.Error {
	lo, hi := f.openEnds()
	switch {
	case n.Kind == jsonval.String && f.rangeOf == mapping.IPRange:
		p, err := netip.ParsePrefix(n.Text)
		if err != nil {
			return eserr.IllegalArgument("Expected [ip/prefix] but was [%s]", n.Text)
		}
		lo, hi = segment.NetworkEnds(p)
	case n.Kind != jsonval.Object:
		return eserr.IllegalArgument("error parsing field [%s], expected an object but got %s", f.name, n.Text)
	default:
		for i, key := range n.Keys {
			item := &n.Items[i]
			if item.Kind == jsonval.Null {
				continue
			}
			end, low, inclusive := &lo, key == "gte" || key == "gt", key == "gte" || key == "lte"
			if !low {
				end = &hi
				if key != "lte" && key != "lt" {
					return eserr.IllegalArgument("error parsing field [%s], with unknown parameter [%s]", f.name, key)
				}
			}
			var reason *eserr.Error
			if *end, reason = f.rangeEnd(item, low, inclusive); reason != nil {
				return reason
			}
		}
	}
	if string(lo) > string(hi) {
		return eserr.IllegalArgument("min value is greater than max value in range field [%s]: %s", f.name, n.Raw)
	}
	from := len(w.scratch)
	w.scratch = append(append(w.scratch, lo...), hi...)
	w.values = append(w.values, w.scratch[from:len(w.scratch):len(w.scratch)])
	return nil
}

// openEnds are the ends of a range that names none.
func (f *field) openEnds() (lo, hi []byte) {
	switch f.rangeOf {
	case mapping.IPRange:
		lo, hi = make([]byte, 16), make([]byte, 16)
		for i := range hi {
			hi[i] = 0xff
		}
		return lo, hi
	case mapping.FloatRange, mapping.DoubleRange:
		return segment.FloatEnd(math.Inf(-1)), segment.FloatEnd(math.Inf(1))
	case mapping.IntegerRange:
		return segment.RangeEnd(math.MinInt32), segment.RangeEnd(math.MaxInt32)
	}
	return segment.RangeEnd(math.MinInt64), segment.RangeEnd(math.MaxInt64)
}

// rangeEnd reads one end. An exclusive one is moved inwards by the least step there is.
func (f *field) rangeEnd(n *jsonval.Node, low, inclusive bool) ([]byte, *eserr.Error) {
	step := 0
	if !inclusive {
		step = -1
		if low {
			step = 1
		}
	}
	switch f.rangeOf {
	case mapping.IPRange:
		ip, err := netip.ParseAddr(n.Text)
		if err != nil || ip.Zone() != "" {
			return nil, eserr.IllegalArgument("'%s' is not an IP string literal.", n.Text)
		}
		ip = netip.AddrFrom16(ip.As16())
		switch step {
		case 1:
			ip = ip.Next()
		case -1:
			ip = ip.Prev()
		}
		if !ip.IsValid() {
			return nil, eserr.IllegalArgument("range of field [%s] has no address beyond [%s]", f.name, n.Text)
		}
		b := ip.As16()
		return b[:], nil
	case mapping.FloatRange, mapping.DoubleRange:
		return f.floatEnd(n, step)
	case mapping.DateRange:
		if strings.HasPrefix(n.Text, "now") { // what a document says must not depend on when it is read again
			return nil, eserr.IllegalArgument("failed to parse date field [%s] with format [%s]", n.Text, f.format)
		}
		at, err := f.format.Eval(n.Text, dates.Instant{}, time.UTC, low != inclusive)
		if err != nil {
			return nil, eserr.From(err)
		}
		return segment.RangeEnd(at.Millis() + int64(step)), nil
	}
	return f.intEnd(n, step)
}

func (f *field) floatEnd(n *jsonval.Node, step int) ([]byte, *eserr.Error) {
	x, err := strconv.ParseFloat(n.Text, 64)
	if err != nil || n.Kind == jsonval.Bool || n.Kind == jsonval.String && !f.coerce {
		return nil, eserr.NumberFormat(n.Text)
	}
	if f.rangeOf == mapping.FloatRange {
		y := float32(x)
		if step != 0 {
			y = math.Nextafter32(y, float32(math.Inf(step)))
		}
		return segment.FloatEnd(float64(y)), nil
	}
	if step != 0 {
		x = math.Nextafter(x, math.Inf(step))
	}
	return segment.FloatEnd(x), nil
}

func (f *field) intEnd(n *jsonval.Node, step int) ([]byte, *eserr.Error) {
	v, ok := n.Scalar().Int64()
	if !ok && f.coerce {
		x, number := n.Scalar().Float64()
		v, ok = int64(x), number && math.Abs(x) < 1<<63
	}
	if !ok || n.Kind == jsonval.Bool || n.Kind == jsonval.String && !f.coerce {
		return nil, eserr.NumberFormat(n.Text)
	}
	lo, hi := int64(math.MinInt64), int64(math.MaxInt64)
	if f.rangeOf == mapping.IntegerRange {
		lo, hi = math.MinInt32, math.MaxInt32
	}
	if v < lo || v > hi || step > 0 && v == hi || step < 0 && v == lo {
		return nil, eserr.IllegalArgument("Value [%s] is out of range for %s", n.Text, f.typeName)
	}
	return segment.RangeEnd(v + int64(step)), nil
}
