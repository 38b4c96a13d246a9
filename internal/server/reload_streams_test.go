package server

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
)

// freePort is a port, for TCP and UDP, that was free a moment ago: these inputs do not tell where they listen.
func freePort(t *testing.T) string {
	t.Helper()
	for {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		c, err := net.ListenPacket("udp", l.Addr().String())
		l.Close()
		if err == nil {
			c.Close()
			_, port, err := net.SplitHostPort(l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			return port
		}
	}
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
	out := r.out.String()
	got := strings.Count(out, "line-")
	if got != sent {
		t.Errorf("%d lines were sent, %d came", sent, got)
	}
	for n := range sent {
		if !strings.Contains(out, fmt.Sprint(" line-", n, ".\n")) {
			t.Fatalf("line %d is lost or cut", n)
		}
	}
}
