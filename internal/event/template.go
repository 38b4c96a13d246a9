package event

import (
	"strconv"
	"strings"

	"elkhorn/internal/datefmt"
)

// Template is text with references, compiled once: %{field}, %{[a][b]}, %{[@metadata][x]},
// %{@timestamp}, %{+YYYY.MM.dd} (Joda letters), %{{yyyy-MM-dd}} (java.time letters) and %{+%s} (Unix
// seconds). Dates are of the event time, in UTC. A reference that does not resolve stays as text.
type Template struct {
	parts []templatePart
}

type templatePart struct {
	literal string // the reference as it was written, for the other kinds
	path    *Path
	date    *datefmt.Format
	epoch   bool
}

// CompileTemplate compiles text. The only errors are those of date patterns and field references
// between %{ and }.
func CompileTemplate(text string) (*Template, error) {
	t := &Template{}
	for text != "" {
		open := strings.Index(text, "%{")
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], '}')
		if strings.HasPrefix(text[open:], "%{{") {
			end = strings.Index(text[open:], "}}") + 1
		}
		if end <= 0 {
			break
		}
		t.addLiteral(text[:open])
		part, err := compileReference(text[open : open+end+1])
		if err != nil {
			return nil, err
		}
		t.parts = append(t.parts, part)
		text = text[open+end+1:]
	}
	t.addLiteral(text)
	return t, nil
}

func (t *Template) addLiteral(s string) {
	if s != "" {
		t.parts = append(t.parts, templatePart{literal: s})
	}
}

func compileReference(whole string) (templatePart, error) {
	p := templatePart{literal: whole}
	inner := whole[2 : len(whole)-1]
	var err error
	switch {
	case inner == "":
		return p, nil
	case inner == "+%s":
		p.epoch = true
	case strings.HasPrefix(inner, "{") && strings.HasSuffix(inner, "}"):
		p.date, err = datefmt.CompileJava(inner[1 : len(inner)-1])
	case inner[0] == '+':
		p.date, err = datefmt.Compile(inner[1:])
	default:
		if p.path, err = ParsePath(inner); err != nil {
			return templatePart{literal: whole}, nil // not a reference at all: text, as Logstash has it
		}
	}
	return p, err
}

// MustTemplate is CompileTemplate for texts written in the program itself.
func MustTemplate(text string) *Template {
	t, err := CompileTemplate(text)
	if err != nil {
		panic(err)
	}
	return t
}

// LiteralTemplate is a template that is its text, whatever stands in it.
func LiteralTemplate(text string) *Template {
	t := &Template{}
	t.addLiteral(text)
	return t
}

// Constant returns the text and true when the template has no references.
func (t *Template) Constant() (string, bool) {
	switch len(t.parts) {
	case 0:
		return "", true
	case 1:
		return t.parts[0].literal, t.parts[0].isLiteral()
	}
	return "", false
}

func (p *templatePart) isLiteral() bool { return p.path == nil && p.date == nil && !p.epoch }

// Append appends the text for ev to dst. resolved is false when a reference named nothing and was
// left as text.
func (t *Template) Append(dst []byte, ev *Event) (text []byte, resolved bool) {
	resolved = true
	for i := range t.parts {
		p := &t.parts[i]
		switch {
		case p.date != nil:
			dst = p.date.Append(dst, ev.timestamp.UTC())
		case p.epoch:
			dst = strconv.AppendInt(dst, ev.timestamp.Unix(), 10)
		case p.path != nil:
			v, ok := ev.Get(p.path)
			if !ok || v.kind == Null {
				resolved = false
				dst = append(dst, p.literal...)
				continue
			}
			dst = v.AppendText(dst)
		default:
			dst = append(dst, p.literal...)
		}
	}
	return dst, resolved
}

// Expand returns the text for ev.
func (t *Template) Expand(ev *Event) string {
	if s, ok := t.Constant(); ok {
		return s
	}
	const usual = 64 // bytes of names, paths and times
	s, _ := t.Append(make([]byte, 0, usual), ev)
	return string(s)
}
