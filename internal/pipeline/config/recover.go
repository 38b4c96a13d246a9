package config

import (
	"errors"
	"strings"

	"elkhorn/internal/plugin"
)

// Errors are several faults of the text, in its order. A fault does not hide those of the plugins behind it, where the plugin that it is in
// has an end.
type Errors []*plugin.Error

func (e Errors) Error() string {
	errs := make([]error, len(e))
	for i, one := range e {
		errs[i] = one
	}
	return errors.Join(errs...).Error()
}

// Unwrap returns each fault.
func (e Errors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, one := range e {
		errs[i] = one
	}
	return errs
}

// asError is one fault as it is, several together, none as nil.
func (e Errors) asError() error {
	switch len(e) {
	case 0:
		return nil
	case 1:
		return e[0]
	}
	return e
}

// maxFaults bounds how many faults of one file are told: what comes after so many is hardly worth reading.
const maxFaults = 20

// errLost says that the text cannot be followed any more. The faults noted before tell why.
var errLost = errors.New("the rest of the text cannot be followed")

// resume notes a fault of the statement or section that begins at from and passes over all of it. When it has no end that can be told, the
// text cannot be followed any more and the error says so.
func (p *parser) resume(from scanner, fault error) error {
	var e *plugin.Error
	if !errors.As(fault, &e) {
		return fault // lost already
	}
	p.faults = append(p.faults, e)
	failed := p.off
	p.scanner = from
	if len(p.faults) == maxFaults || !p.skipStatement() || p.off < failed {
		return errLost
	}
	p.skipSpace()
	if c := p.peek(); !p.done() && c != '}' && !isNameByte(c) {
		return errLost
	}
	return nil
}

// skipStatement passes over a plugin, or an if with all that belongs to it.
func (s *scanner) skipStatement() bool {
	word := s.peekWord()
	if word == "" || !s.skipBlock() {
		return false
	}
	for word == "if" {
		switch s.peekWord() {
		case "else", "elsif", "elseif", "elif": // the last three are wrong, and meant so
			if !s.skipBlock() {
				return false
			}
		default:
			return true
		}
	}
	return true
}

// skipBlock passes over what stands before the next { and over all up to its }.
func (s *scanner) skipBlock() bool {
	depth := 0
	for !s.done() {
		switch c := s.peek(); {
		case c == '#':
			s.skipSpace()
		case c == '"' || c == '\'':
			if _, _, err := s.quoted(); err != nil {
				return false
			}
		case strings.HasPrefix(s.rest(), "=~") || strings.HasPrefix(s.rest(), "!~"):
			s.advance(2)
			s.skipSpace()
			if s.peek() == '/' {
				if _, err := s.regex(); err != nil {
					return false
				}
			}
		case c == '{':
			depth++
			s.advance(1)
		case c == '}':
			depth--
			s.advance(1)
			if depth <= 0 {
				return depth == 0
			}
		default:
			s.advance(1)
		}
	}
	return false
}
