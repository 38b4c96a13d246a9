package input

import (
	"context"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// netEnv is an environment whose inputs listen on loopback.
func netEnv() *pipeline.Env {
	env := testEnv(vfs.NewMem())
	env.Listen = func(ctx context.Context, address string) (pipeline.Listener, error) {
		return (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	}
	env.ListenPacket = func(ctx context.Context, address string) (net.PacketConn, error) {
		return (&net.ListenConfig{}).ListenPacket(ctx, "udp", address)
	}
	return env
}

// startInput builds, opens and runs an input on 127.0.0.1 until the test ends or stop is called.
func startInput(t *testing.T, env *pipeline.Env, sink pipeline.Sink, name string, options ...plugin.Pair) (in pipeline.Input, stop func()) {
	t.Helper()
	made, _, err := Table.Build(env, &plugin.BlockConfig{Name: name, Options: options})
	if err != nil {
		t.Fatal(err)
	}
	if o, ok := made.(pipeline.Opener); ok {
		if err := o.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- made.Run(ctx, sink) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
		if o, ok := made.(pipeline.Opener); ok {
			if err := o.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}
	}
	t.Cleanup(stop)
	return made, stop
}

// dialTo connects to addr and sends each text in a write of its own.
func dialTo(t *testing.T, addr net.Addr, texts ...string) net.Conn {
	t.Helper()
	conn, err := net.Dial(addr.Network(), addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	for _, text := range texts {
		if _, err := conn.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return conn
}

// next waits for an event and shows it without the time of arrival.
func next(t *testing.T, sink *beatsSink) string {
	t.Helper()
	select {
	case ev := <-sink.events:
		return strings.Replace(string(ev.AppendJSON(nil)), `"@timestamp":"1970-01-01T00:00:00.000Z"`, "T", 1)
	case <-time.After(time.Minute):
		t.Fatal("no event came")
	}
	return ""
}

var loopback = []plugin.Pair{textOption("host", "127.0.0.1"), textOption("port", "0")}

func TestUDP(t *testing.T) {
	f := func(want string, datagram string, options ...plugin.Pair) {
		t.Helper()
		sink := newBeatsSink(10)
		in, _ := startInput(t, netEnv(), sink, "udp", append(slices.Clone(loopback), options...)...)
		dialTo(t, in.(*udpServer).Addr(), datagram)
		if got := next(t, sink); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
	f(`{T,"message":"two\nlines","host":"127.0.0.1"}`, "two\nlines")
	f(`{T,"a":1,"host":"own"}`, `{"a":1,"host":"own"}`, textOption("codec", "json"))
	f(`{T,"message":"x","from":"127.0.0.1"}`, "x", textOption("source_ip_fieldname", "from"))
	f(`{T,"message":"x","host":{"ip":"127.0.0.1"}}`, "x", textOption("ecs_compatibility", "v8"))
	f(`{T,"message":"abc","host":"127.0.0.1","tags":["_linetoolong"]}`, "abcdef", textOption("buffer_size", "3"))
	f("{T,\"message\":\"\ufffd\x7f\",\"host\":\"127.0.0.1\"}", "\xff\x7f")
	f(`{T,"message":"x","host":"127.0.0.1"}`, "x", textOption("receive_buffer_bytes", "65536"), textOption("queue_size", "1"))
}

// TestUDPHandsOverWhatItTook: datagrams received before the stop are pushed.
func TestUDPHandsOverWhatItTook(t *testing.T) {
	sink := newBeatsSink(100)
	in, stop := startInput(t, netEnv(), sink, "udp", loopback...)
	conn := dialTo(t, in.(*udpServer).Addr())
	for range 3 {
		if _, err := conn.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		next(t, sink)
	}
	stop()
	if len(sink.events) != 0 {
		t.Errorf("%d events too many", len(sink.events))
	}
}

func TestSyslog(t *testing.T) {
	const line = "<34>Oct 11 22:14:15 mymachine su[230]: 'su root' failed for lonvick on /dev/pts/8"
	f := func(want, message string, options ...plugin.Pair) {
		t.Helper()
		sink := newBeatsSink(10)
		in, _ := startInput(t, netEnv(), sink, "syslog", append(slices.Clone(loopback), options...)...)
		y := in.(*syslogServer)
		dialTo(t, y.tcp.Addr(), message[:5], message[5:]+"\r\n")
		if got := next(t, sink); got != want {
			t.Errorf("by tcp\n got %s\nwant %s", got, want)
		}
		dialTo(t, y.udp.Addr(), message)
		if got := next(t, sink); got != want {
			t.Errorf("by udp\n got %s\nwant %s", got, want)
		}
	}
	utc := textOption("timezone", "UTC")
	f(`{"@timestamp":"1970-10-11T22:14:15.000Z","message":"'su root' failed for lonvick on /dev/pts/8","host":"127.0.0.1","priority":34,"timestamp":"Oct 11 22:14:15","logsource":"mymachine","program":"su","pid":"230","severity":2,"facility":4,"facility_label":"security/authorization","severity_label":"Critical"}`, line, utc)
	f(`{"@timestamp":"1970-10-11T20:14:15.000Z","message":"'su root' failed for lonvick on /dev/pts/8","host":{"ip":"127.0.0.1","hostname":"mymachine"},"event":{"original":"<34>Oct 11 22:14:15 mymachine su[230]: 'su root' failed for lonvick on /dev/pts/8"},"log":{"syslog":{"priority":34,"severity":{"code":2,"name":"Critical"},"facility":{"code":4,"name":"security/authorization"}}},"process":{"name":"su","pid":230},"service":{"type":"system"}}`,
		line, textOption("timezone", "Etc/GMT-2"), textOption("ecs_compatibility", "v8"))
	f(`{T,"message":"no priority","host":"127.0.0.1","tags":["_grokparsefailure_sysloginput"],"priority":13,"severity":5,"facility":1,"facility_label":"user-level","severity_label":"Notice"}`, "no priority")
	f(`{T,"message":"hello","host":"127.0.0.1","priority":190,"severity":6,"facility":23}`,
		"<190>hello", textOption("grok_pattern", "<%{POSINT:priority}>%{GREEDYDATA:message}"), textOption("use_labels", "false"))
	f(`{"@timestamp":"2026-01-02T03:04:05.000Z","message":"m","host":"127.0.0.1","priority":165,"timestamp8601":"2026-01-02T03:04:05Z","logsource":"h","program":"p","timestamp":"2026-01-02T03:04:05Z","severity":5,"facility":20,"facility_label":"local4","severity_label":"Notice"}`,
		"<165>2026-01-02T03:04:05Z h p: m", utc)
}

func TestProxyProtocol(t *testing.T) {
	sink := newBeatsSink(10)
	in, _ := startInput(t, netEnv(), sink, "tcp", append(slices.Clone(loopback), textOption("proxy_protocol", "true"))...)
	conn := dialTo(t, in.(*tcpServer).Addr(), "PROXY TCP4 192.0.2.1 192.0.2.9 56324 443\r\nhel", "lo\n")
	_, port, err := net.SplitHostPort(conn.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := next(t, sink), `{T,"message":"hello","host":"192.0.2.1","port":56324,"proxy_host":"127.0.0.1","proxy_port":`+port+`}`; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	dialTo(t, in.(*tcpServer).Addr(), "hello\n") // refused: nothing comes of it
	dialTo(t, in.(*tcpServer).Addr(), "PROXY UNKNOWN\r\nx\n")
	if got := next(t, sink); !strings.Contains(got, `"message":"x"`) {
		t.Errorf("got %s", got)
	}
}

func TestGenerator(t *testing.T) {
	sink := &taker{}
	_, stop := startGenerator(t, sink, textOption("count", "2"), plugin.Pair{Key: "lines", Value: plugin.Value{Kind: plugin.List, List: []plugin.Value{{Str: "a"}, {Str: "b"}}}})
	stop()
	sink.expect(t, "a", "b", "a", "b")
	counted := &counting{}
	_, stop = startGenerator(t, counted, textOption("count", "1500"))
	stop()
	if counted.events != 1500 {
		t.Errorf("%d events", counted.events)
	}
	all := newBeatsSink(10)
	_, stop = startGenerator(t, all, textOption("count", "2"), textOption("threads", "3"), textOption("message", "m"), textOption("ecs_compatibility", "v8"))
	stop()
	sequences := map[int64]int{}
	for range 6 {
		ev := <-all.events
		v, _ := ev.Get(event.MustPath("[event][sequence]"))
		sequences[v.Int()]++
	}
	if sequences[0] != 3 || sequences[1] != 3 {
		t.Errorf("sequences %v", sequences)
	}
}

// startGenerator runs a generator, which comes to its end by itself.
func startGenerator(t *testing.T, sink pipeline.Sink, options ...plugin.Pair) (pipeline.Input, func()) {
	t.Helper()
	made, _, err := Table.Build(netEnv(), &plugin.BlockConfig{Name: "generator", Options: options})
	if err != nil {
		t.Fatal(err)
	}
	return made, func() {
		if err := made.Run(t.Context(), sink); err != nil {
			t.Fatal(err)
		}
	}
}

func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		env := testEnv(vfs.NewMem())
		env.Now = time.Now
		run := func(options ...plugin.Pair) (shown []string, took time.Duration) {
			made, _, err := Table.Build(env, &plugin.BlockConfig{Name: "heartbeat", Options: options})
			if err != nil {
				t.Fatal(err)
			}
			sink, began := newBeatsSink(10), time.Now()
			if err := made.Run(t.Context(), sink); err != nil {
				t.Fatal(err)
			}
			close(sink.events)
			for ev := range sink.events {
				clock, _ := ev.Get(event.MustPath("clock"))
				ecs, _ := ev.Get(event.MustPath("[event][sequence]"))
				message, _ := ev.Get(messagePath)
				shown = append(shown, clock.Text()+ecs.Text()+"/"+message.Text())
			}
			return shown, time.Since(began)
		}
		if got, took := run(textOption("count", "3"), textOption("interval", "10")); !slices.Equal(got, []string{"/ok", "/ok", "/ok"}) || took != 20*time.Second {
			t.Errorf("%q in %v", got, took)
		}
		if got, _ := run(textOption("count", "2"), textOption("message", "sequence")); !slices.Equal(got, []string{"1/", "2/"}) {
			t.Errorf("%q", got)
		}
		seconds := event.IntOf(start.Add(80 * time.Second).Unix()).Text()
		if got, _ := run(textOption("count", "1"), textOption("sequence", "epoch"), textOption("message", "hi")); !slices.Equal(got, []string{seconds + "/hi"}) {
			t.Errorf("%q", got)
		}
		if got, _ := run(textOption("count", "1"), textOption("sequence", "sequence"), textOption("ecs_compatibility", "v8")); !slices.Equal(got, []string{"1/ok"}) {
			t.Errorf("%q", got)
		}
	})
}
