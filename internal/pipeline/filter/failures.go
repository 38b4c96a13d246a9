package filter

import (
	"log/slog"
	"sync"
	"time"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// failureInterval is how often the log hears of a program that goes on failing: a program may fail for every event.
const failureInterval = time.Minute

// failures tell the log why a filter's program fails: of the first failure at once, and of later ones together. The zero value tells nobody.
// It is safe for concurrent use.
type failures struct {
	message string
	logger  *slog.Logger
	at      plugin.Pos
	now     func() time.Time
	mu      struct {
		sync.Mutex
		told  time.Time
		since int64 // failures that were not told of
	}
}

// tellOf prepares f for a filter's block. The pipeline's name comes with its logger.
func (f *failures) tellOf(message string, env *pipeline.Env, s *plugin.Settings) {
	f.message, f.logger, f.at, f.now = message, loggerOf(env), s.Pos, env.Now
	if f.now == nil {
		f.now = time.Now
	}
}

// add notes a failure.
func (f *failures) add(err error) {
	if f.logger == nil {
		return
	}
	f.mu.Lock()
	f.mu.since++
	now, since := f.now(), f.mu.since
	quiet := !f.mu.told.IsZero() && now.Sub(f.mu.told) < failureInterval
	if !quiet {
		f.mu.told, f.mu.since = now, 0
	}
	f.mu.Unlock()
	if quiet {
		f.logger.Debug(f.message, "at", f.at.String(), "error", err)
		return
	}
	f.logger.Warn(f.message, "at", f.at.String(), "error", err, "events", since)
}
