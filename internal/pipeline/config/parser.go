package config

import (
	"elkhorn/internal/plugin"
)

// maxDepth bounds the nesting of branches, parentheses, arrays and blocks. Real configurations stay
// below ten; the bound keeps hostile text from exhausting the stack.
const maxDepth = 200

// Options change how text is read.
type Options struct {
	// Escapes processes \n, \r, \t, \0, \\, \" and \' in quoted texts (config.support_escapes). Off by
	// default, as in Logstash: backslashes are then ordinary characters.
	Escapes bool
}

type parser struct {
	scanner
	opts     Options
	depth    int
	warnings []*plugin.Error
	faults   Errors
}

// Parse reads one file's text. The error is a *plugin.Error with file, line and column, or Errors when there are several; beside it comes
// what is without fault, or nil where the text cannot be followed.
func Parse(file, src string, opts Options) (*Config, error) {
	p := &parser{scanner: newScanner(file, src), opts: opts}
	cfg := &Config{}
	for {
		p.skipSpace()
		if p.done() {
			cfg.Warnings = p.warnings
			return cfg, p.faults.asError()
		}
		from := p.scanner
		s, err := p.section()
		if err != nil {
			if p.resume(from, err) != nil {
				return nil, p.faults.asError()
			}
			continue
		}
		cfg.Sections = append(cfg.Sections, s)
	}
}

func (p *parser) section() (*Section, error) {
	at := p.pos()
	word := p.peekWord()
	switch kind := SectionKind(word); kind {
	case Input, Filter, Output:
		p.advance(len(word))
		body, err := p.body()
		if err != nil {
			return nil, err
		}
		return &Section{Kind: kind, Body: body, Pos: at}, nil
	}
	next := "a file holds only these three kinds of section"
	if near := plugin.Nearest(word, []string{string(Input), string(Filter), string(Output)}); near != "" {
		next = `did you mean "` + near + `"?`
	}
	return nil, p.expected("input, filter or output", next)
}

// enter counts one level of nesting; leave must follow when it returns nil.
func (p *parser) enter() error {
	if p.depth == maxDepth {
		return p.errorf(p.pos(), "nested more than %d levels deep", maxDepth)
	}
	p.depth++
	return nil
}

func (p *parser) leave() { p.depth-- }

// body reads { statements }.
func (p *parser) body() ([]Statement, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	p.skipSpace()
	open := p.pos()
	if !p.accept("{") {
		return nil, p.expected("{", "")
	}
	var body []Statement
	for !p.accept("}") {
		if p.done() {
			if len(p.faults) > 0 {
				return nil, errLost // a } was missing before, or was taken for another
			}
			return nil, p.errorf(open, "the { here is never closed by }")
		}
		switch SectionKind(p.peekWord()) {
		case Input, Filter, Output:
			if len(p.faults) > 0 {
				return nil, errLost // likewise: no plugin has such a name
			}
		}
		from := p.scanner
		st, err := p.statement()
		if err != nil {
			if err := p.resume(from, err); err != nil {
				return nil, err
			}
			continue
		}
		body = append(body, st)
	}
	return body, nil
}

func (p *parser) statement() (Statement, error) {
	switch p.peekWord() {
	case "if":
		return p.branch()
	case "else":
		return nil, p.errorf(p.pos(), "this else does not follow the } of an if")
	}
	return p.plugin()
}

func (p *parser) branch() (*Branch, error) {
	b := &Branch{Pos: p.pos()}
	p.acceptWord("if")
	arm, err := p.conditionArm(b.Pos)
	if err != nil {
		return nil, err
	}
	b.Arms = append(b.Arms, arm)
	for p.peekWord() == "else" {
		at := p.pos()
		p.acceptWord("else")
		if p.acceptWord("if") {
			arm, err := p.conditionArm(at)
			if err != nil {
				return nil, err
			}
			b.Arms = append(b.Arms, arm)
			continue
		}
		body, err := p.body()
		if err != nil {
			return nil, err
		}
		b.Arms = append(b.Arms, Arm{Body: body, Pos: at})
		break
	}
	if w := p.peekWord(); w == "elsif" || w == "elseif" || w == "elif" {
		return nil, p.errorf(p.pos(), "expected else if, found %q", w)
	}
	return b, nil
}

func (p *parser) conditionArm(at plugin.Pos) (Arm, error) {
	cond, err := p.condition()
	if err != nil {
		return Arm{}, err
	}
	p.skipSpace()
	if p.peek() != '{' {
		return Arm{}, p.expected("and, or, xor, nand or {", "the condition ends before this")
	}
	body, err := p.body()
	if err != nil {
		return Arm{}, err
	}
	return Arm{Cond: cond, Body: body, Pos: at}, nil
}

// plugin reads name { options }. Logstash takes a name in quotes too, but finds no plugin of that name.
func (p *parser) plugin() (*Plugin, error) {
	p.skipSpace()
	pl := &Plugin{Pos: p.pos()}
	if c := p.peek(); c == '"' || c == '\'' {
		return nil, p.errorf(pl.Pos, "a plugin's name stands without quotes")
	}
	name, err := p.name("a plugin name or if")
	if err != nil {
		return nil, err
	}
	pl.Name = name
	p.skipSpace()
	if p.peek() != '{' {
		return nil, p.expected("{ after the plugin name "+name, "")
	}
	pl.Options, err = p.options()
	return pl, err
}

// options reads { name => value … }.
func (p *parser) options() ([]Option, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	open := p.pos()
	p.accept("{")
	var options []Option
	apart := true // a blank separates an option from the one before it
	for !p.accept("}") {
		if p.done() {
			return nil, p.errorf(open, "the { here is never closed by }")
		}
		if err := p.refuseComma("options"); err != nil {
			return nil, err
		}
		if !apart {
			return nil, p.expected("a blank or a new line before the next option", "")
		}
		o, err := p.option()
		if err != nil {
			return nil, err
		}
		options = append(options, o)
		apart = isSpace(p.peek())
	}
	return options, nil
}

func (p *parser) option() (Option, error) {
	p.skipSpace()
	o := Option{Pos: p.pos()}
	name, err := p.name("an option name or }")
	if err != nil {
		return o, err
	}
	o.Name = name
	if err := p.arrow("the option " + name); err != nil {
		return o, err
	}
	o.Value, err = p.value()
	return o, err
}

func (p *parser) arrow(after string) error {
	if p.accept("=>") {
		return nil
	}
	next := ""
	switch p.peek() {
	case '=', ':':
		next = "write => between name and value"
	}
	return p.expected("=> after "+after, next)
}

// name reads a plugin's or option's name, quoted or not.
func (p *parser) name(what string) (string, error) {
	p.skipSpace()
	if c := p.peek(); c == '"' || c == '\'' {
		raw, _, err := p.quoted()
		return raw, err
	}
	w := p.peekWord()
	if w == "" {
		return "", p.expected(what, "")
	}
	p.advance(len(w))
	return w, nil
}

// refuseComma refuses a comma where the language has none.
func (p *parser) refuseComma(between string) error {
	p.skipSpace()
	if p.peek() != ',' {
		return nil
	}
	return p.errorf(p.pos(), "no comma stands between %s: a blank or a new line separates them", between)
}

func (p *parser) warn(at plugin.Pos, reason string) {
	p.warnings = append(p.warnings, &plugin.Error{Pos: at, Reason: reason})
}
