package rescue

import (
	"fmt"
	"log/slog"
	"runtime/debug"
)

// Panic is a panic as an error.
type Panic struct {
	Fault any // what it was called with
	Stack []byte
}

func (p *Panic) Error() string { return fmt.Sprintf("internal fault: %v", p.Fault) }

// LogValue implements slog.LogValuer: the log gets the place too.
func (p *Panic) LogValue() slog.Value {
	return slog.GroupValue(slog.Any("fault", p.Fault), slog.String("stack", string(p.Stack)))
}

// Into, deferred, puts a panic into an error.
func Into(err *error) {
	if fault := recover(); fault != nil {
		*err = &Panic{fault, debug.Stack()}
	}
}

// Do calls fn and turns its panic into an error.
func Do(fn func() error) (err error) {
	defer Into(&err)
	return fn()
}
