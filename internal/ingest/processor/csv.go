package processor

import (
	"strings"
	"unicode/utf8"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
)

// csvProcessor takes one line of CSV (RFC 4180) apart into fields.
type csvProcessor struct {
	field               *path
	targets             []*path
	separator, quote    rune
	trim, ignoreMissing bool
	empty               value // for a field without text; null leaves it out
}

func newCSV(c *config) (Processor, error) {
	p := &csvProcessor{field: c.path("field"), trim: c.flag("trim", false), ignoreMissing: c.flag("ignore_missing", false)}
	p.quote = c.oneRune("quote", `"`)
	p.separator = c.oneRune("separator", ",")
	p.empty, _ = c.take("empty_value")
	names := c.strs("target_fields")
	if len(names) == 0 {
		c.failWith("", eserr.IllegalArgument("target fields list can't be empty"))
	}
	for _, name := range names {
		p.targets = append(p.targets, c.pathOf("target_fields", name))
	}
	return p, c.err
}

// oneRune reads an option that is one character.
func (c *config) oneRune(name, otherwise string) rune {
	text := c.strOr(name, otherwise)
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 || size != len(text) {
		c.failWith("", eserr.IllegalArgument(`%s has to be single character like " or '`, name))
	}
	return r
}

// Run parses the line. Fields that the line lacks are left out.
func (p *csvProcessor) Run(d *Document) error {
	line, present, err := d.text(p.field, p.ignoreMissing)
	switch {
	case err != nil:
		return err
	case !present && p.ignoreMissing:
		return nil
	case !present:
		return eserr.IllegalArgument("field [%s] is null, cannot process it.", p.field.text)
	}
	r := csvReader{line: line, csvProcessor: p}
	for _, target := range p.targets {
		text, more, err := r.next()
		if err != nil {
			return err
		}
		if !more {
			return nil
		}
		v := event.StringOf(text)
		if text == "" {
			if p.empty.Kind() == event.Null {
				continue
			}
			v = p.empty.Clone()
		}
		if err := d.set(target, v); err != nil {
			return err
		}
	}
	return nil
}

type csvReader struct {
	*csvProcessor
	line string
	pos  int
}

// next reads a field and the separator behind it; more is false at the end of the line.
func (r *csvReader) next() (text string, more bool, err error) {
	start := r.pos
	for r.pos < len(r.line) && (r.line[r.pos] == ' ' || r.line[r.pos] == '\t') && rune(r.line[r.pos]) != r.separator {
		r.pos++
	}
	if r.pos >= len(r.line) {
		return "", false, nil
	}
	switch c, size := utf8.DecodeRuneInString(r.line[r.pos:]); c {
	case r.quote:
		r.pos += size
		return r.quoted()
	case r.separator:
		r.pos += size
		return "", true, nil
	}
	if r.trim {
		start = r.pos
	}
	for r.pos < len(r.line) {
		c, size := utf8.DecodeRuneInString(r.line[r.pos:])
		switch c {
		case '\n', '\r', r.quote:
			return "", false, eserr.IllegalArgument("Illegal character inside unquoted field at %d", r.pos)
		case r.separator:
			text = r.line[start:r.pos]
			r.pos += size
			return r.trimmed(text), true, nil
		}
		r.pos += size
	}
	return r.trimmed(r.line[start:]), true, nil
}

func (r *csvReader) trimmed(text string) string {
	if r.trim {
		return strings.TrimRight(text, " \t")
	}
	return text
}

// quoted reads behind an opening quote. Two quotes stand for one.
func (r *csvReader) quoted() (string, bool, error) {
	var text strings.Builder
	quote := string(r.quote)
	for {
		end := strings.Index(r.line[r.pos:], quote)
		if end < 0 {
			return "", false, eserr.IllegalArgument("Unmatched quote")
		}
		text.WriteString(r.line[r.pos : r.pos+end])
		r.pos += end + len(quote)
		if !strings.HasPrefix(r.line[r.pos:], quote) {
			break
		}
		text.WriteString(quote)
		r.pos += len(quote)
	}
	for r.pos < len(r.line) {
		c, size := utf8.DecodeRuneInString(r.line[r.pos:])
		switch {
		case c == r.separator:
			r.pos += size
			return text.String(), true, nil
		case c != ' ' && c != '\t':
			return "", false, eserr.IllegalArgument("character '%c' after quoted field at %d", c, r.pos)
		}
		r.pos += size
	}
	return text.String(), true, nil
}
