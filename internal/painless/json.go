package painless

import (
	"math"
	"strconv"
	"time"

	"elkhorn/internal/es/jsonval"
)

// FromJSON makes a value of a parsed document: objects and lists are new ones, which a script may change. Whole numbers are ints or longs,
// others doubles.
func FromJSON(n *jsonval.Node) Value {
	if n == nil {
		return Null
	}
	switch n.Kind {
	case jsonval.Bool:
		return BoolOf(n.Text == "true")
	case jsonval.Number:
		return numberFromJSON(n.Text)
	case jsonval.String:
		return StringOf(n.Text)
	case jsonval.Array:
		items := make([]Value, len(n.Items))
		for i := range n.Items {
			items[i] = FromJSON(&n.Items[i])
		}
		return listValue(&List{items: items})
	case jsonval.Object:
		return MapOf(NewLazyMap(func(m *Map) {
			for i, key := range n.Keys {
				m.SetText(key, FromJSON(&n.Items[i]))
			}
		}))
	}
	return Null
}

func numberFromJSON(text string) Value {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return WholeOf(n)
	}
	x, _ := strconv.ParseFloat(text, 64)
	return DoubleOf(x)
}

// maxJSONDepth bounds how deep values are written: a list can hold itself.
const maxJSONDepth = 200

// AppendJSON writes a value as JSON. Numbers that JSON has not are texts, as Elasticsearch writes them: "NaN", "Infinity", "-Infinity". What
// it cannot hold at all, such as a list in itself, is an error.
func AppendJSON(dst []byte, v Value) ([]byte, error) { return appendJSON(dst, v, 0) }

func appendJSON(dst []byte, v Value, depth int) ([]byte, error) {
	if depth > maxJSONDepth {
		return dst, unwritable("Iterable object is self-referencing itself")
	}
	switch v.kind {
	case KindNull:
		return append(dst, "null"...), nil
	case KindBool:
		return strconv.AppendBool(dst, v.num != 0), nil
	case KindFloat, KindDouble:
		if x := v.Double(); math.IsInf(x, 0) || math.IsNaN(x) {
			return jsonval.AppendString(dst, v.String()), nil
		}
		return appendNumber(dst, v), nil
	case KindByte, KindShort, KindInt, KindLong:
		return appendNumber(dst, v), nil
	case KindDate:
		return jsonval.AppendString(dst, isoMillis(v.Time())), nil
	case KindList:
		return appendJSONList(dst, v.ref.(*List).items, depth)
	case KindValues:
		return appendJSONList(dst, valuesList(v).items, depth)
	case KindSet:
		return appendJSONList(dst, keysOf(v.ref.(*Map)), depth)
	case KindMap:
		m := v.ref.(*Map)
		dst = append(dst, '{')
		for i := range m.Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(jsonval.AppendString(dst, m.keys[i].String()), ':')
			var err error
			if dst, err = appendJSON(dst, m.values[i], depth+1); err != nil {
				return dst, err
			}
			if len(dst) > maxBytes {
				return dst, unwritable("a value is too large to be written")
			}
		}
		return append(dst, '}'), nil
	case KindObject:
		switch o := v.ref.(type) {
		case *view:
			return appendJSONList(dst, o.items(nil), depth)
		case *stream:
			return appendJSONList(dst, o.items, depth)
		case *GeoPoint:
			m := NewMap()
			m.SetText("lat", DoubleOf(o.Lat))
			m.SetText("lon", DoubleOf(o.Lon))
			return appendJSON(dst, MapOf(m), depth)
		}
	case KindDoc, KindField, KindFunc:
		return dst, unwritable("a value of [" + className(v) + "] cannot be written as JSON")
	}
	return jsonval.AppendString(dst, v.String()), nil
}

func appendJSONList(dst []byte, items []Value, depth int) ([]byte, error) {
	dst = append(dst, '[')
	for i, v := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = appendJSON(dst, v, depth+1); err != nil {
			return dst, err
		}
		if len(dst) > maxBytes {
			return dst, unwritable("a value is too large to be written")
		}
	}
	return append(dst, ']'), nil
}

// isoMillis writes a date as Elasticsearch does in answers.
func isoMillis(t time.Time) string {
	text := t.Format("2006-01-02T15:04:05")
	if t.Nanosecond()%1_000_000 != 0 {
		return text + t.Format(".000000000Z07:00")
	}
	return text + t.Format(".000Z07:00")
}
