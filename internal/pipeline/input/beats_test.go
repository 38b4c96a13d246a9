package input

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/lumberjack"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// upperCodec stands for a codec that changes text: each part between bars becomes an event, in upper case.
type upperCodec struct{}

func (upperCodec) Decode(data []byte, now time.Time, emit func(*event.Event)) {
	for part := range strings.SplitSeq(string(data), "|") {
		ev := event.New(now)
		ev.Fields().SetMember("message", event.StringOf(strings.ToUpper(part)))
		emit(ev)
	}
}
func (upperCodec) Flush(time.Time, func(*event.Event))             {}
func (upperCodec) Encode(dst []byte, ev *event.Event) []byte       { return ev.AppendJSON(dst) }
func (upperCodec) Framing() pipeline.Framing                       { return pipeline.Whole }
func newUpperCodec(*plugin.BlockConfig) (pipeline.NewCodec, error) { return newUpper, nil }
func newUpper() pipeline.Codec                                     { return upperCodec{} }

// beatsSink collects events; the test decides when they are safe. It holds at most room events.
type beatsSink struct {
	events chan *event.Event
}

func newBeatsSink(room int) *beatsSink { return &beatsSink{events: make(chan *event.Event, room)} }

func (s *beatsSink) Push(ctx context.Context, events []*event.Event) error {
	for _, ev := range events {
		select {
		case s.events <- ev:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (s *beatsSink) TryPush([]*event.Event) error { return pipeline.ErrBusy }

func beatsEnv() *pipeline.Env {
	return &pipeline.Env{
		Logger:      slog.New(slog.DiscardHandler),
		Codec:       newUpperCodec,
		FS:          vfs.Default,
		ResolvePath: func(path string) string { return path },
		Now:         func() time.Time { return time.Unix(1_700_000_000, 0).UTC() },
		Listen: func(ctx context.Context, address string) (pipeline.Listener, error) {
			return (&net.ListenConfig{}).Listen(ctx, "tcp", address)
		},
	}
}

func beatsBlock(options ...plugin.Pair) *plugin.BlockConfig {
	port := plugin.Pair{Key: "port", Value: plugin.Value{Kind: plugin.Number, Str: "0"}}
	host := plugin.Pair{Key: "host", Value: plugin.Value{Kind: plugin.Text, Str: "127.0.0.1"}}
	return &plugin.BlockConfig{Name: "beats", Options: append(options, port, host)}
}

func textOption(key, value string) plugin.Pair {
	return plugin.Pair{Key: key, Value: plugin.Value{Kind: plugin.Text, Str: value}}
}

var beatsTable = plugin.NewTable("input", pipeline.CommonInputOptions, &beats)

// startBeats runs the input until the test ends and returns a way to connect to it.
func startBeats(t *testing.T, sink pipeline.Sink, options ...plugin.Pair) (dial func() net.Conn, stop func()) {
	t.Helper()
	made, _, err := beatsTable.Build(beatsEnv(), beatsBlock(options...))
	if err != nil {
		t.Fatal(err)
	}
	in := made.(*beatsInput)
	if err := in.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := in.Run(ctx, sink); err != nil {
			t.Errorf("run: %v", err)
		}
	})
	stop = func() {
		cancel()
		running.Wait()
	}
	t.Cleanup(stop)
	return func() net.Conn {
		conn, err := net.Dial("tcp", in.listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return conn
	}, stop
}

func send(t *testing.T, conn net.Conn, events ...string) {
	t.Helper()
	enc, err := lumberjack.NewEncoder(3)
	if err != nil {
		t.Fatal(err)
	}
	var raw [][]byte
	for _, ev := range events {
		raw = append(raw, []byte(ev))
	}
	window, err := enc.Window(raw)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(window); err != nil {
		t.Fatal(err)
	}
}

func wantACK(t *testing.T, conn net.Conn, want uint32) {
	t.Helper()
	for {
		got, err := lumberjack.ReadACK(conn)
		if err != nil {
			t.Fatalf("waiting for acknowledgement %d: %v", want, err)
		}
		if got == want {
			return
		}
		if got > want {
			t.Fatalf("acknowledged %d, want %d", got, want)
		}
	}
}

func asJSON(ev *event.Event) string {
	return string(ev.AppendJSON(nil)) + " metadata " + string(ev.Metadata().AppendJSON(nil))
}

func TestBeatsAcknowledgesWhatIsSafe(t *testing.T) {
	sink := newBeatsSink(10_000)
	dial, _ := startBeats(t, sink)
	conn := dial()
	var events []string
	for i := range beatsChunkEvents + 10 {
		events = append(events, fmt.Sprintf(`{"n":%d}`, i))
	}
	send(t, conn, events...)
	send(t, conn, `{"n":-1}`) // a second window before the first is acknowledged
	var got []*event.Event
	for range len(events) + 1 {
		got = append(got, <-sink.events)
	}
	for i, ev := range got[:len(events)] {
		if n, _ := ev.Fields().Member("n"); n.Int() != int64(i) {
			t.Fatalf("event %d is %s", i, asJSON(ev))
		}
	}
	// The second window and the end of the first are safe first: nothing may be acknowledged out of order.
	for _, ev := range got[beatsChunkEvents:] {
		ev.Done()
	}
	for _, ev := range got[:beatsChunkEvents] {
		ev.Done()
	}
	wantACK(t, conn, beatsChunkEvents+10)
	wantACK(t, conn, 1)
}

func TestBeatsAcknowledgesInParts(t *testing.T) {
	sink := newBeatsSink(10_000)
	dial, _ := startBeats(t, sink)
	conn := dial()
	events := make([]string, 2*beatsChunkEvents)
	for i := range events {
		events[i] = `{}`
	}
	send(t, conn, events...)
	for range beatsChunkEvents {
		(<-sink.events).Done()
	}
	wantACK(t, conn, beatsChunkEvents)
	for range beatsChunkEvents {
		(<-sink.events).Done()
	}
	wantACK(t, conn, 2*beatsChunkEvents)
}

func TestBeatsEvents(t *testing.T) {
	for _, test := range []struct {
		name    string
		options []plugin.Pair
		sent    string
		want    []string
	}{
		{
			name: "message, time and metadata",
			sent: `{"@timestamp":"2026-01-02T03:04:05.678Z","@metadata":{"beat":"filebeat"},"message":"hello","host":{"name":"web"}}`,
			want: []string{`{"@timestamp":"2026-01-02T03:04:05.678Z","message":"hello","host":{"name":"web"},"tags":["beats_input_codec_plain_applied"]}` +
				` metadata {"beat":"filebeat","input":{"beats":{"host":{"ip":"127.0.0.1"}}}}`},
		},
		{
			name:    "no message, older address field",
			options: []plugin.Pair{textOption("ecs_compatibility", "disabled")},
			sent:    `{"@timestamp":"2026-01-02T03:04:05Z","a":1}`,
			want:    []string{`{"@timestamp":"2026-01-02T03:04:05.000Z","a":1,"tags":["beats_input_raw_event"]} metadata {"ip_address":"127.0.0.1"}`},
		},
		{
			name:    "nothing added",
			options: []plugin.Pair{textOption("enrich", "none")},
			sent:    `{"@timestamp":"2026-01-02T03:04:05Z","message":"x"}`,
			want:    []string{`{"@timestamp":"2026-01-02T03:04:05.000Z","message":"x"} metadata null`},
		},
		{
			name:    "codec",
			options: []plugin.Pair{textOption("codec", "upper")},
			sent:    `{"@timestamp":"2026-01-02T03:04:05Z","message":"one|two","tags":["t"],"fields":{"a":1}}`,
			want: []string{
				`{"@timestamp":"2026-01-02T03:04:05.000Z","message":"ONE","tags":["t","beats_input_codec_upper_applied"],"fields":{"a":1}} metadata {"input":{"beats":{"host":{"ip":"127.0.0.1"}}}}`,
				`{"@timestamp":"2026-01-02T03:04:05.000Z","message":"TWO","tags":["t","beats_input_codec_upper_applied"],"fields":{"a":1}} metadata {"input":{"beats":{"host":{"ip":"127.0.0.1"}}}}`,
			},
		},
		{
			name:    "not JSON",
			options: []plugin.Pair{textOption("enrich", "none")},
			sent:    `{"broken`,
			want:    []string{`{"@timestamp":"2023-11-14T22:13:20.000Z","message":"{\"broken","tags":["_jsonparsefailure"]} metadata null`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			sink := newBeatsSink(10)
			dial, _ := startBeats(t, sink, test.options...)
			conn := dial()
			send(t, conn, test.sent)
			for _, want := range test.want {
				ev := <-sink.events
				if got := asJSON(ev); got != want {
					t.Errorf("got  %s\nwant %s", got, want)
				}
				ev.Done()
			}
			wantACK(t, conn, 1)
		})
	}
}

func TestBeatsVersionOne(t *testing.T) {
	sink := newBeatsSink(10)
	dial, _ := startBeats(t, sink, textOption("enrich", "none"))
	conn := dial()
	frame := "1W\x00\x00\x00\x011D\x00\x00\x00\x07\x00\x00\x00\x01\x00\x00\x00\x04line\x00\x00\x00\x02hi"
	if _, err := io.WriteString(conn, frame); err != nil {
		t.Fatal(err)
	}
	ev := <-sink.events
	if message, _ := ev.Fields().Member("message"); message.Str() != "hi" {
		t.Fatalf("event %s", asJSON(ev))
	}
	ev.Done()
	wantACK(t, conn, 7)
}

func TestBeatsRefusesForeignProtocols(t *testing.T) {
	sink := newBeatsSink(1)
	dial, _ := startBeats(t, sink)
	conn := dial()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := lumberjack.ReadACK(conn); err == nil {
		t.Fatal("an HTTP request was acknowledged")
	}
	other := dial() // is not harmed
	send(t, other, `{}`)
	(<-sink.events).Done()
	wantACK(t, other, 1)
}

// servePipe serves one end of a pipe, whose time is that of synctest, and returns the other.
func servePipe(t *testing.T, sink pipeline.Sink) net.Conn {
	t.Helper()
	made, _, err := beatsTable.Build(beatsEnv(), beatsBlock())
	if err != nil {
		t.Fatal(err)
	}
	client, server := net.Pipe()
	go made.(*beatsInput).serve(t.Context(), server, sink)
	return client
}

func TestBeatsClosesSilentConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := servePipe(t, newBeatsSink(1))
		start := time.Now()
		if _, err := lumberjack.ReadACK(conn); !errors.Is(err, io.EOF) {
			t.Fatalf("the connection ended with %v", err)
		}
		if took := time.Since(start); took != time.Minute {
			t.Fatalf("closed after %v", took)
		}
	})
}

func TestBeatsKeepsConnectionsThatWaitForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := newBeatsSink(1)
		conn := servePipe(t, sink)
		send(t, conn, `{}`)
		ev := <-sink.events
		const signs = 60 // five minutes: several times the inactivity timeout
		for range signs {
			if ack, err := lumberjack.ReadACK(conn); ack != 0 || err != nil {
				t.Fatalf("a sign of life is %d, %v", ack, err)
			}
		}
		ev.Done()
		wantACK(t, conn, 1)
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestBeatsStopAcknowledgesWhatIsInWork(t *testing.T) {
	sink := newBeatsSink(1)
	dial, stop := startBeats(t, sink)
	conn := dial()
	send(t, conn, `{}`)
	ev := <-sink.events
	go stop()
	ev.Done()
	wantACK(t, conn, 1)
	if _, err := lumberjack.ReadACK(conn); !errors.Is(err, io.EOF) {
		t.Fatalf("after the stop: %v", err)
	}
}

func TestBeatsBackPressureAndStop(t *testing.T) {
	sink := newBeatsSink(1)
	dial, stop := startBeats(t, sink)
	conn := dial()
	send(t, conn, `{}`, `{}`, `{}`) // two more than the sink holds
	(<-sink.events).Done()
	stop() // must not hang on the full sink
	for {
		ack, err := lumberjack.ReadACK(conn)
		if err != nil {
			return
		}
		if ack == 3 {
			t.Fatal("events that the pipeline never took were acknowledged")
		}
	}
}

// writeCertificate stores the certificate that httptest has for 127.0.0.1 and returns the options that name it, with what trusts it.
func writeCertificate(t *testing.T) (options []plugin.Pair, trust *x509.CertPool) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	pair := server.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, block := range map[string]*pem.Block{
		"ssl_certificate": {Type: "CERTIFICATE", Bytes: pair.Certificate[0]},
		"ssl_key":         {Type: "PRIVATE KEY", Bytes: key},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		options = append(options, textOption(name, path))
	}
	trust = x509.NewCertPool()
	trust.AddCert(server.Certificate())
	return append(options, textOption("ssl_enabled", "true")), trust
}

func TestBeatsOverTLS(t *testing.T) {
	options, trust := writeCertificate(t)
	sink := newBeatsSink(1)
	dial, _ := startBeats(t, sink, options...)
	conn := tls.Client(dial(), &tls.Config{RootCAs: trust, ServerName: "127.0.0.1"})
	send(t, conn, `{"message":"secret"}`)
	ev := <-sink.events
	if address, _ := ev.Get(beatsAddressPath); address.Str() != "127.0.0.1" {
		t.Fatalf("event %s", asJSON(ev))
	}
	ev.Done()
	wantACK(t, conn, 1)
	plain := dial()
	send(t, plain, `{}`)
	if ack, err := lumberjack.ReadACK(plain); err == nil {
		t.Fatalf("events in the clear were acknowledged: %d", ack)
	}
}

func TestBeatsRefusesOptions(t *testing.T) {
	for _, test := range []struct {
		option plugin.Pair
		want   string
	}{
		{textOption("ssl_enabled", "true"), `option "ssl_enabled": needs ssl_certificate and ssl_key`},
		{textOption("ssl_client_authentication", "required"), `option "ssl_client_authentication": is not supported`},
		{textOption("enrich", "geo"), `must hold codec_metadata`},
		{textOption("prot", "5044"), `did you mean "port"?`},
	} {
		_, _, err := beatsTable.Build(beatsEnv(), beatsBlock(test.option))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.option.Key, err, test.want)
		}
	}
}
