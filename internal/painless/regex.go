package painless

import (
	"strings"
	"sync"

	"elkhorn/internal/pattern"
)

// regexPattern is a java.util.regex.Pattern.
type regexPattern struct {
	source string
	re     *pattern.Regexp
	flags  pattern.Flags
	whole  sync.Once
	// anchored matches whole texts only; it is made when it is first needed.
	anchored *pattern.Regexp
}

func (*regexPattern) class() *class  { return classes["Pattern"] }
func (p *regexPattern) show() string { return p.source }

func (p *regexPattern) find(fr *frame, text string, from int) []int {
	return search(fr, p.re, text, from)
}

// search looks for the next match; what takes too long ends the script.
func search(fr *frame, re *pattern.Regexp, text string, from int) []int {
	fr.r.spend(1 + len(text)/16)
	loc, err := re.Find(nil, text, from)
	if err != nil {
		throw("PainlessError", "[scripting] Regular expression considered too many characters, pattern: [%s]: %v", clip(re.String()), err)
	}
	return loc
}

// split is Pattern.split: empty parts at the end are left out unless limit is negative.
func (p *regexPattern) split(fr *frame, s string, limit int) []string {
	if s == "" {
		return []string{""}
	}
	var parts []string
	start := 0
	for at := 0; at <= len(s); {
		if limit > 0 && len(parts) == limit-1 {
			break
		}
		loc := p.find(fr, s, at)
		if loc == nil {
			break
		}
		if loc[1] == loc[0] { // an empty match splits between characters, but not before the first
			if loc[0] >= len(s) {
				break
			}
			at = loc[0] + runeLength(s[loc[0]:])
			if loc[0] == 0 {
				continue
			}
		} else {
			at = loc[1]
		}
		if loc[1] == 0 {
			continue
		}
		fr.r.alloc(valueBytes)
		parts = append(parts, s[start:loc[0]])
		start = loc[1]
	}
	parts = append(parts, s[start:])
	if limit == 0 {
		for len(parts) > 0 && parts[len(parts)-1] == "" {
			parts = parts[:len(parts)-1]
		}
	}
	return parts
}

func runeLength(s string) int {
	for i := range s {
		if i > 0 {
			return i
		}
	}
	return max(len(s), 1)
}

// regexMatcher is a java.util.regex.Matcher.
type regexMatcher struct {
	pattern *regexPattern
	text    string
	loc     []int // of the last match
	region  int   // where the next find begins; -1 before the first
}

func (*regexMatcher) class() *class { return classes["Matcher"] }
func (m *regexMatcher) show() string {
	return "java.util.regex.Matcher[pattern=" + m.pattern.source + "]"
}

// find looks for the next match.
func (m *regexMatcher) find(fr *frame) bool {
	from := max(m.region, 0)
	if from > len(m.text) {
		m.loc = nil
		return false
	}
	m.loc = m.pattern.find(fr, m.text, from)
	if m.loc == nil {
		m.region = len(m.text) + 1
		return false
	}
	m.region = m.loc[1]
	if m.loc[1] == m.loc[0] {
		m.region += runeLength(m.text[m.loc[1]:])
	}
	return true
}

// matches looks whether the whole text is a match. The expression is tried as it stands first; if its first match does not
// reach the end, it is compiled once more with an end.
func (m *regexMatcher) matches(fr *frame) bool {
	m.loc = m.pattern.find(fr, m.text, 0)
	if m.loc == nil {
		return false
	}
	if m.loc[0] == 0 && m.loc[1] == len(m.text) {
		return true
	}
	p := m.pattern
	p.whole.Do(func() { p.anchored, _ = pattern.CompileFlags(`\A(?:`+p.re.String()+`)\z`, p.flags) })
	if p.anchored == nil {
		throw("PatternSyntaxException", "the expression cannot be matched against a whole text: %s", p.source)
	}
	m.loc = search(fr, p.anchored, m.text, 0)
	return m.loc != nil
}

func (m *regexMatcher) group(i int) Value {
	if m.loc == nil {
		throw("IllegalStateException", "No match found")
	}
	if i < 0 || 2*i+1 >= len(m.loc) {
		throw("IndexOutOfBoundsException", "No group %d", i)
	}
	if m.loc[2*i] < 0 {
		return Null
	}
	return StringOf(m.text[m.loc[2*i]:m.loc[2*i+1]])
}

func (m *regexMatcher) named(name string) Value {
	out, found := Null, false
	for i, n := range m.pattern.re.GroupNames() {
		if n == name {
			found = true
			if g := m.group(i); g.kind != KindNull {
				out = g
			}
		}
	}
	if !found {
		throw("IllegalArgumentException", "No group with name <%s>", name)
	}
	return out
}

// expand writes a replacement: $1 and ${name} are groups, \ takes the next character as it is.
func (m *regexMatcher) expand(with string) string {
	var b strings.Builder
	for i := 0; i < len(with); i++ {
		switch c := with[i]; {
		case c == '\\' && i+1 < len(with):
			i++
			b.WriteByte(with[i])
		case c == '$' && i+1 < len(with) && isDigit(with[i+1]):
			i++
			b.WriteString(m.group(int(with[i] - '0')).Text())
		case c == '$' && i+1 < len(with) && with[i+1] == '{':
			end := strings.IndexByte(with[i:], '}')
			if end < 0 {
				throw("IllegalArgumentException", "named capturing group is missing trailing '}'")
			}
			b.WriteString(m.named(with[i+2 : i+end]).Text())
			i += end
		case c == '$':
			throw("IllegalArgumentException", "Illegal group reference")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func (m *regexMatcher) replaceAll(fr *frame, with string, once bool) Value {
	return m.replaceWith(fr, func() string { return m.expand(with) }, once)
}

func (m *regexMatcher) replaceWith(fr *frame, with func() string, once bool) Value {
	m.region = -1
	var b strings.Builder
	last := 0
	for m.find(fr) {
		at := m.loc
		text := with()
		fr.r.alloc(len(text) + at[0] - last)
		b.WriteString(m.text[last:at[0]])
		b.WriteString(text)
		last = at[1]
		if once {
			break
		}
	}
	fr.r.alloc(len(m.text) - last)
	b.WriteString(m.text[last:])
	return StringOf(b.String())
}

func textClasses() []*class {
	matcher := func(f func(fr *frame, m *regexMatcher, args []Value) Value) methodFunc {
		return func(fr *frame, self Value, args []Value) Value { return f(fr, self.ref.(*regexMatcher), args) }
	}
	re := func(f func(fr *frame, p *regexPattern, args []Value) Value) methodFunc {
		return func(fr *frame, self Value, args []Value) Value { return f(fr, self.ref.(*regexPattern), args) }
	}
	bound := func(end int) methodFunc {
		return matcher(func(_ *frame, m *regexMatcher, args []Value) Value {
			i := 0
			if len(args) == 1 {
				i = intArg(args[0])
			}
			if m.group(i).kind == KindNull {
				return IntOf(-1)
			}
			return IntOf(int32(utf16Length(m.text[:m.loc[2*i+end]])))
		})
	}
	newMatcher := func(p *regexPattern, text string) *regexMatcher {
		return &regexMatcher{pattern: p, text: text, region: -1}
	}
	return []*class{
		{name: "Pattern", full: "java.util.regex.Pattern", has: hasClass("Pattern"), methods: map[string]methodFunc{
			"matcher/1": re(func(fr *frame, p *regexPattern, args []Value) Value {
				return objectOf(newMatcher(p, charSequence(args[0])))
			}),
			"pattern/0": re(func(_ *frame, p *regexPattern, _ []Value) Value { return StringOf(p.source) }),
			"split/1": re(func(fr *frame, p *regexPattern, args []Value) Value {
				return stringArray(fr, p.split(fr, charSequence(args[0]), 0))
			}),
			"split/2": re(func(fr *frame, p *regexPattern, args []Value) Value {
				return stringArray(fr, p.split(fr, charSequence(args[0]), intArg(args[1])))
			}),
			"splitAsStream/1": re(func(fr *frame, p *regexPattern, args []Value) Value {
				return streamOf(fr, stringArray(fr, p.split(fr, charSequence(args[0]), 0)).List().items)
			}),
			"asPredicate/0": re(func(_ *frame, p *regexPattern, _ []Value) Value {
				return funcOf("asPredicate", 1, func(fr *frame, args []Value) Value { return BoolOf(newMatcher(p, charSequence(args[0])).find(fr)) })
			}),
		}},
		{name: "Matcher", full: "java.util.regex.Matcher", has: hasClass("Matcher"), methods: map[string]methodFunc{
			"find/0":    matcher(func(fr *frame, m *regexMatcher, _ []Value) Value { return BoolOf(m.find(fr)) }),
			"matches/0": matcher(func(fr *frame, m *regexMatcher, _ []Value) Value { return BoolOf(m.matches(fr)) }),
			"lookingAt/0": matcher(func(fr *frame, m *regexMatcher, _ []Value) Value {
				m.loc = m.pattern.find(fr, m.text, 0)
				if m.loc != nil && m.loc[0] != 0 {
					m.loc = nil
				}
				return BoolOf(m.loc != nil)
			}),
			"group/0":      matcher(func(_ *frame, m *regexMatcher, _ []Value) Value { return m.group(0) }),
			"group/1":      matcher(groupOf),
			"namedGroup/1": matcher(groupOf),
			"groupCount/0": matcher(func(_ *frame, m *regexMatcher, _ []Value) Value { return IntOf(int32(m.pattern.re.NumGroups())) }),
			"start/0":      bound(0), "start/1": bound(0), "end/0": bound(1), "end/1": bound(1),
			"replaceAll/1":   matcher(func(fr *frame, m *regexMatcher, args []Value) Value { return m.replaceAll(fr, textArg(args[0]), false) }),
			"replaceFirst/1": matcher(func(fr *frame, m *regexMatcher, args []Value) Value { return m.replaceAll(fr, textArg(args[0]), true) }),
			"reset/0": matcher(func(_ *frame, m *regexMatcher, _ []Value) Value {
				m.region, m.loc = -1, nil
				return objectOf(m)
			}),
		}},
		{name: "StringBuilder", full: "java.lang.StringBuilder", has: hasClass("StringBuilder"), create: map[int]staticFunc{
			0: func(*frame, []Value) Value { return objectOf(&builder{}) },
			1: func(fr *frame, args []Value) Value {
				b := &builder{}
				if !args[0].numeric() {
					b.text = fr.appendText(nil, args[0])
				}
				return objectOf(b)
			},
		}, methods: builderMethods()},
	}
}

func groupOf(_ *frame, m *regexMatcher, args []Value) Value {
	if args[0].kind == KindString {
		return m.named(args[0].Text())
	}
	return m.group(intArg(args[0]))
}

// builder is a StringBuilder.
type builder struct{ text []byte }

func (*builder) class() *class  { return classes["StringBuilder"] }
func (b *builder) show() string { return string(b.text) }

func builderMethods() map[string]methodFunc {
	on := func(f func(fr *frame, b *builder, args []Value) Value) methodFunc {
		return func(fr *frame, self Value, args []Value) Value { return f(fr, self.ref.(*builder), args) }
	}
	// read gives the methods of String that a StringBuilder has too
	out := map[string]methodFunc{}
	for _, name := range []string{"length/0", "charAt/1", "indexOf/1", "substring/1", "substring/2", "lastIndexOf/1", "subSequence/2"} {
		f := stringMethods()[name]
		out[name] = on(func(fr *frame, b *builder, args []Value) Value { return f(fr, StringOf(string(b.text)), args) })
	}
	out["append/1"] = on(func(fr *frame, b *builder, args []Value) Value {
		b.text = fr.appendText(b.text, args[0])
		return objectOf(b)
	})
	out["insert/2"] = on(func(fr *frame, b *builder, args []Value) Value {
		s := string(b.text)
		at := byteOffset(s, intArg(args[0]))
		if at < 0 {
			throw("StringIndexOutOfBoundsException", "offset %d, length %d", intArg(args[0]), utf16Length(s))
		}
		b.text = append(fr.appendText([]byte(s[:at]), args[1]), s[at:]...)
		fr.r.alloc(len(b.text))
		return objectOf(b)
	})
	out["reverse/0"] = on(func(fr *frame, b *builder, _ []Value) Value {
		r := []rune(string(b.text))
		for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
			r[i], r[j] = r[j], r[i]
		}
		fr.r.alloc(len(b.text))
		b.text = []byte(string(r))
		return objectOf(b)
	})
	out["setLength/1"] = on(func(_ *frame, b *builder, args []Value) Value {
		n := intArg(args[0])
		at := byteOffset(string(b.text), n)
		if at < 0 {
			throw("StringIndexOutOfBoundsException", "length %d", n)
		}
		b.text = b.text[:at]
		return Null
	})
	splice := func(fr *frame, b *builder, from, to int, with string) Value {
		s := string(b.text)
		to = min(to, utf16Length(s))
		head, tail := substring(s, 0, from), substring(s, max(from, to), utf16Length(s))
		fr.r.alloc(len(s) + len(with))
		b.text = []byte(head + with + tail)
		return objectOf(b)
	}
	out["deleteCharAt/1"] = on(func(fr *frame, b *builder, args []Value) Value {
		i := intArg(args[0])
		if i >= utf16Length(string(b.text)) {
			throw("StringIndexOutOfBoundsException", "index %d,length %d", i, utf16Length(string(b.text)))
		}
		return splice(fr, b, i, i+1, "")
	})
	out["delete/2"] = on(func(fr *frame, b *builder, args []Value) Value {
		return splice(fr, b, intArg(args[0]), intArg(args[1]), "")
	})
	out["replace/3"] = on(func(fr *frame, b *builder, args []Value) Value {
		return splice(fr, b, intArg(args[0]), intArg(args[1]), textArg(args[2]))
	})
	return out
}
