package ingest

import (
	"strconv"

	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// readVector reads a dense_vector: an array of numbers, as many as the mapping says or, where it does not say, as the first
// document has.
func readVector(f *field, w *walker, raw []byte) (format byte, reason *eserr.Error) {
	if string(raw) == "null" {
		return segment.FormatLiteral, nil
	}
	s := walker{scanner: scanner{data: raw}}
	if s.space() != '[' {
		return 0, eserr.IllegalArgument("Failed to parse object: expecting token of type [START_ARRAY] but found [%s]", tokenName(raw[0]))
	}
	s.pos++
	w.vector = w.vector[:0]
	for c := s.space(); c != ']'; c = s.space() {
		t, err := s.token(c)
		if err != nil || t.kind != tokenNumber {
			return 0, eserr.IllegalArgument("Failed to parse object: expecting token of type [VALUE_NUMBER] but found [%s]", tokenName(c))
		}
		x, err := strconv.ParseFloat(bytesText(t.raw), 32)
		if err != nil && x == 0 {
			return 0, eserr.NumberFormat(string(t.raw))
		}
		w.vector = append(w.vector, float32(x))
		if s.space() == ',' {
			s.pos++
		}
	}
	dims := f.vector.Dims
	if len(w.vector) > mapping.MaxDims {
		return 0, eserr.IllegalArgument("The number of dimensions for field [%s] should be in the range [1, %d] but was [%d]", f.name, mapping.MaxDims, len(w.vector))
	}
	if dims == 0 {
		w.unknown = true
		dims = len(w.vector)
	}
	if len(w.vector) != dims || dims == 0 {
		return 0, eserr.IllegalArgument("The [dense_vector] field [%s] has a different number of dimensions [%d] than defined in the mapping [%d]", f.name, len(w.vector), dims)
	}
	if reason := f.vector.CheckVector(w.vector); reason != nil {
		return 0, reason
	}
	from := len(w.scratch)
	w.scratch = segment.AppendVector(w.scratch, w.vector)
	w.values = append(w.values, w.scratch[from:len(w.scratch):len(w.scratch)])
	return segment.FormatLiteral, nil
}

// countItems is how many values the array has that begins at pos; 0 for anything else. The scanner stays where it is.
func (s *scanner) countItems() int {
	at := *s
	if at.space() != '[' {
		return 0
	}
	at.pos++
	for n := 0; ; n++ {
		if at.space() == ']' {
			return n
		}
		if _, err := at.skip(0); err != nil {
			return 0
		}
		if at.space() == ',' {
			at.pos++
		}
	}
}
