package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/monitor"
	"elkhorn/internal/pipeline/queue"
	"elkhorn/internal/vfs"
)

// letterBox finds a pipeline's dead letters and, by its id, one of them. A pipeline that has ended has letters as well.
func (m *monitored) letterBox(id, letter string) (*member, *queue.DeadLetters, queue.Letter, error) {
	var none queue.Letter
	if m.server.fleet == nil {
		return nil, nil, none, monitor.ErrNoLetter
	}
	one := m.server.fleet.find(id)
	pc, ok := m.server.fleet.config(id)
	if one == nil || !ok {
		return nil, nil, none, fmt.Errorf("pipeline %q: %w", id, monitor.ErrNoLetter)
	}
	box := m.server.box(pc)
	if box == nil {
		return nil, nil, none, fmt.Errorf("pipeline %q keeps no dead letters: %w", id, monitor.ErrNoLetter)
	}
	if letter == "" {
		return one, box, none, nil
	}
	at, err := queue.ParseID(letter)
	if err != nil {
		return nil, nil, none, fmt.Errorf("%w: %w", monitor.ErrNoLetter, err)
	}
	// What stands behind the place before it is the letter itself.
	before := at
	before.Offset--
	found, err := box.Read(before, 1)
	if err != nil && !vfs.IsCorruption(err) {
		return nil, nil, none, err
	}
	if len(found) == 0 || found[0].ID.String() != letter {
		return nil, nil, none, fmt.Errorf("letter %s of pipeline %q: %w", letter, id, monitor.ErrNoLetter)
	}
	return one, box, found[0], nil
}

// ReplayLetter writes one letter again and takes it out once it is safe. What is refused again becomes a letter anew.
func (m *monitored) ReplayLetter(ctx context.Context, id, letter string, filters bool, changed, metadata json.RawMessage) error {
	if letter == "" {
		return monitor.ErrNoLetter
	}
	if f := m.server.fleet; f != nil {
		f.change.Lock() // the pipeline is not replaced meanwhile
		defer f.change.Unlock()
	}
	one, box, l, err := m.letterBox(id, letter)
	if err != nil {
		return err
	}
	if one.hasEnded() {
		return fmt.Errorf("pipeline %q does not run", id)
	}
	if len(changed) > 0 {
		l.Event = changed
	}
	if len(metadata) > 0 {
		l.Metadata = metadata
	}
	ev, err := l.Restore()
	if err != nil {
		return fmt.Errorf("the event cannot be read: %w", err)
	}
	if err := one.current.Replay(ctx, []*event.Event{ev}, filters); err != nil {
		return err
	}
	return gone(box.Remove(l.ID))
}

// DeleteLetter takes out one letter, or all when letter is empty.
func (m *monitored) DeleteLetter(id, letter string) (int64, error) {
	_, box, l, err := m.letterBox(id, letter)
	if err != nil {
		return 0, err
	}
	if letter != "" {
		if err := gone(box.Remove(l.ID)); err != nil {
			return 0, err
		}
		return 1, nil
	}
	last, err := box.EndFile()
	if err != nil {
		return 0, err
	}
	return box.Clear(queue.ID{File: last + 1})
}

// gone is queue's error for a letter that is not there as the API's.
func gone(err error) error {
	if errors.Is(err, queue.ErrNoLetter) {
		return monitor.ErrNoLetter
	}
	return err
}
