package exec

import (
	"context"
	"errors"
	"time"
)

// errExpired ends work whose time is up: what was found so far is the answer.
var errExpired = errors.New("the search's time is up")

// stopper tells long loops when to end: the client has gone, the search was cancelled, or its time is up. A
// nil one never does. It is shared by the workers of a search.
type stopper struct {
	ctx      context.Context // a stopper lives no longer than its search
	deadline time.Time       // zero for none
}

func (s *stopper) check() error {
	if s == nil {
		return nil
	}
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if !s.deadline.IsZero() && time.Now().After(s.deadline) {
		return errExpired
	}
	return nil
}

// stopEvery is how many steps of a loop over values may pass between two looks at the stopper: a fraction
// of a millisecond even where a step is a regular expression.
const stopEvery = 512

// at is check in every so many steps.
func (s *stopper) at(step int) error {
	if step%stopEvery != 0 {
		return nil
	}
	return s.check()
}
