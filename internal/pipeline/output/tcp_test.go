package output

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/pem"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// lineReader reads n lines of a connection, which may fail to come.
func readLines(t *testing.T, conn net.Conn, n int) []string {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	var lines []string
	for range n {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("after %d lines: %v", len(lines), err)
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

func tcpBuild(t *testing.T, env *pipeline.Env, addr net.Addr, options ...plugin.Pair) pipeline.Output {
	t.Helper()
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := Table.Build(env, &plugin.BlockConfig{Name: "tcp", Options: append(options, text("host", host), text("port", port), text("reconnect_interval", "0"))})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestTCPSurvivesItsServer: the server is down at the start, then goes away in the middle; the batch after that arrives whole.
func TestTCPSurvivesItsServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	env, _ := testEnv()
	out := tcpBuild(t, env, l.Addr())
	written := make(chan error, 1)
	write := func(n int) { written <- out.Write(t.Context(), numbered(t, n)) }
	accept := func() net.Conn {
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	go write(2)
	if err := accept().Close(); err != nil { // a server that closes what it accepts
		t.Fatal(err)
	}
	// The first batch may have been taken by that connection: TCP does not tell. Later ones are not lost.
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	<-out.(*tcpClient).mu.gone
	go write(3)
	conn := accept()
	if got := readLines(t, conn, 3); got[2] != `{"@timestamp":"2026-01-15T12:00:00.000Z","n":2}` {
		t.Errorf("got %q", got)
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the connection is open after Close")
	}
}

// TestTCPStopsWhileItWaits: neither a server that is not there nor one that does not read holds up a stop.
func TestTCPStopsWhileItWaits(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	env, _ := testEnv()
	out := tcpBuild(t, env, l.Addr())
	big := []*event.Event{doc(t, `{"a":"`+strings.Repeat("x", 32<<20)+`"}`)}
	ctx, cancel := context.WithCancel(t.Context())
	written := make(chan error, 1)
	go func() { written <- out.Write(ctx, big) }()
	conn, err := l.Accept() // and nobody reads
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-written; err == nil {
		t.Error("events that nobody read are acknowledged")
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := out.Write(ctx, big[:1]); err == nil {
		t.Error("events without a server are acknowledged")
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// certificateFiles puts the test server's certificate into the environment's file system and returns its TLS configuration.
func certificateFiles(t *testing.T, fs vfs.FS) *tls.Config {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	defer server.Close()
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := vfs.WriteFileAtomic(fs, "/ca.pem", block); err != nil {
		t.Fatal(err)
	}
	return server.TLS
}

func TestTCPOverTLS(t *testing.T) {
	env, _ := testEnv()
	l, err := tls.Listen("tcp", "127.0.0.1:0", certificateFiles(t, env.FS))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	out := tcpBuild(t, env, l.Addr(), text("ssl_enabled", "true"), text("ssl_certificate_authorities", "/ca.pem"), text("codec", "line"))
	written := make(chan error, 1)
	go func() { written <- out.Write(t.Context(), []*event.Event{doc(t, `{"message":"m","host":"h"}`)}) }()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if got := readLines(t, conn, 1)[0]; got != "2026-01-15T12:00:00.000Z h m" {
		t.Errorf("got %q", got)
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestTCPServer(t *testing.T) {
	env, _ := testEnv()
	env.Listen = func(ctx context.Context, address string) (pipeline.Listener, error) {
		return (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	}
	out, _, err := Table.Build(env, &plugin.BlockConfig{Name: "tcp", Options: []plugin.Pair{text("host", "127.0.0.1"), text("port", "0"), text("mode", "server")}})
	if err != nil {
		t.Fatal(err)
	}
	o := out.(*tcpListener)
	if err := o.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := out.Write(t.Context(), numbered(t, 1)); err != nil { // nobody is there
		t.Fatal(err)
	}
	var conns []net.Conn
	for range 2 {
		conn, err := net.Dial("tcp", o.opened.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, conn)
	}
	waitUntil(t, func() bool {
		o.mu.Lock()
		defer o.mu.Unlock()
		return len(o.clients) == 2
	})
	if err := out.Write(t.Context(), numbered(t, 2)); err != nil {
		t.Fatal(err)
	}
	for _, conn := range conns {
		if got := readLines(t, conn, 2); got[1] != `{"@timestamp":"2026-01-15T12:00:00.000Z","n":1}` {
			t.Errorf("got %q", got)
		}
	}
	// Whoever does not read is disconnected rather than waited for.
	big := []*event.Event{doc(t, `{"a":"`+strings.Repeat("x", 9<<20)+`"}`)}
	for range 4 {
		if err := out.Write(t.Context(), big); err != nil {
			t.Fatal(err)
		}
	}
	waitUntil(t, func() bool {
		o.mu.Lock()
		defer o.mu.Unlock()
		return len(o.clients) == 0
	})
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// waitUntil waits for a condition that other goroutines bring about.
func waitUntil(t *testing.T, met func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !met(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came to be")
		}
	}
}

func TestNull(t *testing.T) {
	env, _ := testEnv()
	out := build(t, env, "null")
	if err := out.Write(t.Context(), numbered(t, 3)); err != nil {
		t.Error(err)
	}
	if err := out.Close(); err != nil {
		t.Error(err)
	}
}
