package runtime

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Trouble is what a plugin warns of: why it makes no progress, or what it could not do.
type Trouble struct {
	Warnings int64  // and errors
	Last     string // of them, with its cause
	At       time.Time
}

// troubles notes what one plugin logs at the level of warnings and above, so that statistics have the cause too. It is safe for concurrent use.
type troubles struct {
	mu struct {
		sync.Mutex
		Trouble
	}
}

func (t *troubles) snapshot() Trouble {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.mu.Trouble
}

func (t *troubles) note(r slog.Record) {
	text := r.Message
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "error" || a.Key == "err" { // the latter is the Kafka client's
			text += ": " + a.Value.String()
		}
		return true
	})
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mu.Warnings++
	t.mu.Last, t.mu.At = text, r.Time
}

// watched is a plugin's logger whose troubles are noted.
func watched(l *slog.Logger, t *troubles) *slog.Logger {
	if l == nil {
		return nil
	}
	return slog.New(&troubleHandler{l.Handler(), t})
}

type troubleHandler struct {
	slog.Handler
	troubles *troubles
}

// Enabled implements slog.Handler.
func (h *troubleHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn || h.Handler.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (h *troubleHandler) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelWarn {
		h.troubles.note(r)
	}
	if !h.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (h *troubleHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &troubleHandler{h.Handler.WithAttrs(attrs), h.troubles}
}

// WithGroup implements slog.Handler.
func (h *troubleHandler) WithGroup(name string) slog.Handler {
	return &troubleHandler{h.Handler.WithGroup(name), h.troubles}
}

// writes are those that an output has not come to the end of, by their beginning. It is safe for concurrent use.
type writes struct {
	mu struct {
		sync.Mutex
		begun []time.Time // oldest first
	}
}

func (w *writes) begin() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	w.mu.begun = append(w.mu.begun, now)
	return now
}

func (w *writes) end(begun time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if i := slices.Index(w.mu.begun, begun); i >= 0 {
		w.mu.begun = slices.Delete(w.mu.begun, i, i+1)
	}
}

// oldest is when the oldest one began; the zero time when there is none.
func (w *writes) oldest() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.mu.begun) == 0 {
		return time.Time{}
	}
	return w.mu.begun[0]
}
