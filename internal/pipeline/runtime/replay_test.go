package runtime

import (
	"context"
	"testing"
	"testing/synctest"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
)

// holding is a sink that keeps what it gets.
type holding struct{ events []*event.Event }

func (h *holding) Push(_ context.Context, events []*event.Event) error {
	h.events = append(h.events, events...)
	return nil
}

func (h *holding) TryPush(events []*event.Event) error { return h.Push(context.Background(), events) }

// TestReplayWaitsForTheNextPipeline: events that another pipeline holds in memory are not safe yet, and must not be cleared.
func TestReplayWaitsForTheNextPipeline(t *testing.T) {
	for _, filters := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			addresses, next := pipeline.NewAddresses(), &holding{}
			end, err := addresses.Listen("next", next)
			if err != nil {
				t.Fatal(err)
			}
			defer end()
			h := newHarness(t, `input { stdin {} } filter { if [n] == 1 { drop {} } } output { pipeline { send_to => "next" } }`, func(o *Options) { o.Env.Addresses = addresses })
			events := make([]*event.Event, 3)
			for i := range events {
				events[i] = event.New(arrival)
				events[i].Set(event.MustPath("n"), event.IntOf(int64(i)))
			}
			returned := false
			go func() {
				if err := h.pipeline.Replay(t.Context(), events, filters); err != nil {
					t.Error(err)
				}
				returned = true
			}()
			synctest.Wait()
			if want := map[bool]int{true: 2, false: 3}[filters]; returned || len(next.events) != want {
				t.Errorf("filters %t: %d events are with the next pipeline, want %d; returned: %t", filters, len(next.events), want, returned)
			}
			for _, ev := range next.events {
				ev.Done()
			}
			synctest.Wait()
			if !returned {
				t.Error("all events are safe")
			}
		})
	}
}
