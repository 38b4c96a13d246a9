package server

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"testing"
)

// freePort is a port, for TCP and UDP, that was free a moment ago: these inputs do not tell where they listen. It lies below the range from
// which systems take the ports of outgoing connections, so that only another listener could take it.
func freePort(t *testing.T) string {
	t.Helper()
	for range 1000 {
		port := fmt.Sprint(12_000 + rand.IntN(18_000))
		l, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err != nil {
			continue
		}
		c, err := net.ListenPacket("udp", "127.0.0.1:"+port)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			continue
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		return port
	}
	t.Fatal("no free port")
	return ""
}

// TestReloadCutsOffNoStream: senders of lines and of datagrams hear nothing of what becomes of them, so a reload must not lose what they send:
// connections go on in the middle of a line, and datagrams wait.
func TestReloadCutsOffNoStream(t *testing.T) {
	port := freePort(t)
	conf := func(by string) string {
		return `input { tcp { host => "127.0.0.1" port => ` + port + ` } udp { host => "127.0.0.1" port => ` + port + ` } }
			filter { mutate { add_field => { "by" => "` + by + `" } } }` + printed
	}
	r := startFleet(t, conf("v0"))
	lines, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer lines.Close()
	datagrams, err := net.Dial("udp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer datagrams.Close()
	stop, stopped := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		for ; ; n++ {
			select {
			case <-stop:
				stopped <- n
				return
			default:
			}
			// A line in two parts, so that reloads come in the middle of lines.
			for _, part := range []string{fmt.Sprint("line-", n), ".\n"} {
				if _, err := lines.Write([]byte(part)); err != nil {
					t.Error(err)
					<-stop
					stopped <- n
					return
				}
			}
			if n%10 == 0 {
				if _, err := datagrams.Write(fmt.Append(nil, "datagram-", n, ".")); err != nil {
					t.Error("a datagram found no socket:", err)
				}
			}
		}
	}()
	for v := 1; v <= 5; v++ {
		r.write(conf(fmt.Sprint("v", v)))
		if report := r.reload(); !slices.Equal(report.Reloaded, []string{"main"}) {
			t.Errorf("reload %d: %+v", v, report)
		}
	}
	close(stop)
	sent := <-stopped
	if err := lines.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if _, err := lines.Read(make([]byte, 1)); err == nil { // the input closes a connection that it has read to its end
		t.Error("the input answered")
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	came := map[string]int{}
	got := 0
	for line := range strings.Lines(r.out.String()) {
		if at := strings.Index(line, "line-"); at >= 0 {
			came[line[at:]]++
			got++
		}
	}
	if got != sent {
		t.Errorf("%d lines were sent, %d came", sent, got)
	}
	for n := range sent {
		if came[fmt.Sprint("line-", n, ".\n")] != 1 {
			t.Fatalf("line %d is lost or cut", n)
		}
	}
}

// TestReloadLeavesWhatHasNotBegun: a connection whose first bytes do not say yet what it is, lines, a packed stream or a request, goes on
// after a reload as if the input before had never seen it.
func TestReloadLeavesWhatHasNotBegun(t *testing.T) {
	port, proxied := freePort(t), freePort(t)
	conf := func(by string) string {
		return `input { tcp { host => "127.0.0.1" port => ` + port + ` } tcp { host => "127.0.0.1" port => ` + proxied + ` proxy_protocol => true } }
			filter { mutate { add_field => { "by" => "` + by + `" } } } output { stdout { codec => line { format => "%{by} %{host} %{message}" } } }`
	}
	r := startFleet(t, conf("v0"))
	parts := []struct{ port, head, tail string }{
		{port, "", "silent until now\n"},
		{port, "o", "ne letter\n"},
		{port, "PO", "ST office\n"},
		{port, "POST ", "/logs HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nConnection: close\r\n\r\na request\n"},
		{proxied, "PROXY TCP4 192.0.2", ".1 192.0.2.9 56324 443\nbehind a proxy\n"},
		{proxied, "PROXY TCP4 192.0.2.1 192.0.2.9 56324 443\n", "its line after\n"},
	}
	var conns []net.Conn
	for _, part := range parts {
		conn, err := net.Dial("tcp", "127.0.0.1:"+part.port)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Write([]byte(part.head)); err != nil {
			t.Fatal(err)
		}
		conns = append(conns, conn)
	}
	for v := 1; v <= 3; v++ {
		r.write(conf(fmt.Sprint("v", v)))
		if report := r.reload(); !slices.Equal(report.Reloaded, []string{"main"}) {
			t.Errorf("reload %d: %+v", v, report)
		}
	}
	for i, conn := range conns {
		if _, err := conn.Write([]byte(parts[i].tail)); err != nil {
			t.Fatalf("%q: %v", parts[i].head, err)
		}
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, conn); err != nil {
			t.Errorf("%q: %v", parts[i].head, err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	out := r.out.String()
	for _, want := range []string{"silent until now", "one letter", "POST office", "a request", "behind a proxy", "its line after"} {
		if strings.Count(out, want) != 1 {
			t.Errorf("%q came %d times in\n%s", want, strings.Count(out, want), out)
		}
	}
	if n := strings.Count(out, "192.0.2.1 "); n != 2 {
		t.Errorf("%d events name the sender behind the proxy:\n%s", n, out)
	}
}

// TestReloadReadsOnStandardInput: standard input goes from a pipeline to the one that takes its place, in the middle of lines, also when an
// outlet is slow.
func TestReloadReadsOnStandardInput(t *testing.T) {
	for _, persisted := range []bool{false, true} {
		dir := t.TempDir()
		conf := func(by string) PipelineConfig {
			pc := text("main", `input { stdin {} } filter { mutate { add_field => { "by" => "`+by+`" } } }`+printed)
			pc.Settings.Queue.Persisted, pc.Settings.Queue.MaxEvents = persisted, 20
			return pc
		}
		in, feed := io.Pipe()
		opts, out := printing(t, "", conf("v0"))
		opts.DataDir, opts.Stdin = dir, in
		s := newServer(opts)
		s.senders.begin(t.Context())
		s.receivers.begin(t.Context())
		if err := s.startPipelines(t.Context()); err != nil {
			t.Fatal(err)
		}
		write := func(text string) {
			if _, err := io.WriteString(feed, text); err != nil {
				t.Error(err)
			}
		}
		const versions, lines = 5, 300
		sent := 0
		for v := 1; v <= versions; v++ {
			for range lines {
				write(fmt.Sprint("line-", sent, ".\n"))
				sent++
			}
			write("half a ")
			s.opts.Pipelines = []PipelineConfig{conf(fmt.Sprint("v", v))}
			if report, err := s.Reload(t.Context()); err != nil || !slices.Equal(report.Reloaded, []string{"main"}) {
				t.Fatalf("%+v, %v", report, err)
			}
			write("line\n")
		}
		if err := feed.Close(); err != nil {
			t.Fatal(err)
		}
		s.fleet.wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		got := out.String()
		if n := strings.Count(got, " half a line\n"); n != versions || strings.Count(got, "\n") != sent+versions {
			t.Errorf("persisted %v: %d lines were cut in two, %d lines came of %d", persisted, versions-n, strings.Count(got, "\n"), sent+versions)
		}
		if !strings.Contains(got, fmt.Sprint("v", versions, " half a line")) {
			t.Errorf("persisted %v: the last pipeline had none of the lines", persisted)
		}
	}
}
