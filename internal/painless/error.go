package painless

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"elkhorn/internal/es/eserr"
)

// Lang is the name of the language in requests and errors.
const Lang = "painless"

// fault is what is wrong with a script, found while it is compiled.
type fault struct {
	off  int
	typ  string // of the cause; an illegal_argument_exception unless given
	text string
}

func faultAt(off int, format string, args ...any) *fault {
	return &fault{off: off, text: fmt.Sprintf(format, args...)}
}

// Position is where in a script something went wrong, in characters.
type Position struct {
	Offset int `json:"offset"`
	Start  int `json:"start"`
	End    int `json:"end"`
}

// hereMark ends the line under a script that points at a character of it.
const hereMark = "^---- HERE"

// compileError puts a fault into Elasticsearch's shape: 25 characters on either side of it.
func compileError(src string, f *fault) *eserr.Error {
	const around = 25
	off := min(f.off, len(src))
	start, end := runeStart(src, max(0, off-around)), runeStart(src, min(len(src), off+around))
	var line, mark strings.Builder
	if start > 0 {
		line.WriteString("... ")
		mark.WriteString("    ")
	}
	line.WriteString(src[start:end])
	if end < len(src) {
		line.WriteString(" ...")
	}
	mark.WriteString(strings.Repeat(" ", off-start) + hereMark)
	typ := f.typ
	if typ == "" {
		typ = "illegal_argument_exception"
	}
	return scriptError("compile error", Lang, src, []string{line.String(), mark.String()}, &Position{off, start, end}).
		Because(eserr.New(http.StatusBadRequest, typ, "%s", f.text))
}

// runeStart moves an offset back to the start of a character.
func runeStart(s string, i int) int {
	for i > 0 && i < len(s) && s[i]&0xc0 == 0x80 {
		i--
	}
	return i
}

// scriptError makes a script_exception.
func scriptError(reason, lang, src string, stack []string, at *Position) *eserr.Error {
	e := eserr.New(http.StatusBadRequest, "script_exception", "%s", reason).With("script_stack", stack).With("script", src).With("lang", lang)
	if at != nil {
		e.With("position", at)
	}
	return e
}

// thrown is an exception on its way through a script. It travels as a panic, from where it arises to the catch clause or
// the run that it ends.
type thrown struct {
	class *class
	text  string
	off   int
	cause error // what the host reported
}

// throw raises an exception of a class.
func throw(class, format string, args ...any) {
	panic(&thrown{class: classes[class], text: fmt.Sprintf(format, args...), off: -1})
}

// fail raises an error of the host, which no script can catch.
func fail(err error) {
	panic(&thrown{class: classes["Error"], text: err.Error(), off: -1, cause: err})
}

// show is Throwable.toString.
func (t *thrown) show() string {
	if t.text == "" {
		return t.class.full
	}
	return t.class.full + ": " + t.text
}

// ErrorType is the name that Elasticsearch gives an exception: IllegalArgumentException is illegal_argument_exception.
func errorType(class string) string {
	var b strings.Builder
	for i, r := range class {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// runtimeError puts what ended a run into Elasticsearch's shape: the statement, and where in it.
func (s *Script) runtimeError(t *thrown) error {
	var host *eserr.Error
	if t.cause != nil && !errors.As(t.cause, &host) {
		return t.cause
	}
	off := max(0, min(t.off, len(s.source)))
	start, end := 0, len(s.source)
	if i, found := slices.BinarySearch(s.statements, off); found {
		start = off
		if i+1 < len(s.statements) {
			end = s.statements[i+1]
		}
	} else {
		if i > 0 {
			start = s.statements[i-1]
		}
		if i < len(s.statements) {
			end = s.statements[i]
		}
	}
	stack := []string{s.source[start:end], strings.Repeat(" ", off-start) + hereMark}
	e := scriptError("runtime error", s.lang, s.source, stack, &Position{off, start, end})
	if host != nil {
		return e.Because(host)
	}
	return e.Because(eserr.New(http.StatusBadRequest, errorType(t.class.name), "%s", t.text))
}

// tooLong refuses a source beyond Elasticsearch's limit.
func tooLong(source string) error {
	return eserr.IllegalArgument("exceeded max allowed inline script size in bytes [%d] with size [%d] for script [%s]", maxSourceBytes, len(source), clip(source))
}

// unwritable says that a value is none of JSON's.
func unwritable(why string) error { return eserr.IllegalArgument("%s", why) }
