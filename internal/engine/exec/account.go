package exec

import (
	"fmt"

	"elkhorn/internal/engine/column"
)

// account is what one goroutine has reserved of a request's budget, and tells it when to stop. It asks for
// more in steps, so that hash tables may report every growth. It is for one goroutine; nil has no limits.
type account struct {
	stop     *stopper
	budget   Budget
	reserved int64 // from budget
	used     int64
}

// accountStep is the least an account reserves at once: small against any budget, large against the
// cost of an atomic operation shared by all searches.
const accountStep = 64 << 10

// grow notes that bytes more are about to be used.
func (a *account) grow(bytes int) error {
	if a == nil || a.budget == nil {
		return nil
	}
	a.used += int64(bytes)
	if a.used <= a.reserved {
		return nil
	}
	more := max(a.used-a.reserved, accountStep)
	if err := a.budget.Reserve(more); err != nil {
		return err
	}
	a.reserved += more
	return nil
}

// shrink notes that bytes less are in use. What was reserved stays so, for what comes next.
func (a *account) shrink(bytes int) {
	if a != nil {
		a.used -= int64(bytes)
	}
}

// other is an account of the same search for another goroutine.
func (a *account) other() account {
	if a == nil {
		return account{}
	}
	return account{budget: a.budget, stop: a.stop}
}

// stopAt tells a long loop at its every step whether to end; see stopper.at.
func (a *account) stopAt(step int) error {
	if a == nil {
		return nil
	}
	return a.stop.at(step)
}

// check tells whether to end.
func (a *account) check() error {
	if a == nil {
		return nil
	}
	return a.stop.check()
}

// scratch accounts for the buffers that a collector keeps from block to block: some 100 KB, which is little for one and much for each
// of ten thousand.
type scratch struct{ held int }

// hold notes how many bytes the buffers have by now.
func (s *scratch) hold(acct *account, bytes int) error {
	if bytes <= s.held {
		return nil
	}
	err := acct.grow(bytes - s.held)
	s.held = bytes
	return err
}

// close gives back everything.
func (a *account) close() {
	if a.budget != nil && a.reserved > 0 {
		a.budget.Release(a.reserved)
		a.reserved, a.used = 0, 0
	}
}

// errKind is a column that holds values in another form than the mapping says, which ingest rules out.
func errKind(c *leafColumn, want column.Kind) error {
	return fmt.Errorf("column [%s] holds %s where its mapping needs %s", c.name, c.kind, want)
}

// errNoID is a row that has neither an explicit id nor a sequence number to derive one from.
func errNoID(row int) error { return fmt.Errorf("row %d has no id", row) }
