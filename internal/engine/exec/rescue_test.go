package exec

import (
	"errors"
	"testing"

	"elkhorn/internal/rescue"
)

// TestPanicsOfWorkers: a fault that one of several goroutines meets is the search's error, and does not end the process.
func TestPanicsOfWorkers(t *testing.T) {
	var fault *rescue.Panic
	s := &search{req: &Request{Workers: 2}, tasks: make([]task, 2)} // tasks of no plan
	if _, err := s.scan(t.Context()); !errors.As(err, &fault) {
		t.Errorf("the scan's error is %v", err)
	}
	if err := eachSource(3, func(i int) error { panic(i) }); !errors.As(err, &fault) {
		t.Errorf("the sources' error is %v", err)
	}
}
