package ingest

import (
	"bytes"
	"math"
	"strconv"

	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
)

// parseUnsigned takes whole numbers from 0 to 2^64-1. The column holds their bits: numbers below 2^63 as
// themselves.
func parseUnsigned(f *field, w *walker, t *token, l *leaf) *eserr.Error {
	switch {
	case t.kind == tokenBool:
		return eserr.New(400, "input_coercion_exception", "Current token (VALUE_%s) not numeric, can not use numeric value accessors", bytes.ToUpper(t.raw))
	case t.kind == tokenString && len(t.text) == 0:
		return f.emptyNumber(w, t, l)
	}
	text := bytesText(t.text)
	l.value, l.format, l.raw = intValue, segment.FormatLiteral, t.raw
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		v, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil && !math.IsInf(v, 0) || math.IsNaN(v):
			return eserr.NumberFormat(text)
		case v < 0 || v >= 1<<64:
			return eserr.IllegalArgument("Value [%s] is out of range for unsigned long", text)
		case v != math.Trunc(v):
			return eserr.IllegalArgument("Value [%s] has a decimal part", text)
		}
		n = uint64(v)
	}
	l.num = n
	if n <= math.MaxInt64 && t.kind == tokenNumber && text == strconv.FormatUint(n, 10) {
		l.format, l.raw = segment.FormatInt, nil
	}
	return nil
}

// CountTokens says how many tokens an analyzer makes of a text.
type CountTokens func(analyzer string, text []byte) int

// parseCount counts the tokens of a text: token_count.
func parseCount(f *field, _ *walker, t *token, l *leaf) *eserr.Error {
	l.value, l.num = intValue, uint64(f.count(f.analyzer, t.text))
	l.format, l.raw = segment.FormatLiteral, t.raw
	return nil
}
