package ingest

import (
	"encoding/binary"
	"math"

	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
)

// wholeReader reads all that a document has in a field's place, of whatever form, and appends the field's
// values to w.values. format is how it was written, if a format gives it back from the one value there is;
// else FormatLiteral.
type wholeReader func(f *field, w *walker, raw []byte) (format byte, reason *eserr.Error)

// wholeValue reads a field whose value may be of any form (geo_point, flattened, ranges): all of it is one
// literal, and what it means is its doc values.
func (w *walker) wholeValue(f *field, depth int) error {
	start := w.pos
	raw, err := w.skip(depth)
	if err != nil {
		return err
	}
	w.values = w.values[:0]
	format, reason := f.whole(f, w, raw)
	if reason != nil {
		t := token{raw: raw, text: raw}
		if err := w.misfit(f, &t, reason); err != nil {
			return err
		}
		w.hole(segment.HoleScalar, f, start)
		return nil
	}
	if format != segment.FormatLiteral && len(w.values) == 1 {
		w.leaves = append(w.leaves, leaf{field: f, format: format, raw: raw, value: bytesValue, text: w.values[0]})
	} else { // all values stand behind what is written, so that they keep their order where a document has the field twice
		w.leaves = append(w.leaves, leaf{field: f, format: segment.FormatLiteral | segment.FlagNoValue, raw: raw})
		for _, v := range w.values {
			w.leaves = append(w.leaves, leaf{field: f, format: noFormat, value: bytesValue, text: v})
		}
	}
	w.hole(segment.HoleScalar, f, start)
	if len(f.copyTo) == 0 {
		return nil
	}
	return w.copyWhole(f, raw)
}

// copyWhole gives what stands in the field's place to other fields. Multi-fields of a geo_point get its
// geohash; other fields get what is written, which must be plain values.
func (w *walker) copyWhole(f *field, raw []byte) error {
	points := len(w.values)
	if f.typeName == "geo_point" && len(f.multi) > 0 {
		if err := w.copyGeohashes(f, points); err != nil {
			return err
		}
	}
	s := walker{scanner: scanner{data: raw}, plan: w.plan}
	for _, to := range f.copyTo[len(f.multi):] {
		if to.whole != nil {
			w.values = w.values[:0]
			if _, reason := to.whole(to, w, raw); reason != nil {
				return w.misfit(to, &token{raw: raw, text: raw}, reason)
			}
			for _, v := range w.values {
				w.leaves = append(w.leaves, leaf{field: to, format: noFormat, value: bytesValue, text: v})
			}
			continue
		}
		s.pos = 0
		c := s.space()
		if c == '{' || c == '[' {
			return eserr.DocumentParsing("Cannot copy field [%s] to fields [%s]. Copy-to currently only works for value-type fields, not objects.", f.name, to.name)
		}
		t, err := s.token(c)
		if err != nil {
			return err
		}
		if t.kind == tokenNull {
			continue
		}
		l := leaf{field: to}
		if reason := to.parse(to, w, &t, &l); reason != nil {
			return w.misfit(to, &t, reason)
		}
		w.keepCopy(&l)
	}
	return nil
}

func (w *walker) copyGeohashes(f *field, points int) error {
	for i := range points {
		lat, lon := segment.GeoPoint(w.values[i])
		hash := appendGeohash(nil, geoPoint{lat, lon})
		t := token{kind: tokenString, raw: append(append([]byte{'"'}, hash...), '"'), text: hash}
		for _, to := range f.multi {
			l := leaf{field: to}
			if reason := to.parse(to, w, &t, &l); reason != nil {
				return w.misfit(to, &t, reason)
			}
			w.keepCopy(&l)
		}
	}
	return nil
}

// parseWhole reads a single value that another field brings into a field that takes values of any form.
func parseWhole(f *field, w *walker, t *token, l *leaf) *eserr.Error {
	w.values = w.values[:0]
	if _, reason := f.whole(f, w, t.raw); reason != nil {
		return reason
	}
	if len(w.values) > 0 {
		l.value, l.text = bytesValue, w.values[0]
	}
	return nil
}

// readPoints reads a geo_point in any of its forms.
func readPoints(_ *field, w *walker, raw []byte) (format byte, reason *eserr.Error) {
	if p, format, ok := plainPoint(raw); ok {
		w.values = append(w.values, w.point(p))
		return format, nil
	}
	points, reason := parsePoints(raw)
	for _, p := range points {
		w.values = append(w.values, w.point(p))
	}
	if len(points) == 1 {
		if format, ok := w.geoFormat(raw, w.values[0]); ok {
			return format, reason
		}
	}
	return segment.FormatLiteral, reason
}

// geoFormat returns the format that writes a position as it stands.
func (w *walker) geoFormat(raw, point []byte) (format byte, ok bool) {
	format, ok, w.render = segment.GeoFormat(raw, point, w.render)
	return format, ok
}

// point puts a geo_point's 16 bytes into the scratch.
func (w *walker) point(p geoPoint) []byte {
	from := len(w.scratch)
	w.scratch = binary.BigEndian.AppendUint64(w.scratch, math.Float64bits(p.lat))
	w.scratch = binary.BigEndian.AppendUint64(w.scratch, math.Float64bits(p.lon))
	return w.scratch[from:len(w.scratch):len(w.scratch)]
}
