package ruby

import "fmt"

// Error is an exception raised while a program runs.
type Error struct {
	Class   string
	Message string
	Pos     Pos // of the call that raised it
}

func (e *Error) Error() string {
	if e.Pos.Line == 0 {
		return fmt.Sprintf("%s: %s", e.Class, e.Message)
	}
	return fmt.Sprintf("line %d, column %d: %s: %s", e.Pos.Line, e.Pos.Column, e.Class, e.Message)
}

func raisef(class, format string, args ...any) error {
	return &Error{Class: class, Message: fmt.Sprintf(format, args...)}
}

func typeErrorf(format string, args ...any) error { return raisef("TypeError", format, args...) }

func argumentErrorf(format string, args ...any) error {
	return raisef("ArgumentError", format, args...)
}

// errorParents is the tree of error classes that a program can name.
var errorParents = map[string]string{
	"Exception": "", "StandardError": "Exception", "ArgumentError": "StandardError", "TypeError": "StandardError",
	"ZeroDivisionError": "StandardError", "NameError": "StandardError", "NoMethodError": "NameError",
	"RuntimeError": "StandardError", "FrozenError": "RuntimeError", "IndexError": "StandardError", "KeyError": "IndexError",
	"StopIteration": "IndexError", "RangeError": "StandardError", "FloatDomainError": "RangeError", "RegexpError": "StandardError",
	"JSON::ParserError": "StandardError", "CSV::MalformedCSVError": "RuntimeError", "SocketError": "StandardError",
	"URI::Error": "StandardError", "URI::InvalidURIError": "URI::Error", "Addressable::URI::InvalidURIError": "TypeError",
	"IPAddr::Error": "ArgumentError", "IPAddr::InvalidAddressError": "IPAddr::Error", "IPAddr::AddressFamilyError": "IPAddr::Error",
}

func isErrorClass(name string) bool {
	_, ok := errorParents[name]
	return ok
}

// isErrorOf says whether class is ancestor or one of its descendants.
func isErrorOf(class, ancestor string) bool {
	for c := class; c != ""; c = errorParents[c] {
		if c == ancestor {
			return true
		}
	}
	return false
}

// at gives an error the place of the call that raised it, unless it has one.
func withPos(err error, at Pos) error {
	if e, ok := err.(*Error); ok && e.Pos.Line == 0 {
		located := *e
		located.Pos = at
		return &located
	}
	return err
}
