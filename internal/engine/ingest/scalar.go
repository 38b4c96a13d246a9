package ingest

import (
	"bytes"
	"math"
	"net/netip"
	"strconv"
	"unsafe"

	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
)

// token is one scalar of a document.
type token struct {
	kind     tokenKind
	raw      []byte // as written, with quotes
	text     []byte // of a string: unescaped
	escaped  bool
	integral bool // of a number: no point, no exponent
}

type tokenKind uint8

const (
	tokenNull tokenKind = iota
	tokenBool
	tokenNumber
	tokenString
)

// token reads the scalar that begins with c at pos.
func (w *walker) token(c byte) (token, error) {
	switch {
	case c == '"':
		raw, escaped, err := w.str()
		if err != nil {
			return token{}, err
		}
		t := token{kind: tokenString, raw: raw, text: raw[1 : len(raw)-1], escaped: escaped}
		if escaped {
			from := len(w.scratch)
			w.scratch = unescape(w.scratch, t.text)
			t.text = w.scratch[from:len(w.scratch):len(w.scratch)]
		}
		return t, nil
	case c == 't' || c == 'f':
		word := "true"
		if c == 'f' {
			word = "false"
		}
		start := w.pos
		err := w.word(word)
		return token{kind: tokenBool, raw: w.data[start:w.pos], text: w.data[start:w.pos]}, err
	case c == 'n':
		start := w.pos
		err := w.word("null")
		return token{raw: w.data[start:w.pos]}, err
	case c == '-' || c-'0' <= 9:
		raw, integral, err := w.number()
		return token{kind: tokenNumber, raw: raw, text: raw, integral: integral}, err
	}
	return token{}, w.unexpected(c)
}

// scalar reads one value into the field.
func (w *walker) scalar(f *field, c byte) error {
	if c == '{' {
		return w.objectInScalar(f)
	}
	var err error
	if w.tok, err = w.token(c); err != nil {
		return err
	}
	t := &w.tok // in the walker: its address goes through a function value, so a local one would be garbage
	if t.kind == tokenNull {
		return w.null(f)
	}
	w.leaves = append(w.leaves, leaf{field: f})
	if reason := f.parse(f, w, t, &w.leaves[len(w.leaves)-1]); reason != nil {
		w.leaves = w.leaves[:len(w.leaves)-1]
		if err := w.misfit(f, t, reason); err != nil {
			return err
		}
	}
	if f.literal {
		w.leaves[len(w.leaves)-1].raw = t.raw
	}
	if len(f.copyTo) == 0 && !f.copyUnmapped {
		return nil
	}
	return w.copyTo(f, t)
}

// null reads a null, for which the field may have a value of its own.
func (w *walker) null(f *field) error {
	if len(f.copyTo) > 0 {
		if err := w.copyNull(f); err != nil {
			return err
		}
	}
	if f.nullValue == nil {
		w.leaves = append(w.leaves, leaf{field: f, format: segment.FormatNull | segment.FlagNoValue})
		return nil
	}
	l := leaf{field: f}
	if reason := f.parse(f, w, f.nullValue, &l); reason != nil {
		return w.misfit(f, f.nullValue, reason)
	}
	if l.value == noValue {
		l = leaf{field: f, format: segment.FormatNull | segment.FlagNoValue}
	} else {
		l.format, l.raw = segment.FormatNull, nil
	}
	w.leaves = append(w.leaves, l)
	return nil
}

// misfit is a value that its field's type does not take: with ignore_malformed it stays part of the
// source alone, otherwise the document is refused in Elasticsearch's words.
func (w *walker) misfit(f *field, t *token, reason *eserr.Error) error {
	if f.ignoreMalformed {
		w.ignored = append(w.ignored, f.name)
		w.leaves = append(w.leaves, leaf{field: f, format: segment.FormatLiteral | segment.FlagNoValue, raw: t.raw})
		return nil
	}
	preview := t.text
	if len(preview) > 64 {
		preview = preview[:64]
	}
	return eserr.DocumentParsing("failed to parse field [%s] of type [%s]. Preview of field's value: '%s'", f.name, f.typeName, preview).Because(reason)
}

func (w *walker) objectInScalar(f *field) error {
	start := w.pos
	raw, err := w.skip(0)
	if err != nil {
		return err
	}
	if f.ignoreMalformed {
		w.ignored = append(w.ignored, f.name)
		w.leaves = append(w.leaves, leaf{field: f, format: segment.FormatLiteral | segment.FlagNoValue, raw: raw})
		return nil
	}
	return eserr.DocumentParsing("failed to parse field [%s] of type [%s]. Preview of field's value: '%s'", f.name, f.typeName, raw[:min(len(raw), 64)]).
		Because(eserr.IllegalArgument("Expected a value of type [%s] but got an object at byte %d", f.typeName, start))
}

// parseText takes anything as text: text, keyword and their kin. Fields that a text is too long for are named in _ignored.
func parseText(f *field, w *walker, t *token, l *leaf) *eserr.Error {
	l.value, l.text = bytesValue, t.text
	for i := range f.lengths {
		if limit := &f.lengths[i]; len(t.text) > limit.chars && utf16Len(t.text) > limit.chars {
			w.ignored = append(w.ignored, limit.name)
		}
	}
	switch {
	case t.kind != tokenString:
		l.format = segment.FormatBare
	case !t.escaped: // a string without escapes is always written minimally
		l.format = segment.FormatText
	default:
		var ok bool
		l.format, ok, w.render = segment.TextFormat(t.raw, t.text, w.render)
		if !ok {
			l.format, l.raw = segment.FormatLiteral, t.raw
		}
	}
	return nil
}

// parseInt takes whole numbers within the type's range; fractions and texts only when the field
// coerces.
func parseInt(f *field, w *walker, t *token, l *leaf) *eserr.Error {
	l.value = intValue
	text := bytesText(t.text)
	switch {
	case t.kind == tokenBool:
		return eserr.New(400, "input_coercion_exception", "Current token (VALUE_%s) not numeric, can not use numeric value accessors", bytes.ToUpper(t.raw))
	case t.kind == tokenString && !f.coerce:
		return eserr.IllegalArgument("%s value passed as String", f.typeTitle)
	case t.kind == tokenString && len(t.text) == 0:
		return f.emptyNumber(w, t, l)
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		if n < f.minInt || n > f.maxInt {
			return f.outOfRange(text)
		}
		l.num = uint64(n)
		l.format = segment.FormatInt
		if t.kind == tokenString {
			l.format |= segment.FlagQuoted
		}
		if text[0] == '+' || n == 0 && len(text) > 1 || text[0] == '0' && len(text) > 1 || len(text) > 2 && text[0] == '-' && text[1] == '0' || t.escaped {
			l.format, l.raw = segment.FormatLiteral, t.raw
		}
		return nil
	}
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil && !math.IsInf(v, 0) && f.typeName == "long":
		return eserr.IllegalArgument("For input string: %q", text)
	case err != nil && !math.IsInf(v, 0):
		return eserr.NumberFormat(text)
	case v >= float64(f.maxInt)+1 || v <= float64(f.minInt)-1 || math.IsNaN(v):
		return f.outOfRange(text)
	case v != math.Trunc(v) && !f.coerce:
		return eserr.IllegalArgument("%s cannot be converted to %s without data loss", text, f.typeTitle)
	}
	l.num = uint64(clampInt(v))
	l.format, l.raw = segment.FormatLiteral, t.raw
	return nil
}

// emptyNumber is an empty text in the place of a number: like a null, it has no value but the field's null_value.
func (f *field) emptyNumber(w *walker, t *token, l *leaf) *eserr.Error {
	l.value, l.format = noValue, segment.FormatLiteral|segment.FlagNoValue
	if f.nullValue != nil && len(f.nullValue.text) > 0 {
		if reason := f.parse(f, w, f.nullValue, l); reason != nil {
			return reason
		}
		l.format = segment.FormatLiteral
	}
	l.raw = t.raw
	return nil
}

func clampInt(v float64) int64 {
	if v >= math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(v)
}

func (f *field) outOfRange(text string) *eserr.Error {
	article := "a"
	if f.typeName == "integer" {
		article = "an"
	}
	return eserr.IllegalArgument("Value [%s] is out of range for %s %s", text, article, f.typeName)
}

// maxExactDigits is the number of significant decimal digits that always survive the way through a
// float64 and back; maxExactDigits32 is that of a float32.
const (
	maxExactDigits   = 15
	maxExactDigits32 = 6
)

// parseFloat takes numbers, and texts when the field coerces.
func parseFloat(f *field, w *walker, t *token, l *leaf) *eserr.Error {
	text := bytesText(t.text)
	switch {
	case t.kind == tokenBool:
		return eserr.New(400, "input_coercion_exception", "Current token (VALUE_%s) not numeric, can not use numeric value accessors", bytes.ToUpper(t.raw))
	case t.kind == tokenString && !f.coerce:
		return eserr.IllegalArgument("%s value passed as String", f.typeTitle)
	case t.kind == tokenString && len(t.text) == 0:
		return f.emptyNumber(w, t, l)
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(v, 0) || math.IsNaN(v) {
		return eserr.NumberFormat(text)
	}
	stored := f.roundFloat(v)
	if math.IsInf(stored, 0) {
		return eserr.IllegalArgument("[%s] supports only finite values, but got [%s]", f.typeName, text)
	}
	l.value, l.num = floatValue, math.Float64bits(stored)
	l.format = f.floatFormat(text, v, stored)
	switch {
	case l.format == segment.FormatLiteral || t.escaped:
		l.format, l.raw = segment.FormatLiteral, t.raw
	case t.kind == tokenString:
		l.format |= segment.FlagQuoted
	}
	return nil
}

// roundFloat gives the value that the type can hold.
func (f *field) roundFloat(v float64) float64 {
	switch f.precision {
	case precision32:
		return float64(float32(v))
	case precision16:
		return halfFloat(v)
	case precisionScaled:
		return math.Round(v*f.scalingFactor)/f.scalingFactor + 0 // it is a whole number inside, which has no -0
	}
	return v
}

// floatFormat picks the format that writes the value as text stands, FormatLiteral when none does.
func (f *field) floatFormat(text string, v, stored float64) byte {
	digits, scale, plain := decimalShape(text)
	if !plain {
		return segment.FormatLiteral
	}
	switch {
	case f.precision == precision32 && digits <= maxExactDigits32:
		if scale == 0 {
			return segment.FormatFloat32Int
		}
		if text[len(text)-1] != '0' {
			return segment.FormatFloat32
		}
		return segment.FormatLiteral
	case f.precision == precision32 && isShortest32(text, stored):
		return segment.FormatFloat32
	case stored != v || digits > maxExactDigits:
		return segment.FormatLiteral
	case scale == 0:
		return segment.FormatFloatInt
	case text[len(text)-1] != '0':
		return segment.FormatFloat
	case scale <= segment.MaxFixedDigits:
		return segment.FormatFixed + byte(scale)
	}
	return segment.FormatLiteral
}

// isShortest32 says whether text is the shortest decimal of a value of single precision: decimals of more digits than single
// precision always keeps often are.
func isShortest32(text string, stored float64) bool {
	var buf [64]byte
	return string(strconv.AppendFloat(buf[:0], stored, 'f', -1, 32)) == text
}

// decimalShape counts the significant digits of a decimal and the digits after its point. plain is false for
// exponents, a leading plus, redundant leading zeros and negative zero.
func decimalShape(text string) (digits, scale int, plain bool) {
	t := text
	negative := t != "" && t[0] == '-'
	if negative {
		t = t[1:]
	}
	point, significant := -1, false
	for i := range len(t) {
		switch c := t[i]; {
		case c == '.' && point < 0 && i > 0:
			point = i
		case c-'0' <= 9:
			significant = significant || c != '0'
			if significant {
				digits++
			}
		default:
			return 0, 0, false
		}
	}
	whole := len(t)
	if point >= 0 {
		whole, scale = point, len(t)-point-1
	}
	if t == "" || whole > 1 && t[0] == '0' || point == len(t)-1 || negative && !significant {
		return 0, 0, false
	}
	return digits, scale, true
}

// halfFloat rounds to IEEE 754 binary16 and back: 11 significant bits, largest value 65504.
func halfFloat(v float64) float64 {
	if math.Abs(v) >= 65520 {
		return math.Inf(int(math.Copysign(1, v)))
	}
	if v == 0 {
		return v
	}
	_, exp := math.Frexp(v)
	unit := math.Ldexp(1, max(exp-11, -24))
	return math.RoundToEven(v/unit) * unit
}

func parseBool(_ *field, _ *walker, t *token, l *leaf) *eserr.Error {
	l.value = intValue
	switch {
	case t.kind == tokenNumber:
		return eserr.IllegalArgument("Failed to parse value [%s] as only [true] or [false] are allowed.", t.text)
	case string(t.text) == "true":
		l.num = 1
	case string(t.text) == "false" || len(t.text) == 0:
	default:
		return eserr.IllegalArgument("Failed to parse value [%s] as only [true] or [false] are allowed.", t.text)
	}
	l.format = segment.FormatBool
	switch {
	case t.kind == tokenString && !t.escaped && len(t.text) > 0:
		l.format |= segment.FlagQuoted
	case t.kind == tokenString:
		l.format, l.raw = segment.FormatLiteral, t.raw
	}
	return nil
}

func parseIP(_ *field, w *walker, t *token, l *leaf) *eserr.Error {
	addr, err := netip.ParseAddr(bytesText(t.text))
	if err != nil || addr.Zone() != "" {
		return eserr.IllegalArgument("'%s' is not an IP string literal.", t.text)
	}
	as16 := addr.As16()
	from := len(w.scratch)
	w.scratch = append(w.scratch, as16[:]...)
	l.value, l.text = bytesValue, w.scratch[from:len(w.scratch):len(w.scratch)]
	w.render = append(segment.AppendIP(append(w.render[:0], '"'), as16[:]), '"')
	l.format = segment.FormatIP
	if !bytes.Equal(w.render, t.raw) {
		l.format, l.raw = segment.FormatLiteral, t.raw
	}
	return nil
}

// parseDate takes what the field's formats take; see Plan for the fast path.
func parseDate(f *field, _ *walker, t *token, l *leaf) *eserr.Error {
	if t.kind == tokenBool {
		return eserr.IllegalArgument("failed to parse date field [%s] with format [%s]", t.text, f.format)
	}
	v, reason := f.parseTime(t)
	if reason != nil {
		return reason
	}
	l.value, l.num = intValue, uint64(v)
	l.format, l.raw = segment.FormatLiteral, t.raw
	if f.nanos {
		if format, ok := segment.NanosFormat(t.raw, v); ok && t.kind == tokenString && !t.escaped {
			l.format, l.raw = format, nil
		}
		return nil
	}
	switch {
	case t.kind == tokenString && !t.escaped:
		if format, tail, ok := segment.DateFormat(t.raw, v); ok {
			l.format, l.raw = format, tail
			return nil
		}
	case t.kind == tokenNumber && t.integral:
	default:
		return nil
	}
	var buf [24]byte
	switch {
	case bytes.Equal(strconv.AppendInt(buf[:0], v, 10), t.text):
		l.format, l.raw = segment.FormatInt, nil
	case v%1000 == 0 && bytes.Equal(strconv.AppendInt(buf[:0], v/1000, 10), t.text):
		l.format, l.raw = segment.FormatSeconds, nil
	}
	if t.kind == tokenString && l.format != segment.FormatLiteral {
		l.format |= segment.FlagQuoted
	}
	return nil
}

// bytesText sees bytes as a string for parsing; the string must not be kept.
func bytesText(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
