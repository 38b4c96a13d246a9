package output

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

func redisServer(t *testing.T) *miniredis.Miniredis {
	t.Helper()
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

func buildRedis(t *testing.T, options ...plugin.Pair) (*redisWriter, *letters) {
	t.Helper()
	env, kept := testEnv()
	out, _, err := Table.Build(env, &plugin.BlockConfig{Name: "redis", Options: append(options, text("reconnect_interval", "0"), text("congestion_interval", "0"))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := out.Close(); err != nil {
			t.Error(err)
		}
	})
	return out.(*redisWriter), kept
}

func list(t *testing.T, server *miniredis.Miniredis, key string) []string {
	t.Helper()
	items, err := server.List(key)
	if err != nil {
		t.Fatal(err)
	}
	return items
}

func TestRedisList(t *testing.T) {
	server := redisServer(t)
	out, kept := buildRedis(t, text("host", server.Addr()), text("data_type", "list"), text("key", "logs-%{s}"), text("codec", "line"))
	if err := server.Set("logs-text", "no list"); err != nil {
		t.Fatal(err)
	}
	events := []*event.Event{doc(t, `{"s":"a","message":"1","host":"h"}`), doc(t, `{"s":"b","message":"2","host":"h"}`), doc(t, `{"s":"text"}`), doc(t, `{"s":"a","message":"3","host":"h"}`)}
	if err := out.Write(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	if got := list(t, server, "logs-a"); !slices.Equal(got, []string{"2026-01-15T12:00:00.000Z h 1\n", "2026-01-15T12:00:00.000Z h 3\n"}) {
		t.Errorf("got %q", got)
	}
	if len(list(t, server, "logs-b")) != 1 || len(kept.kept) != 1 || !strings.HasPrefix(kept.kept[0].Reason, "redis: WRONGTYPE") {
		t.Errorf("dead letters %+v", kept.kept)
	}
}

// TestRedisOutage: a server that is down at the start and breaks off in between gets every event; the next host is tried too.
func TestRedisOutage(t *testing.T) {
	server, gone := redisServer(t), redisServer(t)
	address, goneAddress := server.Addr(), gone.Addr()
	gone.Close()
	server.RequireAuth("secret")
	server.Close()
	out, kept := buildRedis(t, plugin.Pair{Key: "host", Value: plugin.Value{Kind: plugin.List, List: []plugin.Value{{Str: goneAddress}, {Str: address}}}},
		text("shuffle_hosts", "false"), text("data_type", "list"), text("key", "k"), text("password", "secret"), text("db", "2"))
	written := make(chan error, 1)
	go func() { written <- out.Write(t.Context(), numbered(t, 10)) }()
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	server.Close()
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	warned := &warnings{Handler: slog.DiscardHandler}
	out.env.Logger = slog.New(warned)
	server.SetError("LOADING Redis is loading the dataset in memory")
	go func() { written <- out.Write(t.Context(), numbered(t, 10)) }()
	waitUntil(t, func() bool { return warned.n.Load() > 0 })
	server.SetError("")
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	if got, err := server.DB(2).List("k"); err != nil || len(got) != 20 || len(kept.kept) != 0 {
		t.Errorf("%d items, %v, %d dead letters", len(got), err, len(kept.kept))
	}
}

// warnings counts what a plugin has said.
type warnings struct {
	slog.Handler
	n atomic.Int32
}

func (w *warnings) Enabled(context.Context, slog.Level) bool  { return true }
func (w *warnings) Handle(context.Context, slog.Record) error { w.n.Add(1); return nil }

func TestRedisCongestion(t *testing.T) {
	server := redisServer(t)
	out, _ := buildRedis(t, text("host", server.Addr()), text("data_type", "list"), text("key", "k"), text("congestion_threshold", "3"))
	if err := out.Write(t.Context(), numbered(t, 5)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	written := make(chan error, 1)
	go func() { written <- out.Write(ctx, numbered(t, 1)) }()
	before := server.CommandCount()
	waitUntil(t, func() bool { return server.CommandCount() > before+1 }) // it asks and waits
	for range 2 {
		if _, err := server.Lpop("k"); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	if got := list(t, server, "k"); len(got) != 4 {
		t.Errorf("%d items", len(got))
	}
	go func() { written <- out.Write(ctx, numbered(t, 1)) }()
	cancel()
	if err := <-written; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestRedisChannel(t *testing.T) {
	server := redisServer(t)
	sub := server.NewSubscriber()
	sub.Subscribe("c")
	out, _ := buildRedis(t, text("host", server.Addr()), text("data_type", "channel"), text("key", "c"), text("codec", "json"))
	written := make(chan error, 1)
	go func() { written <- out.Write(t.Context(), numbered(t, 2)) }()
	for _, want := range []string{`"n":0}`, `"n":1}`} {
		if m := <-sub.Messages(); !strings.HasSuffix(m.Message, want) {
			t.Errorf("got %q", m.Message)
		}
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
}
