package server

import (
	"context"
	"sync"
	"time"

	"elkhorn/internal/pipeline"
)

// tellingLetters keeps dead letters and says so in the log: the first of a minute with its reason, then how
// many there were. A full minute of refused events is one line, not thousands.
type tellingLetters struct {
	next   pipeline.DeadLetters
	server *Server
	mu     struct {
		sync.Mutex
		quietUntil time.Time
		untold     int
	}
}

// deadLetterQuiet is how long the log stays quiet after a line about dead letters.
const deadLetterQuiet = time.Minute

// Keep keeps the letters; see pipeline.DeadLetters.
func (t *tellingLetters) Keep(ctx context.Context, letters []pipeline.DeadLetter) error {
	if err := t.next.Keep(ctx, letters); err != nil {
		return err
	}
	if len(letters) > 0 {
		t.tell(letters)
	}
	return nil
}

func (t *tellingLetters) tell(letters []pipeline.DeadLetter) {
	now := t.server.opts.Now()
	t.mu.Lock()
	t.mu.untold += len(letters)
	events, quiet := t.mu.untold, now.Before(t.mu.quietUntil)
	if !quiet {
		t.mu.untold, t.mu.quietUntil = 0, now.Add(deadLetterQuiet)
	}
	t.mu.Unlock()
	if !quiet {
		first := letters[0]
		message := "events were refused by an output and are kept in the dead-letter queue"
		if _, gone := t.next.(thrownAway); gone {
			message = "events were refused by an output and are thrown away: dead_letter_queue.enable is false"
		}
		t.server.logger.Warn(message, "events", events,
			"pipeline", first.Pipeline, "output", first.Plugin, "first_reason", first.Reason)
	}
}
