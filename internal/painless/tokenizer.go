package painless

import "strings"

// tokenizer is a StringTokenizer: the runs of a text between delimiters.
type tokenizer struct {
	text, delimiters string
	withDelimiters   bool // they are tokens too, each by itself
	at               int
}

func (*tokenizer) class() *class { return classes["StringTokenizer"] }
func (*tokenizer) show() string  { return "java.util.StringTokenizer" }

// skip returns where the next token begins from a position on.
func (t *tokenizer) skip(at int) int {
	if t.withDelimiters {
		return at
	}
	rest := t.text[at:]
	return at + len(rest) - len(strings.TrimLeft(rest, t.delimiters))
}

// scan returns where the token that begins at a position ends.
func (t *tokenizer) scan(at int) int {
	rest := t.text[at:]
	end := strings.IndexAny(rest, t.delimiters)
	switch {
	case end < 0:
		return len(t.text)
	case end > 0 || !t.withDelimiters:
		return at + end
	}
	for i := range rest {
		if i > 0 {
			return at + i
		}
	}
	return len(t.text)
}

func tokenizerClass() *class {
	create := func(fr *frame, args []Value) Value {
		t := &tokenizer{text: textArg(args[0]), delimiters: " \t\n\r\f"}
		if len(args) > 1 {
			t.delimiters = textArg(args[1])
		}
		if len(args) > 2 {
			t.withDelimiters = args[2].Bool()
		}
		fr.r.alloc(4 * valueBytes)
		return objectOf(t)
	}
	more := func(_ *frame, v Value, _ []Value) Value {
		t := v.ref.(*tokenizer)
		return BoolOf(t.skip(t.at) < len(t.text))
	}
	next := func(fr *frame, v Value, args []Value) Value {
		t := v.ref.(*tokenizer)
		if len(args) == 1 {
			t.delimiters = textArg(args[0])
		}
		from := t.skip(t.at)
		if from == len(t.text) {
			throw("NoSuchElementException", "the text has no more tokens")
		}
		t.at = t.scan(from)
		fr.r.spend((t.at - from) / 16)
		return StringOf(t.text[from:t.at])
	}
	return &class{name: "StringTokenizer", full: "java.util.StringTokenizer", has: hasClass("StringTokenizer"),
		create: map[int]staticFunc{1: create, 2: create, 3: create},
		methods: map[string]methodFunc{
			"hasMoreTokens/0": more, "hasMoreElements/0": more, "nextToken/0": next, "nextToken/1": next, "nextElement/0": next,
			"countTokens/0": func(fr *frame, v Value, _ []Value) Value {
				t := v.ref.(*tokenizer)
				fr.r.spend((len(t.text) - t.at) / 16)
				n := int32(0)
				for at := t.skip(t.at); at < len(t.text); at = t.skip(t.scan(at)) {
					n++
				}
				return IntOf(n)
			},
		}}
}
