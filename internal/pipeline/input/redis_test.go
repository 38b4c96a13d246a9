package input

import (
	"context"
	"io"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/dial"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
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

func redisOptions(address string, options ...plugin.Pair) []plugin.Pair {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		panic(err)
	}
	return append(options, textOption("host", host), textOption("port", port), textOption("codec", "plain"))
}

// fill appends items from..to-1 to a list.
func fill(t *testing.T, server *miniredis.Miniredis, key string, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if _, err := server.Push(key, strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
	}
}

// until waits for a condition that other goroutines bring about.
func until(t *testing.T, met func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !met(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came to be")
		}
	}
}

// TestRedisList: items stay in Redis until they are acknowledged; those that were not come again after a restart, before newer ones.
func TestRedisList(t *testing.T) {
	server := redisServer(t)
	env := netEnv()
	run := func(sink pipeline.Sink, options ...plugin.Pair) (stop func()) {
		_, stop = startInput(t, env, sink, "redis", redisOptions(server.Addr(), append(options, textOption("data_type", "list"), textOption("key", "k"))...)...)
		return stop
	}
	fill(t, server, "k", 0, 100)
	first := newNumbers(func(message string) bool { return message != "40" })
	stop := run(first, textOption("batch_count", "10"))
	first.wait(t, 100)
	stop()
	// An orderly end leaves nothing under a name that only this installation knows.
	if left, err := server.List("k"); err != nil || len(server.Keys()) != 1 || len(left) != 60 || left[0] != "40" || left[59] != "99" {
		t.Errorf("keys %q; %d items are given back: %q, %v", server.Keys(), len(left), left, err)
	}
	fill(t, server, "k", 100, 120)
	second := newBeatsSink(200)
	stop = run(second, textOption("batch_count", "7"))
	var got []string
	for range 80 {
		var ev *event.Event
		select {
		case ev = <-second.events:
		case <-time.After(time.Minute):
			t.Fatalf("only %d items came: %q; redis has\n%s", len(got), got, server.Dump())
		}
		message, _ := ev.Get(messagePath)
		got = append(got, message.Str())
		ev.Done()
	}
	until(t, func() bool { return len(server.Keys()) == 0 })
	stop()
	for i, text := range got {
		if text != strconv.Itoa(40+i) {
			t.Fatalf("item %d after the restart is %s", i, text)
		}
	}
}

// TestRedisReadersLeft: what the second reader had in work when the process was killed is not lost when the configuration has one reader
// from then on.
func TestRedisReadersLeft(t *testing.T) {
	server := redisServer(t)
	env := netEnv()
	if err := vfs.MkdirAllSync(env.FS, filepath.Join(env.DataDir, "redis")); err != nil {
		t.Fatal(err)
	}
	if err := vfs.WriteFileAtomic(env.FS, filepath.Join(env.DataDir, "redis", "reader"), []byte("me")); err != nil {
		t.Fatal(err)
	}
	fill(t, server, "k:taken:me", 0, 3)
	fill(t, server, "k:taken:me:2", 3, 6)
	fill(t, server, "k:taken:me:3", 6, 9)
	fill(t, server, "k", 9, 12)
	fill(t, server, "k:taken:other", 20, 21) // another installation's
	sink := newNumbers(always)
	_, stop := startInput(t, env, sink, "redis", redisOptions(server.Addr(), textOption("data_type", "list"), textOption("key", "k"))...)
	sink.wait(t, 12)
	stop()
	for text, times := range sink.seen {
		if times != 1 {
			t.Errorf("item %s came %d times", text, times)
		}
	}
	if keys := server.Keys(); len(keys) != 1 || keys[0] != "k:taken:other" || len(sink.seen) != 12 {
		t.Errorf("%d items came; left are %q", len(sink.seen), keys)
	}
}

// TestRedisTwoReaders: two inputs of a pipeline with one list take each item once, and one removes nothing that the other has taken.
func TestRedisTwoReaders(t *testing.T) {
	server := redisServer(t)
	env := netEnv()
	open := make(chan struct{}) // closed when both have taken something
	var taken [2]numbers
	var stops []func()
	fill(t, server, "k", 0, 40)
	for i := range taken {
		taken[i].seen = map[string]int{}
		taken[i].safe = func(message string) bool { return message != "0" && message != "39" }
		_, stop := startInput(t, env, &takesTurns{numbers: &taken[i], open: open}, "redis",
			redisOptions(server.Addr(), textOption("data_type", "list"), textOption("key", "k"), textOption("batch_count", "20"))...)
		stops = append(stops, stop)
	}
	until(t, func() bool { return !server.Exists("k") })
	close(open)
	for i := range taken {
		taken[i].wait(t, 20)
	}
	for _, stop := range stops {
		stop()
	}
	for i := range taken {
		if len(taken[i].seen) != 20 {
			t.Errorf("reader %d took %v", i, taken[i].seen)
		}
		for text, times := range taken[i].seen {
			if times != 1 {
				t.Errorf("item %s came %d times", text, times)
			}
		}
	}
	if items, err := server.List("k"); err != nil || len(items) != 40 || len(server.Keys()) != 1 { // each took 20, of which one is not safe
		t.Errorf("keys %q; given back are %q, %v", server.Keys(), items, err)
	}
}

// takesTurns is a sink that holds up its reader until it is open.
type takesTurns struct {
	*numbers
	open chan struct{}
}

func (s *takesTurns) Push(ctx context.Context, events []*event.Event) error {
	select {
	case <-s.open:
		return s.numbers.Push(ctx, events)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestRedisOutage: the server is down at the start, then goes away and comes back in the middle of it; it wants a password and another
// database.
func TestRedisOutage(t *testing.T) {
	server := redisServer(t)
	address := server.Addr()
	server.RequireAuth("secret")
	server.Close()
	sink := newNumbers(always)
	_, stop := startInput(t, netEnv(), sink, "redis", redisOptions(address, textOption("data_type", "list"), textOption("key", "k"), textOption("password", "secret"), textOption("db", "3"))...)
	server.Select(3)
	for round := range 2 {
		if err := server.Restart(); err != nil {
			t.Fatal(err)
		}
		for i := round * 50; i < round*50+50; i++ {
			if _, err := server.DB(3).Push("k", strconv.Itoa(i)); err != nil {
				t.Fatal(err)
			}
		}
		sink.wait(t, 50*(round+1))
		until(t, func() bool { return len(server.DB(3).Keys()) == 0 })
		server.Close()
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	stop()
	for text, times := range sink.seen {
		if times != 1 {
			t.Errorf("item %s came %d times", text, times)
		}
	}
}

func TestRedisChannels(t *testing.T) {
	for _, kind := range []string{"channel", "pattern_channel"} {
		server := redisServer(t)
		key := map[string]string{"channel": "news.a", "pattern_channel": "news.*"}[kind]
		sink := newBeatsSink(10)
		_, stop := startInput(t, netEnv(), sink, "redis", redisOptions(server.Addr(), textOption("data_type", kind), textOption("key", key))...)
		until(t, func() bool { return server.Publish("news.a", "hello") == 1 })
		ev := <-sink.events
		message, _ := ev.Get(messagePath)
		channel, _ := ev.Get(event.MustPath("[@metadata][redis_channel]"))
		if message.Str() != "hello" || channel.Str() != "news.a" {
			t.Errorf("%s: got %q of %q", kind, message.Str(), channel.Str())
		}
		stop()
	}
}

// TestRedisHostileServer: answers that are none end the connection, not the program, and announced sizes take no memory.
func TestRedisHostileServer(t *testing.T) {
	for _, answer := range []string{"", "hello\r\n", "$-5\r\n", "$999999999999\r\nx", "*1048577\r\n", "*1\r\n" + strings.Repeat("*1\r\n", 20), ":x\r\n", "$3\r\nab", "+\r\n", "$500000000\r\nshort"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 100))
			_, _ = io.WriteString(conn, answer)
			_ = conn.Close()
		}()
		c, err := dial.DialRedis(t.Context(), dial.RedisTarget{Network: "tcp", Address: l.Addr().String(), Timeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		if reply, err := c.Do(t.Context(), "PING"); err == nil && answer != "+\r\n" {
			t.Errorf("%q is taken as %+v", answer, reply)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
	}
}

// TestRedisStops: neither a server that says nothing nor a full pipeline holds up a stop.
func TestRedisStops(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, stop := startInput(t, netEnv(), &counting{}, "redis", redisOptions(l.Addr().String(), textOption("data_type", "list"), textOption("key", "k"), textOption("timeout", "0.1"))...)
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	stop()
	server := redisServer(t)
	fill(t, server, "k", 0, 10)
	full := newBeatsSink(1)
	_, stop = startInput(t, netEnv(), full, "redis", redisOptions(server.Addr(), textOption("data_type", "list"), textOption("key", "k"))...)
	until(t, func() bool { return len(full.events) == 1 })
	stop()
}

func TestRedisOptions(t *testing.T) {
	for want, options := range map[string][]plugin.Pair{
		"must lie between 1 and 5000":      {textOption("batch_count", "100000")},
		"commands go by Redis's own names": {{Key: "command_map", Value: plugin.Value{Kind: plugin.Map}}},
	} {
		_, _, err := Table.Build(netEnv(), &plugin.BlockConfig{Name: "redis", Options: append(options, textOption("data_type", "list"), textOption("key", "k"))})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// FuzzRedis: no answer of a server makes the client panic.
func FuzzRedis(f *testing.F) {
	for _, s := range []string{"+OK\r\n", "-ERR x\r\n", ":1\r\n", "$1\r\na\r\n", "*2\r\n$1\r\na\r\n:2\r\n", "$-1\r\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		near, far := net.Pipe()
		go func() {
			buf := make([]byte, 1<<10)
			_, _ = far.Read(buf)
			_, _ = far.Write(data)
			_ = far.Close()
		}()
		c := dial.NewRedis(near, time.Minute)
		reply, err := c.Do(context.Background(), "PING")
		if err == nil && len(data) == 0 {
			t.Errorf("an answer of nothing: %+v", reply)
		}
		_ = c.Close()
	})
}

// TestRedisLostAnswer: when the answer to a removal is lost, the items behind it stay.
func TestRedisLostAnswer(t *testing.T) {
	server := redisServer(t)
	fill(t, server, "taken", 3, 10) // 0, 1 and 2 are removed already, which the reader does not know
	r := &redisReader{target: dial.RedisTarget{Network: "tcp", Address: server.Addr(), Timeout: time.Minute}}
	r.mu.settled, r.mu.waiting = 3, []*redisBatch{{items: 7}}
	c, err := dial.DialRedis(t.Context(), r.target)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := r.settle(t.Context(), c, "taken"); err != nil {
			t.Fatal(err)
		}
	}
	if items, err := server.List("taken"); err != nil || len(items) != 7 || r.mu.settled != 0 {
		t.Errorf("%q, %v, %d to settle", items, err, r.mu.settled)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestRedisLateCommand: items that a command of an earlier connection moved to the reader's list after it was read are not left there.
func TestRedisLateCommand(t *testing.T) {
	server := redisServer(t)
	fill(t, server, "k", 0, 3)
	sink := newNumbers(always)
	_, stop := startInput(t, netEnv(), sink, "redis", redisOptions(server.Addr(), textOption("data_type", "list"), textOption("key", "k"))...)
	sink.wait(t, 3)
	var taken string
	until(t, func() bool {
		fill(t, server, "k", 3, 4)
		for _, key := range server.Keys() {
			if key != "k" {
				taken = key
			}
		}
		return taken != ""
	})
	fill(t, server, taken, 100, 105)
	fill(t, server, "k", 4, 20)
	sink.wait(t, 25)
	until(t, func() bool { return len(server.Keys()) == 0 })
	stop()
}
