package ruby

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var stringMethods = comparable(table{
	"+":               {1, 1, 0, concatText},
	"*":               {1, 1, 0, repeatText},
	"%":               {1, 1, 0, func(c *call) (Value, error) { return formatText(c.fr, str(c), listOf(c.args[0])) }},
	"<<":              {1, 1, 0, refuseAppend},
	"concat":          {0, -1, 0, concatText},
	"=~":              {1, 1, 0, func(c *call) (Value, error) { return matchIndex(c.fr, c.args[0], c.recv) }},
	"match":           {1, 1, 0, func(c *call) (Value, error) { return matchValue(c.fr, c.args[0], c.recv) }},
	"match?":          {1, 1, 0, func(c *call) (Value, error) { return matchTest(c.fr, c.args[0], c.recv) }},
	"[]":              {1, 2, 0, sliceText},
	"slice":           {1, 2, 0, sliceText},
	"[]=":             {2, 3, 0, refuseAppend},
	"length":          {0, 0, 0, func(c *call) (Value, error) { return int64(runeLen(str(c))), nil }},
	"size":            {0, 0, 0, func(c *call) (Value, error) { return int64(runeLen(str(c))), nil }},
	"bytesize":        {0, 0, 0, func(c *call) (Value, error) { return int64(len(str(c))), nil }},
	"empty?":          {0, 0, 0, func(c *call) (Value, error) { return str(c) == "", nil }},
	"upcase":          textMap(strings.ToUpper),
	"downcase":        textMap(strings.ToLower),
	"capitalize":      textMap(capitalize),
	"swapcase":        textMap(swapCase),
	"reverse":         textMap(reverseText),
	"strip":           textMap(func(s string) string { return strings.Trim(s, " \t\n\v\f\r\x00") }),
	"lstrip":          textMap(func(s string) string { return strings.TrimLeft(s, " \t\n\v\f\r\x00") }),
	"rstrip":          textMap(func(s string) string { return strings.TrimRight(s, " \t\n\v\f\r\x00") }),
	"chop":            textMap(chop),
	"chomp":           {0, 1, 0, chomp},
	"scrub":           {0, 1, 0, func(c *call) (Value, error) { return strings.ToValidUTF8(str(c), "\ufffd"), nil }},
	"force_encoding":  {1, 1, 0, identity}, // texts are UTF-8 here, whatever they are called
	"encode":          {0, -1, 0, identity},
	"valid_encoding?": {0, 0, 0, func(c *call) (Value, error) { return utf8.ValidString(str(c)), nil }},
	"to_i":            {0, 1, 0, textToInt},
	"to_f":            {0, 0, 0, func(c *call) (Value, error) { return leadingFloat(str(c)), nil }},
	"to_s":            {0, 0, 0, identity},
	"to_str":          {0, 0, 0, identity},
	"to_sym":          {0, 0, 0, func(c *call) (Value, error) { return Symbol(str(c)), nil }},
	"parse_csv":       {0, 0, 0, func(c *call) (Value, error) { return csvLine(c.fr, c.recv) }},
	"hex":             {0, 0, 0, func(c *call) (Value, error) { return leadingInt(strings.TrimPrefix(str(c), "0x"), 16) }},
	"oct":             {0, 0, 0, func(c *call) (Value, error) { return leadingInt(str(c), 8) }},
	"ord":             {0, 0, 0, ordText},
	"include?":        {1, 1, 0, textTest(strings.Contains)},
	"start_with?":     {0, -1, 0, startWith},
	"end_with?":       {0, -1, 0, endWith},
	"delete_prefix":   {1, 1, 0, textCut(strings.TrimPrefix)},
	"delete_suffix":   {1, 1, 0, textCut(strings.TrimSuffix)},
	"index":           {1, 2, 0, indexText},
	"rindex":          {1, 1, 0, rindexText},
	"count":           {1, 1, 0, countChars},
	"delete":          {1, 1, 0, deleteChars},
	"squeeze":         {0, 1, 0, squeezeChars},
	"tr":              {2, 2, 0, translate},
	"split":           {0, 2, 0, splitText},
	"lines":           {0, 0, 0, func(c *call) (Value, error) { return textList(c.fr, splitLines(str(c))) }},
	"chars":           {0, 0, 0, func(c *call) (Value, error) { return textList(c.fr, strings.Split(str(c), "")) }},
	"bytes":           {0, 0, 0, bytesOf},
	"each_line":       {0, 0, blockRequired, func(c *call) (Value, error) { return eachText(c, splitLines(str(c))) }},
	"each_char": {0, 0, blockOptional, func(c *call) (Value, error) {
		if c.block == nil { // what an enumerator would go through
			return textList(c.fr, strings.Split(str(c), ""))
		}
		return eachText(c, strings.Split(str(c), ""))
	}},
	"scan":       {1, 1, blockOptional, scanText},
	"sub":        {1, 2, blockOptional, func(c *call) (Value, error) { return substitute(c, false) }},
	"gsub":       {1, 2, blockOptional, func(c *call) (Value, error) { return substitute(c, true) }},
	"partition":  {1, 1, 0, partitionText},
	"rpartition": {1, 1, 0, rpartitionText},
	"ljust":      {1, 2, 0, func(c *call) (Value, error) { return justify(c, 0, 1) }},
	"rjust":      {1, 2, 0, func(c *call) (Value, error) { return justify(c, 1, 0) }},
	"center":     {1, 2, 0, func(c *call) (Value, error) { return justify(c, 1, 1) }},
	"casecmp": {1, 1, 0, func(c *call) (Value, error) {
		return int64(strings.Compare(strings.ToLower(str(c)), lowered(c.args[0]))), nil
	}},
	"casecmp?":    {1, 1, 0, func(c *call) (Value, error) { return strings.ToLower(str(c)) == lowered(c.args[0]), nil }},
	"eql?":        {1, 1, 0, func(c *call) (Value, error) { return c.recv == c.args[0], nil }},
	"insert":      {2, 2, 0, insertText},
	"prepend":     {1, 1, 0, refuseAppend},
	"ascii_only?": {0, 0, 0, func(c *call) (Value, error) { return len(str(c)) == runeLen(str(c)), nil }},
})

func str(c *call) string { return c.recv.(string) }

// textArg reads an argument that must be a text.
func textArg(v Value) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	return "", typeErrorf("no implicit conversion of %s into String", nilOr(v))
}

func lowered(v Value) string {
	s, _ := v.(string)
	return strings.ToLower(s)
}

func refuseAppend(c *call) (Value, error) {
	return nil, raisef("FrozenError", "a text cannot be changed in place here; assign the new text to a variable, as in x += y")
}

func listOf(v Value) []Value {
	if a, ok := v.(*Array); ok {
		return a.Items
	}
	return []Value{v}
}

func textMap(f func(string) string) *method {
	return &method{0, 0, 0, func(c *call) (Value, error) {
		s := f(str(c))
		return s, c.fr.grow(len(s))
	}}
}

func textTest(f func(s, arg string) bool) func(c *call) (Value, error) {
	return func(c *call) (Value, error) {
		arg, err := textArg(c.args[0])
		return f(str(c), arg), err
	}
}

func textCut(f func(s, arg string) string) func(c *call) (Value, error) {
	return func(c *call) (Value, error) {
		arg, err := textArg(c.args[0])
		return f(str(c), arg), err
	}
}

func textList(fr *frame, parts []string) (Value, error) {
	if err := fr.grow(32 * len(parts)); err != nil {
		return nil, err
	}
	a := &Array{make([]Value, len(parts))}
	for i, p := range parts {
		a.Items[i] = p
	}
	return a, nil
}

func eachText(c *call, parts []string) (Value, error) {
	for _, p := range parts {
		if _, err := c.block.call(p); err != nil {
			return nil, err
		}
	}
	return c.recv, nil
}

func concatText(c *call) (Value, error) {
	s := str(c)
	for _, a := range c.args {
		t, err := textArg(a)
		if err != nil {
			return nil, err
		}
		if err := c.fr.grow(len(s) + len(t)); err != nil {
			return nil, err
		}
		s += t
	}
	return s, nil
}

func repeatText(c *call) (Value, error) {
	n, err := intArg(c.args[0])
	switch {
	case err != nil:
		return nil, err
	case n < 0:
		return nil, argumentErrorf("argument must be non-negative")
	case str(c) == "":
		return "", nil
	case n > maxBytes:
		return nil, c.fr.grow(maxBytes + 1)
	}
	if err := c.fr.grow(len(str(c)) * int(n)); err != nil {
		return nil, err
	}
	return strings.Repeat(str(c), int(n)), nil
}

func capitalize(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + strings.ToLower(s[n:])
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}

func reverseText(s string) string {
	r := []rune(s)
	slices.Reverse(r)
	return string(r)
}

func chop(s string) string {
	if strings.HasSuffix(s, "\r\n") {
		return s[:len(s)-2]
	}
	_, n := utf8.DecodeLastRuneInString(s)
	return s[:len(s)-n]
}

func chomp(c *call) (Value, error) {
	s := str(c)
	if len(c.args) == 1 {
		suffix, err := textArg(c.args[0])
		return strings.TrimSuffix(s, suffix), err
	}
	switch {
	case strings.HasSuffix(s, "\r\n"):
		return s[:len(s)-2], nil
	case strings.HasSuffix(s, "\n"), strings.HasSuffix(s, "\r"):
		return s[:len(s)-1], nil
	}
	return s, nil
}

func textToInt(c *call) (Value, error) {
	base := int64(10)
	if len(c.args) > 0 {
		var err error
		if base, err = intArg(c.args[0]); err != nil || base < 2 || base > 36 {
			return nil, argumentErrorf("invalid radix")
		}
	}
	return leadingInt(str(c), int(base))
}

// leadingInt reads the digits at a text's start, 0 when there are none.
func leadingInt(s string, base int) (Value, error) {
	s = strings.TrimLeft(s, " \t\n\v\f\r")
	n := 0
	if n < len(s) && (s[n] == '+' || s[n] == '-') {
		n++
	}
	var digits strings.Builder
	digits.WriteString(s[:n])
	if prefix := map[int]string{16: "0x", 8: "0o", 2: "0b"}[base]; prefix != "" && len(s) > n+2 && strings.EqualFold(s[n:n+2], prefix) {
		n += 2
	}
	start := digits.Len()
	for ; n < len(s); n++ {
		if s[n] == '_' && digits.Len() > start && n+1 < len(s) && s[n+1] != '_' {
			continue
		}
		if _, err := strconv.ParseInt(s[n:n+1], base, 64); err != nil {
			break
		}
		digits.WriteByte(s[n])
	}
	if digits.Len() == start {
		return int64(0), nil
	}
	v, err := strconv.ParseInt(digits.String(), base, 64)
	if err != nil {
		return nil, overflow()
	}
	return v, nil
}

// leadingFloat reads the number at a text's start, 0.0 when there is none.
func leadingFloat(s string) float64 {
	s = strings.ReplaceAll(strings.TrimLeft(s, " \t\n\v\f\r"), "_", "")
	n := 0
	if n < len(s) && (s[n] == '+' || s[n] == '-') {
		n++
	}
	first := n
	n = digits(s, n)
	if n == first {
		return 0
	}
	if n+1 < len(s) && s[n] == '.' && isDigit(s[n+1]) {
		n = digits(s, n+1)
	}
	if n+1 < len(s) && (s[n] == 'e' || s[n] == 'E') {
		m := n + 1
		if s[m] == '+' || s[m] == '-' {
			m++
		}
		if m < len(s) && isDigit(s[m]) {
			n = digits(s, m)
		}
	}
	f, err := strconv.ParseFloat(s[:n], 64)
	if err != nil {
		return f // out of range: an infinity, as in Ruby
	}
	return f
}

func ordText(c *call) (Value, error) {
	r, n := utf8.DecodeRuneInString(str(c))
	if n == 0 {
		return nil, argumentErrorf("empty string")
	}
	return int64(r), nil
}

func startWith(c *call) (Value, error) {
	for _, a := range c.args {
		if re, ok := a.(*regexValue); ok {
			m, err := c.fr.matchRegex(re, str(c), 0)
			if err != nil || m != nil && m.loc[0] == 0 {
				return m != nil, err
			}
			continue
		}
		prefix, err := textArg(a)
		if err != nil || strings.HasPrefix(str(c), prefix) {
			return err == nil, err
		}
	}
	return false, nil
}

func endWith(c *call) (Value, error) {
	for _, a := range c.args {
		suffix, err := textArg(a)
		if err != nil || strings.HasSuffix(str(c), suffix) {
			return err == nil, err
		}
	}
	return false, nil
}

func bytesOf(c *call) (Value, error) {
	s := str(c)
	a := &Array{make([]Value, len(s))}
	for i := range len(s) {
		a.Items[i] = int64(s[i])
	}
	return a, c.fr.grow(16 * len(s))
}

func splitLines(s string) []string {
	lines := strings.SplitAfter(s, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

func insertText(c *call) (Value, error) { return refuseAppend(c) }

// justify pads a text on the left and right in the given shares.
func justify(c *call, left, right int64) (Value, error) {
	width, err := intArg(c.args[0])
	if err != nil {
		return nil, err
	}
	pad := " "
	if len(c.args) == 2 {
		if pad, err = textArg(c.args[1]); err != nil || pad == "" {
			return nil, argumentErrorf("zero width padding")
		}
	}
	missing := width - int64(runeLen(str(c)))
	if missing <= 0 {
		return str(c), nil
	}
	if missing > maxBytes {
		return nil, c.fr.grow(maxBytes + 1)
	}
	before := missing * left / (left + right)
	s := padding(pad, int(before)) + str(c) + padding(pad, int(missing-before))
	return s, c.fr.grow(len(s))
}

func padding(pad string, chars int) string {
	n := runeLen(pad)
	return strings.Repeat(pad, chars/n) + cutRunes(pad, 0, chars%n)
}
