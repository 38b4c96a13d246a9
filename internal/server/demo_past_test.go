package server

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/demo"
	"elkhorn/internal/es"
)

// dyingStore notes what it is given, and after some bulks takes the operations of one index only and fails, as a process that is killed does.
type dyingStore struct {
	es.Store
	left  int
	taken []string // times of the first events of the bulks
}

var errKilled = errors.New("killed")

func (d *dyingStore) Bulk(ctx context.Context, req *es.BulkRequest) (*es.BulkResponse, error) {
	d.taken = append(d.taken, timestampOf(req.Ops[0].Source))
	if d.left--; d.left >= 0 {
		return d.Store.Bulk(ctx, req)
	}
	half := &es.BulkRequest{}
	for _, op := range req.Ops {
		if op.Index == req.Ops[0].Index {
			half.Ops = append(half.Ops, op)
		}
	}
	if _, err := d.Store.Bulk(ctx, half); err != nil {
		return nil, err
	}
	return nil, errKilled
}

func timestampOf(source []byte) string {
	_, rest, _ := strings.Cut(string(source), `"@timestamp":"`)
	at, _, _ := strings.Cut(rest, `"`)
	return at
}

// TestDemoFillsThePastOnce: the last hour comes first, and whenever the process is killed, the next one leaves neither a hole nor a double.
func TestDemoFillsThePastOnce(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	opts := Options{DemoSeed: 4, DemoRate: 0.1, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }}
	fill := demoFill{Seed: opts.DemoSeed, Rate: opts.DemoRate, From: now.Add(-demoPast).UnixMilli(), To: now.UnixMilli()}
	want := map[string]int{}
	recent, earlier := fill.parts()
	for ev := range recent.Until(now) {
		want[string(ev.JSON)]++
	}
	for ev := range earlier.Until(time.UnixMilli(fill.first())) {
		want[string(ev.JSON)]++
	}
	for bulks := range 5 {
		opts.DataDir = t.TempDir()
		s := newServer(opts)
		if err := s.openStore(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.store.Close() })
		for _, template := range demo.Templates() {
			if _, err := s.store.Apply(t.Context(), &es.PutObject{Kind: es.KindIndexTemplate, Name: template.Name, JSON: template.JSON}); err != nil {
				t.Fatal(err)
			}
		}
		whole := s.store
		dying := &dyingStore{Store: whole, left: bulks}
		s.store = dying
		if _, err := s.fillDemo(t.Context(), fill, nil); !errors.Is(err, errKilled) {
			t.Fatalf("after %d bulks: %v", bulks, err)
		}
		if first := dying.taken[0]; first < "2026-03-02T08:30" {
			t.Errorf("the first event that was written is of %s", first)
		}
		if len(dying.taken) > 1 && !strings.HasPrefix(dying.taken[1], "2026-03-01T09:3") {
			t.Errorf("after the last hour came %s", dying.taken[1])
		}
		s.store = whole
		if err := s.resumeDemo(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := allDemo(t, s.store); !maps.Equal(got, want) {
			t.Errorf("killed after %d bulks: %d different events, want %d", bulks, len(got), len(want))
		}
		if _, err := os.Stat(s.demoFillPath()); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the file is still there: %v", err)
		}
	}
}

// allDemo counts the stored events by their text.
func allDemo(t *testing.T, store es.Store) map[string]int {
	t.Helper()
	got := map[string]int{}
	res, err := store.Search(t.Context(), &es.SearchRequest{Target: es.Target{Names: demoIndices}, Size: 10_000, TrackTotal: es.TrackAll})
	if err != nil {
		t.Fatal(err)
	}
	for i := range res.Hits.Hits {
		got[string(res.Hits.Hits[i].Source)]++
	}
	if int(res.Hits.Total.Value) != len(res.Hits.Hits) {
		t.Fatalf("%d of %d events were read", len(res.Hits.Hits), res.Hits.Total.Value)
	}
	return got
}

func TestDamagedDemoFill(t *testing.T) {
	for _, text := range []string{"", "x", `{"from":2,"to":1}`, `{"from":0,"to":86400001}`} {
		s := newServer(Options{DataDir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
		if err := os.WriteFile(filepath.Join(s.opts.DataDir, "demo-fill.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.resumeDemo(t.Context()); err == nil || !strings.Contains(err.Error(), "demo-fill.json is damaged: remove it") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
