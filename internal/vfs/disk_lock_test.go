package vfs

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestLockOfTheDying: a lock that another process holds is waited for as long as a process that was killed may need, and one that this
// process holds is refused at once.
func TestLockOfTheDying(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	open := func() *os.File {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, filePerm)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for _, test := range []struct {
		holder string
		dies   int // after so many pauses
		pauses int
		locked bool
	}{
		{holderName(os.Getpid() + 1), 3, 3, false},
		{holderName(os.Getpid() + 1), lockTries, lockTries, false},
		{holderName(os.Getpid() + 1), lockTries + 1, lockTries, true},
		{"", 2, 2, false},
		{holderName(os.Getpid()), 1, 0, true},
	} {
		held, asking := open(), open()
		if err := errors.Join(held.Truncate(0), lockFile(held)); err != nil {
			t.Fatal(err)
		}
		if _, err := held.WriteAt([]byte(test.holder), 0); err != nil {
			t.Fatal(err)
		}
		pauses := 0
		err := lockPatiently(asking, func(time.Duration) {
			if pauses++; pauses == test.dies {
				if err := held.Close(); err != nil {
					t.Error(err)
				}
			}
		})
		if errors.Is(err, errLocked) != test.locked || !test.locked && err != nil || pauses != test.pauses {
			t.Errorf("%q that dies after %d pauses: %v after %d", test.holder, test.dies, err, pauses)
		}
		if err := asking.Close(); err != nil {
			t.Error(err)
		}
		if test.locked {
			if err := held.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
