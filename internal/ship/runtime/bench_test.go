package runtime

import (
	"context"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"elkhorn/internal/lumberjack"
)

// BenchmarkShipFile reads a file of 100,000 lines of 120 bytes and delivers it over loopback to a receiver that only acknowledges.
func BenchmarkShipFile(b *testing.B) {
	const count = 100_000
	line := "2026-01-15T10:23:45.678Z INFO [mcp-server] tool call finished user=user_123 duration=234ms status=200 bytes=51234 ok\n"
	path := filepath.Join(b.TempDir(), "app.log")
	text := strings.Repeat(line, count)
	appendTo(b, path, text)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	acked := make(chan int, 1024)
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { acknowledgeAll(conn, acked) })
		}
	})
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		s, err := New(fastConfig([]string{path}, listener.Addr().String()), Env{DataDir: b.TempDir(), Logger: quiet})
		if err != nil {
			b.Fatal(err)
		}
		ctx, cancel := context.WithCancel(b.Context())
		var running sync.WaitGroup
		running.Go(func() {
			if err := s.Run(ctx); err != nil {
				b.Error(err)
			}
		})
		for n := 0; n < count; {
			n += <-acked
		}
		cancel()
		running.Wait()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(count*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
	if err := listener.Close(); err != nil {
		b.Fatal(err)
	}
	serving.Wait()
}

func acknowledgeAll(conn io.ReadWriteCloser, acked chan<- int) {
	defer func() { _ = conn.Close() }()
	r := lumberjack.NewReader(conn, lumberjack.DefaultLimits)
	for {
		ev, err := r.Next()
		if err != nil {
			return
		}
		if !ev.Last {
			continue
		}
		if _, err := conn.Write(lumberjack.AppendACK(nil, lumberjack.V2, ev.Sequence)); err != nil {
			return
		}
		acked <- int(ev.Sequence)
	}
}
