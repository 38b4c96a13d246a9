package config

import (
	"fmt"
	"strings"

	"elkhorn/internal/plugin"
)

// Lookup finds an environment variable or a secret by name.
type Lookup func(name string) (value string, ok bool)

// Substitute puts values in place of ${VAR} and ${VAR:default} in the texts of options and conditions;
// not in regex literals, keys and comments. A variable that is not set and has no default is an
// error that names it; all such errors are returned.
func Substitute(cfg *Config, lookup Lookup) []*plugin.Error {
	s := &substitution{lookup: lookup}
	for _, section := range cfg.Sections {
		s.body(section.Body)
	}
	return s.errs
}

type substitution struct {
	lookup Lookup
	errs   []*plugin.Error
}

func (s *substitution) body(body []Statement) {
	for _, st := range body {
		switch st := st.(type) {
		case *Plugin:
			s.plugin(st)
		case *Branch:
			for _, arm := range st.Arms {
				s.expr(arm.Cond)
				s.body(arm.Body)
			}
		}
	}
}

func (s *substitution) plugin(p *Plugin) {
	for i := range p.Options {
		s.value(&p.Options[i].Value)
	}
}

func (s *substitution) value(v *Value) {
	switch v.Kind {
	case String:
		s.text(v)
	case List:
		for i := range v.Items {
			s.value(&v.Items[i])
		}
	case Hash:
		for i := range v.Pairs {
			s.value(&v.Pairs[i].Value)
		}
	case Block:
		s.plugin(v.Block)
	}
}

func (s *substitution) text(v *Value) {
	text, err := Expand(v.Text, s.lookup)
	if err != nil {
		s.errs = append(s.errs, &plugin.Error{Pos: v.Pos, Reason: err.Error()})
		return
	}
	v.Text = text
}

func (s *substitution) expr(x Expr) {
	switch x := x.(type) {
	case *Logic:
		s.expr(x.Left)
		s.expr(x.Right)
	case *Not:
		s.expr(x.X)
	case *Compare:
		s.value(&x.Left.Value)
		s.value(&x.Right.Value)
	case *In:
		s.value(&x.Left.Value)
		s.value(&x.Right.Value)
	case *Match:
		s.value(&x.Left.Value)
		s.value(&x.Right.Value)
	case *Truth:
		s.value(&x.Operand.Value)
	}
}

// Expand puts values in place of the variables of one text. What does not have the form of a
// variable (${1}, a lone ${) stays as it is.
func Expand(text string, lookup Lookup) (string, error) {
	if !strings.Contains(text, "${") {
		return text, nil
	}
	var b strings.Builder
	for {
		open := strings.Index(text, "${")
		if open < 0 {
			b.WriteString(text)
			return b.String(), nil
		}
		name, fallback, hasDefault, length := variable(text[open:])
		if length == 0 {
			b.WriteString(text[:open+2])
			text = text[open+2:]
			continue
		}
		value, ok := lookup(name)
		switch {
		case ok:
		case hasDefault:
			value = fallback
		default:
			return "", fmt.Errorf("the variable ${%s} is not set and has no default; set it in the environment or write ${%s:default}", name, name)
		}
		b.WriteString(text[:open])
		b.WriteString(value)
		text = text[open+length:]
	}
}

// variable reads ${name} or ${name:default} at the start of text; length 0 means that it is none.
func variable(text string) (name, fallback string, hasDefault bool, length int) {
	end := strings.IndexByte(text, '}')
	if end < 0 {
		return "", "", false, 0
	}
	name, fallback, hasDefault = strings.Cut(text[2:end], ":")
	if name == "" || isDigit(name[0]) {
		return "", "", false, 0
	}
	for _, c := range []byte(name) {
		if !isNameByte(c) && c != '.' || c == '-' {
			return "", "", false, 0
		}
	}
	return name, fallback, hasDefault, end + 1
}
