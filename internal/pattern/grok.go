package pattern

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Conversion is the type a grok reference asks its text to be converted to.
type Conversion uint8

const (
	AsText    Conversion = iota
	AsInt                // %{NAME:field:int}
	AsFloat              // %{NAME:field:float}
	AsLong               // these three only with GrokOptions.Elasticsearch
	AsDouble             //
	AsBoolean            //
)

// Field is one capture of a grok expression. Several fields can have the same name.
type Field struct {
	Name       string // a field reference such as status or [http][status]
	Conversion Conversion
	Group      int // index of its bounds, see [Grok.Match]
}

// GrokOptions changes how an expression is compiled. The zero value is Logstash's default.
type GrokOptions struct {
	// KeepUnnamed makes %{NAME} a field called NAME; without it only %{NAME:field} and (?<field>...) are.
	KeepUnnamed bool
	// Timeout bounds one match; 0 is DefaultTimeout.
	Timeout time.Duration
	// Elasticsearch compiles as that does: it knows the conversions long, double and boolean as well, and the dot stops
	// at newlines.
	Elasticsearch bool
}

// Grok is a compiled grok expression. It is immutable and safe for concurrent use.
type Grok struct {
	source string
	re     *Regexp
	flags  Flags
	fields []Field
}

// Limits on the expansion of references, beside maxSourceBytes for its result.
const maxExpansionDepth = 100

// Compile expands the references of a grok expression and compiles it. Without option Elasticsearch the dot matches
// newlines, as in Logstash, which compiles its expressions with Ruby's option m. Errors name the pattern that is not known, that refers
// to itself, or the fault in the expression.
func (l *Library) Compile(source string, options GrokOptions) (*Grok, error) {
	x := expander{library: l, options: options}
	if err := x.expand(source); err != nil {
		return nil, fmt.Errorf("grok expression %q: %w", source, err)
	}
	flags := DotAll
	if options.Elasticsearch {
		flags = 0
	}
	re, err := CompileFlags(x.out.String(), flags)
	if err != nil {
		return nil, fmt.Errorf("grok expression %q: %w", source, x.placed(err))
	}
	if options.Timeout > 0 {
		re = re.WithTimeout(options.Timeout)
	}
	g := &Grok{source: source, re: re, flags: flags}
	for group, name := range re.GroupNames() {
		if name != "" {
			g.fields = append(g.fields, fieldOf(name, group, options.Elasticsearch))
		}
	}
	return g, nil
}

// fieldOf splits a group's name into pattern, field and conversion, as the expansion joined them.
func fieldOf(name string, group int, javaTypes bool) Field {
	f := Field{Name: name, Group: group}
	parts := strings.SplitN(name, ":", 3)
	if len(parts) > 1 {
		f.Name = parts[1]
	}
	if len(parts) > 2 {
		switch parts[2] {
		case "int":
			f.Conversion = AsInt
		case "float":
			f.Conversion = AsFloat
		}
		if javaTypes && f.Conversion == AsText {
			f.Conversion = javaTypeNames[parts[2]]
		}
	}
	return f
}

var javaTypeNames = map[string]Conversion{"long": AsLong, "double": AsDouble, "boolean": AsBoolean}

// String returns the expression as it was given.
func (g *Grok) String() string { return g.source }

// Expanded returns the regular expression that the references stand for.
func (g *Grok) Expanded() string { return g.re.source }

// Fields lists the captures in the order of their parentheses.
func (g *Grok) Fields() []Field { return g.fields }

// Match looks for the first match and appends bounds to dst: those of Fields()[i] are dst[2*Group] and dst[2*Group+1],
// -1 when the field took no part. It returns nil when nothing matches. The error is ErrTimeout or ErrTooComplex.
func (g *Grok) Match(dst []int, text string) ([]int, error) { return g.re.Find(dst, text, 0) }

// Limit is a time limit that several matches share. It runs from the first of them that takes long.
type Limit struct {
	Duration time.Duration
	deadline time.Time
}

// MatchWithin is Match with what is left of limit instead of the expression's own time limit.
func (g *Grok) MatchWithin(dst []int, text string, limit *Limit) ([]int, error) {
	m := newMachine(g.re.prog, text, limit.Duration)
	defer m.release()
	m.deadline = limit.deadline
	found, err := m.find(0)
	limit.deadline = m.deadline
	if !found {
		return nil, err
	}
	return append(dst, m.slots[:2*g.re.prog.groups]...), nil
}

// Find is Match from byte from on.
func (g *Grok) Find(dst []int, text string, from int) ([]int, error) {
	return g.re.Find(dst, text, from)
}

// Captures returns the captured texts by field name, in order; nil when nothing matches. It is for tools such as the
// grok debugger; the grok filter works on bounds.
func (g *Grok) Captures(text string) (names, values []string, err error) {
	bounds, err := g.Match(nil, text)
	if bounds == nil {
		return nil, nil, err
	}
	names = []string{}
	for _, f := range g.fields {
		if start, end := bounds[2*f.Group], bounds[2*f.Group+1]; start >= 0 {
			names, values = append(names, f.Name), append(values, text[start:end])
		}
	}
	return names, values, nil
}

// expander replaces references by their definitions.
type expander struct {
	library *Library
	options GrokOptions
	out     strings.Builder
	open    []string // the patterns being expanded
	spans   []span   // of the expression itself, in order
}

// span is where a part of the expression, plain text or a reference, stands in it and in what it expands to.
type span struct {
	source, out int
	reference   string // "" for plain text
}

// placed says where in the expression a fault is, rather than where in what it expands to, which its author has never seen.
func (x *expander) placed(err error) error {
	var fault *SyntaxError
	if !errors.As(err, &fault) {
		return err
	}
	for _, s := range slices.Backward(x.spans) {
		switch {
		case s.out > fault.Offset:
		case s.reference != "":
			return fmt.Errorf("in %s, at byte %d: %s", s.reference, s.source, fault.Reason)
		default:
			return fmt.Errorf("at byte %d: %s", s.source+fault.Offset-s.out, fault.Reason)
		}
	}
	return err
}

func (x *expander) expand(source string) error {
	whole := source
	// begins notes a part of the expression itself; those of the patterns that it refers to are theirs.
	begins := func(at int, reference string) {
		if len(x.open) == 0 {
			x.spans = append(x.spans, span{len(whole) - len(source) + at, x.out.Len(), reference})
		}
	}
	for {
		begins(0, "")
		at := strings.Index(source, "%{")
		if at < 0 {
			return x.write(source)
		}
		ref, size := readReference(source[at:])
		if size == 0 { // %{ that is no reference is plain text
			if err := x.write(source[:at+2]); err != nil {
				return err
			}
			source = source[at+2:]
			continue
		}
		if err := x.write(source[:at]); err != nil {
			return err
		}
		begins(at, source[at:at+size])
		if err := x.reference(ref); err != nil {
			return err
		}
		source = source[at+size:]
	}
}

func (x *expander) write(text string) error {
	if x.out.Len()+len(text) > maxSourceBytes {
		return fmt.Errorf("its references expand to more than %d bytes", maxSourceBytes)
	}
	x.out.WriteString(text)
	return nil
}

// reference is %{pattern:field:conversion=definition}, everything but the pattern optional.
type reference struct {
	pattern, capture, definition string
}

// readReference reads a reference that begins text and its size in bytes, 0 when there is none.
func readReference(text string) (ref reference, size int) {
	pos := len("%{")
	n := scanName(text[pos:])
	if n == 0 {
		return ref, 0
	}
	ref.pattern = text[pos : pos+n]
	pos += n
	if pos < len(text) && text[pos] == ':' {
		n := scanCapture(text[pos+1:])
		if n > 0 {
			ref.capture = text[pos+1 : pos+1+n]
			pos += 1 + n
		}
	}
	if pos < len(text) && text[pos] == '=' {
		n := scanDefinition(text[pos+1:])
		ref.definition = text[pos+1 : pos+1+n]
		pos += 1 + n
	}
	end := strings.IndexByte(text[pos:], '}')
	if end < 0 {
		return ref, 0
	}
	return ref, pos + end + 1
}

// scanCapture counts the bytes of a field reference with its conversion.
func scanCapture(text string) int {
	for i := range len(text) {
		if scanName(text[i:i+1]) == 0 && !strings.ContainsRune("@[]:.-", rune(text[i])) {
			return i
		}
	}
	return len(text)
}

// scanDefinition counts the bytes up to the brace that closes the reference.
func scanDefinition(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return len(text)
}

func (x *expander) reference(ref reference) error {
	definition := ref.definition
	if definition == "" {
		var ok bool
		if definition, ok = x.library.patterns[ref.pattern]; !ok {
			return fmt.Errorf("pattern %%{%s} is not defined%s", ref.pattern, x.library.hint(ref.pattern))
		}
	}
	if slices.Contains(x.open, ref.pattern) {
		return fmt.Errorf("pattern %%{%s} refers to itself by way of %s", ref.pattern, strings.Join(x.open, ", "))
	}
	if len(x.open) == maxExpansionDepth {
		return fmt.Errorf("references are nested more than %d deep", maxExpansionDepth)
	}
	head := "(?:"
	switch {
	case ref.capture != "":
		head = "(?<" + ref.pattern + ":" + ref.capture + ">"
	case x.options.KeepUnnamed:
		head = "(?<" + ref.pattern + ">"
	}
	if err := x.write(head); err != nil {
		return err
	}
	x.open = append(x.open, ref.pattern)
	err := x.expand(definition)
	x.open = x.open[:len(x.open)-1]
	if err != nil {
		return err
	}
	return x.write(")")
}
