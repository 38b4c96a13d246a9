package rescue

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

func TestDo(t *testing.T) {
	want := errors.New("as ever")
	if err := Do(func() error { return want }); err != want {
		t.Errorf("an error becomes %v", err)
	}
	var none map[string]int
	err := Do(func() error {
		none["x"] = 1
		return nil
	})
	var p *Panic
	if !errors.As(err, &p) || !strings.Contains(err.Error(), "internal fault: assignment to entry in nil map") {
		t.Fatalf("a panic becomes %v", err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Error("failed", "error", err)
	if !strings.Contains(log.String(), "rescue_test.go") {
		t.Errorf("the log has no place: %s", &log)
	}
}
