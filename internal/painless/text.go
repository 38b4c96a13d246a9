package painless

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Texts are UTF-8 here and UTF-16 in Java: positions in a text count as Java does, in units of 16 bits. For ASCII, which nearly every text
// is, they are bytes.

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// utf16Length is String.length.
func utf16Length(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// byteOffset turns a position into one in bytes; -1 when it lies outside.
func byteOffset(s string, at int) int {
	if at < 0 {
		return -1
	}
	if isASCII(s) {
		if at > len(s) {
			return -1
		}
		return at
	}
	for i, r := range s {
		if at <= 0 {
			return i
		}
		at--
		if r > 0xffff {
			at--
		}
	}
	if at > 0 {
		return -1
	}
	return len(s)
}

// unitAt is String.charAt.
func unitAt(s string, at int) (uint16, bool) {
	if at < 0 {
		return 0, false
	}
	if at < len(s) && isASCII(s[:at+1]) {
		return uint16(s[at]), true
	}
	units := utf16.Encode([]rune(s))
	if at >= len(units) {
		return 0, false
	}
	return units[at], true
}

// substring is String.substring.
func substring(s string, from, to int) string {
	a, b := byteOffset(s, from), byteOffset(s, to)
	if a < 0 || b < 0 || from > to {
		throw("StringIndexOutOfBoundsException", "begin %d, end %d, length %d", from, to, utf16Length(s))
	}
	return s[a:b]
}

// hashText is String.hashCode.
func hashText(s string) int32 {
	var h int32
	for _, r := range s {
		if r > 0xffff {
			a, b := utf16.EncodeRune(r)
			h = 31*(31*h+a) + b
			continue
		}
		h = 31*h + r
	}
	return h
}

// compareText is String.compareTo.
func compareText(a, b string) int {
	x, y := utf16.Encode([]rune(a)), utf16.Encode([]rune(b))
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return int(x[i]) - int(y[i])
		}
	}
	return len(x) - len(y)
}

// appendText writes a value as String.valueOf does; what would be longer than maxBytes is cut.
func appendText(dst []byte, v Value) []byte { return appendWithin(dst, v, 0, maxBytes) }

func appendWithin(dst []byte, v Value, depth, limit int) []byte {
	const deepest = 50 // a list can hold itself
	if depth > deepest {
		return append(dst, "..."...)
	}
	switch v.kind {
	case KindNull:
		return append(dst, "null"...)
	case KindBool:
		if v.num != 0 {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case KindString:
		return append(dst, v.Text()...)
	case KindList:
		return appendList(dst, v.ref.(*List).items, depth, limit)
	case KindValues:
		return appendList(dst, valuesList(v).items, depth, limit)
	case KindSet:
		m := v.ref.(*Map)
		m.load()
		return appendList(dst, m.keys, depth, limit)
	case KindMap:
		m := v.ref.(*Map)
		m.load()
		dst = append(dst, '{')
		for i, k := range m.keys {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			if len(dst) > limit {
				break
			}
			dst = append(appendWithin(dst, k, depth+1, limit), '=')
			dst = appendWithin(dst, m.values[i], depth+1, limit)
		}
		return append(dst, '}')
	case KindDate:
		return append(dst, showZoned(v.Time())...)
	case KindDoc, KindField, KindFunc:
		return append(dst, kindNames[v.kind]...)
	case KindObject:
		return append(dst, v.ref.(object).show()...)
	}
	return appendNumber(dst, v)
}

func appendList(dst []byte, items []Value, depth, limit int) []byte {
	dst = append(dst, '[')
	for i, v := range items {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		if len(dst) > limit {
			break
		}
		dst = appendWithin(dst, v, depth+1, limit)
	}
	return append(dst, ']')
}

// appendText writes a value within the run's budget.
func (fr *frame) appendText(dst []byte, v Value) []byte {
	if v.kind == KindString {
		fr.r.alloc(int(v.num))
		return append(dst, v.Text()...)
	}
	at := len(dst)
	dst = appendText(dst, v)
	fr.r.alloc(len(dst) - at)
	return dst
}

// newText makes a String within the run's budget.
func (fr *frame) newText(s string) Value {
	fr.r.alloc(len(s))
	return StringOf(s)
}

// textArg reads an argument that has to be a String.
func textArg(v Value) string {
	switch v.kind {
	case KindString:
		return v.Text()
	case KindChar:
		return v.String()
	case KindNull:
		throw("NullPointerException", "a String is null")
	}
	throw("ClassCastException", "Cannot cast from [%s] to [java.lang.String].", className(v))
	return ""
}

// charSequence reads an argument that is a CharSequence: a String or a StringBuilder.
func charSequence(v Value) string {
	if v.kind == KindObject {
		if b, ok := v.ref.(*builder); ok {
			return string(b.text)
		}
	}
	return textArg(v)
}

func intArg(v Value) int { return int(int64(convertDef(v, typInt, false).num)) }

func stringMethods() map[string]methodFunc {
	text := func(f func(fr *frame, s string, args []Value) Value) methodFunc {
		return func(fr *frame, self Value, args []Value) Value { return f(fr, self.Text(), args) }
	}
	same := func(f func(string) string) methodFunc {
		return text(func(fr *frame, s string, _ []Value) Value { return fr.newText(f(s)) })
	}
	position := func(f func(s, want string) int) methodFunc {
		return text(func(_ *frame, s string, args []Value) Value {
			i := f(s, textOrUnit(args[0]))
			if i < 0 {
				return IntOf(-1)
			}
			return IntOf(int32(utf16Length(s[:i])))
		})
	}
	return map[string]methodFunc{
		"length/0":  text(func(_ *frame, s string, _ []Value) Value { return IntOf(int32(utf16Length(s))) }),
		"isEmpty/0": text(func(_ *frame, s string, _ []Value) Value { return BoolOf(s == "") }),
		"isBlank/0": text(func(_ *frame, s string, _ []Value) Value { return BoolOf(strings.TrimSpace(s) == "") }),
		"substring/1": text(func(_ *frame, s string, args []Value) Value {
			return StringOf(substring(s, intArg(args[0]), utf16Length(s)))
		}),
		"substring/2": text(func(_ *frame, s string, args []Value) Value {
			return StringOf(substring(s, intArg(args[0]), intArg(args[1])))
		}),
		"subSequence/2": text(func(_ *frame, s string, args []Value) Value {
			return StringOf(substring(s, intArg(args[0]), intArg(args[1])))
		}),
		"indexOf/1":     position(strings.Index),
		"lastIndexOf/1": position(strings.LastIndex),
		"indexOf/2":     text(indexOfFrom),
		"contains/1": text(func(_ *frame, s string, args []Value) Value {
			return BoolOf(strings.Contains(s, charSequence(args[0])))
		}),
		"startsWith/1":   text(func(_ *frame, s string, args []Value) Value { return BoolOf(strings.HasPrefix(s, textArg(args[0]))) }),
		"startsWith/2":   text(startsWithFrom),
		"endsWith/1":     text(func(_ *frame, s string, args []Value) Value { return BoolOf(strings.HasSuffix(s, textArg(args[0]))) }),
		"replace/2":      text(replaceText),
		"replaceAll/2":   text(replaceAllText),
		"replaceFirst/2": text(replaceAllText),
		"toLowerCase/0":  same(strings.ToLower),
		"toUpperCase/0":  same(strings.ToUpper),
		"toLowerCase/1":  same(strings.ToLower),
		"toUpperCase/1":  same(strings.ToUpper),
		"trim/0":         same(func(s string) string { return strings.TrimFunc(s, func(r rune) bool { return r <= ' ' }) }),
		"strip/0":        same(strings.TrimSpace),
		"concat/1":       text(func(fr *frame, s string, args []Value) Value { return fr.newText(s + textArg(args[0])) }),
		"repeat/1":       text(repeatText),
		"splitOnToken/1": text(func(fr *frame, s string, args []Value) Value { return splitOnToken(fr, s, textArg(args[0]), -1) }),
		"splitOnToken/2": text(func(fr *frame, s string, args []Value) Value {
			return splitOnToken(fr, s, textArg(args[0]), intArg(args[1]))
		}),
		"split/1":   text(splitText),
		"split/2":   text(splitText),
		"matches/1": text(matchesText),
		"equalsIgnoreCase/1": text(func(_ *frame, s string, args []Value) Value {
			return BoolOf(args[0].kind == KindString && strings.EqualFold(s, args[0].Text()))
		}),
		"compareTo/1": text(func(_ *frame, s string, args []Value) Value { return IntOf(int32(compareText(s, textArg(args[0])))) }),
		"compareToIgnoreCase/1": text(func(_ *frame, s string, args []Value) Value {
			return IntOf(int32(compareText(strings.ToLower(s), strings.ToLower(textArg(args[0])))))
		}),
		"charAt/1":       text(charAt),
		"codePointAt/1":  text(codePointAt),
		"toCharArray/0":  text(func(fr *frame, s string, _ []Value) Value { return charArray(fr, s, "char[]") }),
		"chars/0":        text(func(fr *frame, s string, _ []Value) Value { return streamOf(fr, charArray(fr, s, "").List().items) }),
		"encodeBase64/0": text(encodeBase64),
		"decodeBase64/0": text(decodeBase64),
		"sha1/0":         text(digest("sha1")),
		"sha256/0":       text(digest("sha256")),
	}
}

// textOrUnit reads what indexOf looks for: a String or the number of a character.
func textOrUnit(v Value) string {
	if v.numeric() {
		return string(rune(v.Long()))
	}
	return textArg(v)
}

func indexOfFrom(_ *frame, s string, args []Value) Value {
	from := max(intArg(args[1]), 0)
	start := byteOffset(s, from)
	if start < 0 {
		return IntOf(-1)
	}
	i := strings.Index(s[start:], textOrUnit(args[0]))
	if i < 0 {
		return IntOf(-1)
	}
	return IntOf(int32(from + utf16Length(s[start:start+i])))
}

func startsWithFrom(_ *frame, s string, args []Value) Value {
	start := byteOffset(s, intArg(args[1]))
	return BoolOf(start >= 0 && strings.HasPrefix(s[start:], textArg(args[0])))
}

func replaceText(fr *frame, s string, args []Value) Value {
	old, with := charSequence(args[0]), charSequence(args[1])
	n := strings.Count(s, old)
	fr.r.alloc(len(s) + n*len(with))
	return StringOf(strings.ReplaceAll(s, old, with))
}

// replaceAllText takes a Pattern, as Painless's own String.replaceAll does, and a function of the match.
func replaceAllText(fr *frame, s string, args []Value) Value {
	p, ok := args[0].ref.(*regexPattern)
	if !ok {
		throw("IllegalArgumentException", "a regular expression has to be a literal: /.../")
	}
	m := &regexMatcher{pattern: p, text: s, region: -1}
	if args[1].kind == KindFunc {
		return m.replaceWith(fr, func() string { return textArg(callFunc(fr, args[1], objectOf(m))) }, false)
	}
	return m.replaceAll(fr, textArg(args[1]), false)
}

func repeatText(fr *frame, s string, args []Value) Value {
	n := intArg(args[0])
	if n < 0 {
		throw("IllegalArgumentException", "count is negative: %d", n)
	}
	if len(s) == 0 {
		return StringOf("")
	}
	if n > maxBytes/len(s) {
		n = maxBytes/len(s) + 1
	}
	fr.r.alloc(n * len(s))
	return StringOf(strings.Repeat(s, n))
}

// stringArray makes a String[].
func stringArray(fr *frame, parts []string) Value {
	fr.r.alloc(valueBytes * len(parts))
	l := &List{items: make([]Value, len(parts)), fixed: true, of: "java.lang.String[]"}
	for i, p := range parts {
		l.items[i] = StringOf(p)
	}
	return listValue(l)
}

// splitOnToken splits at a text; unlike split it keeps empty parts at the end.
func splitOnToken(fr *frame, s, token string, limit int) Value {
	if token == "" {
		throw("IllegalArgumentException", "token is empty")
	}
	if limit <= 0 {
		limit = -1
	}
	fr.r.alloc(valueBytes * strings.Count(s, token))
	return stringArray(fr, strings.SplitN(s, token, limit))
}

// splitText is String.split with a regular expression that is given as a text or a Pattern.
func splitText(fr *frame, s string, args []Value) Value {
	p, ok := args[0].ref.(*regexPattern)
	if !ok {
		source := textArg(args[0])
		var why string
		if p, why = compilePattern(source, ""); p == nil {
			throw("PatternSyntaxException", "%s", why)
		}
	}
	limit := 0
	if len(args) == 2 {
		limit = intArg(args[1])
	}
	return stringArray(fr, p.split(fr, s, limit))
}

func matchesText(fr *frame, s string, args []Value) Value {
	p, why := compilePattern(textArg(args[0]), "")
	if p == nil {
		throw("PatternSyntaxException", "%s", why)
	}
	m := &regexMatcher{pattern: p, text: s, region: -1}
	return BoolOf(m.matches(fr))
}

func charAt(_ *frame, s string, args []Value) Value {
	i := intArg(args[0])
	u, ok := unitAt(s, i)
	if !ok {
		throw("StringIndexOutOfBoundsException", "Index %d out of bounds for length %d", i, utf16Length(s))
	}
	return charOf(u)
}

func codePointAt(_ *frame, s string, args []Value) Value {
	i := byteOffset(s, intArg(args[0]))
	if i < 0 || i == len(s) {
		throw("StringIndexOutOfBoundsException", "Index %d out of bounds for length %d", intArg(args[0]), utf16Length(s))
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return IntOf(r)
}

func charArray(fr *frame, s, of string) Value {
	units := utf16.Encode([]rune(s))
	fr.r.alloc(valueBytes * len(units))
	l := &List{items: make([]Value, len(units)), fixed: true, of: of}
	for i, u := range units {
		l.items[i] = charOf(u)
		if of == "" {
			l.items[i] = IntOf(int32(u))
		}
	}
	return listValue(l)
}
