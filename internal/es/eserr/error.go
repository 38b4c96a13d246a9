package eserr

import (
	"errors"
	"fmt"
	"net/http"
)

// Error is a failure in Elasticsearch's terms.
type Error struct {
	// Status is the HTTP status a client gets when this is the whole answer,
	// or the status of the item when it is one item of a bulk request.
	Status int
	// Type is the exception's name in snake case, such as
	// "index_not_found_exception".
	Type string
	// Reason is the sentence for people. It names the field, index or clause.
	Reason string
	// CausedBy is the next deeper failure, or nil.
	CausedBy *Error
	// RootCause lists the failures a client should look at first. When nil,
	// RootCauses derives it from the chain of causes.
	RootCause []*Error
	// Meta holds the extra members printed after the reason, in order:
	// "index", "index_uuid", "line", "col", "resource.id" and so on.
	Meta []Member
	// Refused marks what this store does not do, refused by name; the request itself may be right.
	Refused bool
}

// Member is one extra member of a printed error. Value must be something
// encoding/json can print; strings, integers and raw messages are usual.
type Member struct {
	Key   string
	Value any
}

// New makes an error of any status and type; the other constructors are
// shorter forms for the types this program knows.
func New(status int, typ, format string, args ...any) *Error {
	return &Error{Status: status, Type: typ, Reason: fmt.Sprintf(format, args...)}
}

// Error returns the type and reason, followed by the chain of causes.
func (e *Error) Error() string {
	text := e.Type + ": " + e.Reason
	if e.CausedBy != nil {
		text += ": " + e.CausedBy.Error()
	}
	return text
}

// Unwrap returns the cause, so that errors.Is and errors.As see the chain.
func (e *Error) Unwrap() error {
	if e.CausedBy == nil {
		return nil
	}
	return e.CausedBy
}

// With appends one extra member and returns e, for use while making an error.
func (e *Error) With(key string, value any) *Error {
	e.Meta = append(e.Meta, Member{Key: key, Value: value})
	return e
}

// Because sets the cause and returns e, for use while making an error. A cause
// that is no Error is wrapped as From does; nil leaves e as it is.
func (e *Error) Because(cause error) *Error {
	if cause != nil {
		e.CausedBy = From(cause)
	}
	return e
}

// Member returns the extra member named key.
func (e *Error) Member(key string) (any, bool) {
	for _, m := range e.Meta {
		if m.Key == key {
			return m.Value, true
		}
	}
	return nil, false
}

// From returns the Error that err is or wraps. Any other error becomes an
// internal "exception" with status 500, because it was not foreseen by the
// layer that knew the cause. From(nil) is nil.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return New(http.StatusInternalServerError, "exception", "%s", err.Error())
}

// Is reports whether err is or wraps an Error of the given type.
func Is(err error, typ string) bool {
	var e *Error
	for errors.As(err, &e) {
		if e.Type == typ {
			return true
		}
		if e.CausedBy == nil {
			return false
		}
		err = e.CausedBy
	}
	return false
}

// RootCauses returns the failures to show first: those set explicitly, else
// the deepest cause that still is one of Elasticsearch's own exceptions. A
// plain language exception (a number that does not parse) is a detail of its
// parent as a cause, and tells nothing of its own causes.
func (e *Error) RootCauses() []*Error {
	if e.RootCause != nil {
		return e.RootCause
	}
	root := e
	for cause := e.CausedBy; cause != nil; cause = root.CausedBy {
		if plainException[root.Type] && !root.parsing() || plainException[cause.Type] && !(root.parsing() && cause.parsing()) {
			break
		}
		root = cause
		if len(root.RootCause) > 0 {
			return root.RootCause
		}
	}
	return []*Error{root}
}

// parsing reports whether the failure is one of reading a value: of several of them, the innermost tells most.
func (e *Error) parsing() bool { return e.Type == "x_content_parse_exception" }

// plainException lists the types that stand for exceptions of the Java
// library, or derive from them, rather than for Elasticsearch's own.
var plainException = map[string]bool{
	"arithmetic_exception":             true,
	"array_index_out_of_bounds":        true,
	"class_cast_exception":             true,
	"date_time_exception":              true,
	"date_time_parse_exception":        true,
	"exception":                        true,
	"i_o_exception":                    true,
	"illegal_argument_exception":       true,
	"illegal_state_exception":          true,
	"json_parse_exception":             true,
	"named_object_not_found_exception": true,
	"null_pointer_exception":           true,
	"number_format_exception":          true,
	"unsupported_operation_exception":  true,
	"x_content_parse_exception":        true,
}
