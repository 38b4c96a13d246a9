package runtime

import (
	"context"
	"errors"
	"strings"
	"testing"

	"elkhorn/internal/pipeline"
)

// TestPortInUse: a port that is taken is a start error at the input's place, and what was open is closed again.
func TestPortInUse(t *testing.T) {
	opened := 0
	h := newHarness(t, "input {\n http { port => 8080 }\n tcp { port => 5000 }\n}\noutput { stdout {} }", func(o *Options) {
		listen := o.Env.Listen
		o.Env.Listen = func(ctx context.Context, address string) (pipeline.Listener, error) {
			if opened++; opened == 2 {
				return nil, errors.New("address already in use")
			}
			return listen(ctx, address)
		}
	})
	err := h.pipeline.Open(t.Context())
	if err == nil || !strings.Contains(err.Error(), "test.conf:3:2: input tcp: listen on 127.0.0.1:5000: address already in use") {
		t.Errorf("got %v", err)
	}
	if _, _, err := tryPost(t.Context(), <-h.addresses, "text/plain", "x"); err == nil {
		t.Error("the first input is still open")
	}
	if err := h.pipeline.Close(); err != nil {
		t.Error(err)
	}
}
