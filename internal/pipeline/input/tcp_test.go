package input

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// counting is a sink that counts.
type counting struct{ events int }

func (c *counting) Push(_ context.Context, events []*event.Event) error {
	c.events += len(events)
	return nil
}

func (c *counting) TryPush(events []*event.Event) error { c.events += len(events); return nil }

// replay is a connection that has received all it will.
type replay struct{ r io.Reader }

func (c replay) Read(p []byte) (int, error)     { return c.r.Read(p) }
func (replay) Write(p []byte) (int, error)      { return len(p), nil }
func (replay) Close() error                     { return nil }
func (replay) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (replay) RemoteAddr() net.Addr             { return &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 7} }
func (replay) SetDeadline(time.Time) error      { return nil }
func (replay) SetReadDeadline(time.Time) error  { return nil }
func (replay) SetWriteDeadline(time.Time) error { return nil }
func (replay) Accept() (net.Conn, error)        { return nil, net.ErrClosed }
func (replay) Addr() net.Addr                   { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 5000} }

// FuzzTCP: no bytes on a connection (lines, gzip, HTTP) make the input panic, and it holds nothing afterwards.
func FuzzTCP(f *testing.F) {
	var zipped bytes.Buffer
	zw := gzip.NewWriter(&zipped)
	if _, err := zw.Write([]byte("{\"a\":1}\n")); err != nil {
		f.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"{\"a\":1}\nb\r\n", zipped.String(), zipped.String()[:20],
		"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n{\"a\":1}\n", "GET / HTTP/1.0\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n0\r\n\r\nPUT / HTTP/1.1\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		env := testEnv(vfs.NewMem())
		newCodec, err := env.Codec(&plugin.BlockConfig{Name: "json"})
		if err != nil {
			t.Fatal(err)
		}
		conn := replay{bytes.NewReader(data)}
		server := &tcpServer{env: env, newCodec: newCodec, listener: conn, finish: nameSender}
		sink := &counting{}
		if err := server.read(t.Context(), &tcpConn{Conn: conn}, conn.RemoteAddr().String(), sink); err == nil && len(bytes.TrimSpace(data)) > 0 && sink.events == 0 && data[0] == '{' {
			t.Error("text without an event")
		}
		if held := server.memory.held.Load(); held != 0 {
			t.Errorf("%d bytes are still counted", held)
		}
	})
}
