package errorfs

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
)

// ErrInjected is the failure of injectors that are given no error of their own.
var ErrInjected = errors.New("injected fault")

// InjectorFunc makes a function an Injector.
type InjectorFunc func(Op) *Fault

// Inject calls the function.
func (f InjectorFunc) Inject(op Op) *Fault { return f(op) }

// None lets everything through.
var None Injector = InjectorFunc(func(Op) *Fault { return nil })

// NthInjector fails one operation, counted from 0.
type NthInjector struct {
	n     int64
	err   error
	count atomic.Int64
}

// Nth fails the nth operation it is asked about, counted from 0, with ErrInjected. Narrow it with OnKinds and OnPath.
func Nth(n int) *NthInjector { return NthError(n, ErrInjected) }

// NthError is Nth with an error of the caller's choice.
func NthError(n int, err error) *NthInjector { return &NthInjector{n: int64(n), err: err} }

// Inject implements Injector.
func (i *NthInjector) Inject(Op) *Fault {
	if i.count.Add(1)-1 != i.n {
		return nil
	}
	return &Fault{Err: i.err}
}

// Fired reports whether the fault has happened. A sweep ends with the first n that never fires.
func (i *NthInjector) Fired() bool { return i.count.Load() > i.n }

// Always fails every operation with err.
func Always(err error) Injector {
	return InjectorFunc(func(Op) *Fault { return &Fault{Err: err} })
}

// OnKinds asks next only about operations of the given kinds.
func OnKinds(next Injector, kinds ...Kind) Injector {
	return InjectorFunc(func(op Op) *Fault {
		if !slices.Contains(kinds, op.Kind) {
			return nil
		}
		return next.Inject(op)
	})
}

// OnMutations asks next only about operations that change the disk.
func OnMutations(next Injector) Injector {
	return InjectorFunc(func(op Op) *Fault {
		if !op.Kind.Mutates() {
			return nil
		}
		return next.Inject(op)
	})
}

// OnPath asks next only about operations on paths that contain part.
func OnPath(next Injector, part string) Injector {
	return InjectorFunc(func(op Op) *Fault {
		if !strings.Contains(op.Path, part) {
			return nil
		}
		return next.Inject(op)
	})
}

// ShortWrite lets what next would fail store the first half of its bytes before it fails.
func ShortWrite(next Injector) Injector {
	return InjectorFunc(func(op Op) *Fault {
		fault := next.Inject(op)
		if fault == nil {
			return nil
		}
		return &Fault{Err: fault.Err, Partial: op.Bytes / 2}
	})
}

// Space is a volume of limited size.
type Space struct{ free atomic.Int64 }

// NoSpaceAfter lets writes store n bytes in all and then fails them with ENOSPC, the write that crosses the limit in part.
func NoSpaceAfter(n int64) *Space {
	s := &Space{}
	s.free.Store(n)
	return s
}

// Free gives the volume n more bytes, as when someone deletes a file.
func (s *Space) Free(n int64) { s.free.Add(n) }

// Inject implements Injector.
func (s *Space) Inject(op Op) *Fault {
	if op.Kind != FileWrite {
		return nil
	}
	for {
		free := s.free.Load()
		stored := min(free, int64(op.Bytes))
		if !s.free.CompareAndSwap(free, free-stored) {
			continue
		}
		if stored == int64(op.Bytes) {
			return nil
		}
		return &Fault{Err: syscall.ENOSPC, Partial: int(stored)}
	}
}

// Switch is off until it is turned on, and then asks next.
type Switch struct {
	on   atomic.Bool
	next Injector
}

// NewSwitch returns a Switch that is off.
func NewSwitch(next Injector) *Switch { return &Switch{next: next} }

// Set turns the faults on or off.
func (s *Switch) Set(on bool) { s.on.Store(on) }

// Inject implements Injector.
func (s *Switch) Inject(op Op) *Fault {
	if !s.on.Load() {
		return nil
	}
	return s.next.Inject(op)
}
