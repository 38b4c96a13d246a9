package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestExitStatus(t *testing.T) {
	faulty := filepath.Join(t.TempDir(), "filebeat.yml")
	if err := os.WriteFile(faulty, []byte("filebeat.inputs: [{type: logs}]\noutput.logstash.hosts: [x]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		want int
	}{
		{[]string{"version"}, 0},
		{[]string{"ship", "check", "-c", faulty}, 1},
		{[]string{"ship", "run", "-e", "-strict.perms=false", "-c", faulty}, 1}, // Filebeat's flags are taken: it is the file that is at fault
		{[]string{"server", "--data", ""}, 1},
		{[]string{"server", "--memory", "much"}, 1},
		{[]string{"--bogus"}, statusUsage},
		{[]string{"serve"}, statusUsage},
		{[]string{"ship", "run"}, statusUsage},
		{[]string{"--log-level", "loud", "version"}, statusUsage},
	} {
		if got := run(test.args); got != test.want {
			t.Errorf("%q ends with status %d, want %d", test.args, got, test.want)
		}
	}
}

// TestLimitsOfTheSystemSayTheWayOn: what ends the program for want of files or room is not only an error number.
func TestLimitsOfTheSystemSayTheWayOn(t *testing.T) {
	for cause, want := range map[error]string{
		syscall.EMFILE: "raise it",
		syscall.ENOSPC: "make room",
		syscall.EACCES: "",
	} {
		err := errors.Join(fmt.Errorf("open store: %w", &os.PathError{Op: "open", Path: "x.wal", Err: cause}), errors.New("another"))
		if got := wayOn(err); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%v: %q, want %q", cause, got, want)
		}
	}
}

// TestHangupStops: a command with nothing to load again ends as it does with SIGTERM, and not at once.
func TestHangupStops(t *testing.T) {
	a := &app{ctx: t.Context()}
	defer a.hangup()()
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	<-a.ctx.Done()
}
