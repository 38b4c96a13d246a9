package api

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestRestOfBody sends bodies that are refused the way most clients do, all of it before anything is read: the answer is
// there to be read, and the connection to be used again.
func TestRestOfBody(t *testing.T) {
	const longBytes = 8 << 20 // more than what sockets hold back by themselves
	long := bytes.Repeat([]byte("x"), longBytes)
	var noise, bomb bytes.Buffer
	random := rand.NewChaCha8([32]byte{})
	zip := gzip.NewWriter(&noise)
	if _, err := io.CopyN(zip, random, longBytes); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	zip.Reset(&bomb)
	for range 256 {
		if _, err := zip.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	const chunked, zipped = "Transfer-Encoding: chunked\r\n", "Content-Encoding: gzip\r\n"
	for _, tc := range []struct {
		name, request, header string
		body                  []byte
		status                int
	}{
		{"bulk", "POST /_bulk", "", long, 413},
		{"bulk in chunks", "POST /_bulk", chunked, long, 413},
		{"document", "PUT /a/_doc/1", "", long, 413},
		{"search in chunks", "POST /_search", chunked, long, 413},
		{"many searches", "POST /_msearch", "", long, 413},
		{"gzip", "POST /_bulk", zipped, noise.Bytes(), 413},
		{"gzip in chunks", "POST /_bulk", zipped + chunked, noise.Bytes(), 413},
		{"gzip bomb", "POST /_bulk", zipped, bomb.Bytes(), 413},
		{"gzip bomb in chunks", "POST /_bulk", zipped + chunked, bomb.Bytes(), 413},
		{"a parameter nobody has", "POST /_bulk?nope=1", "", long, 400},
		{"a path nobody has", "POST /_nope", chunked, long, 400},
		{"an encoding nobody has", "POST /_bulk", chunked + "Content-Encoding: br\r\n", long, 415},
		{"a method without a body", "GET /_cluster/health", "", long, 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := New(&fakeStore{}, Options{MaxBodyBytes: 1 << 20})
			conn, answers := dialServer(t, s)
			writeRequest(t, conn, tc.request, tc.header, tc.body)
			status, body := readAnswer(t, answers)
			if status != tc.status {
				t.Fatalf("got %d %s", status, body)
			}
			if status == 413 && !strings.Contains(body, `"reason":"the request body is longer than the limit of [1048576] bytes`) {
				t.Errorf("got %s", body)
			}
			writeRequest(t, conn, "GET /", "", nil)
			if status, body := readAnswer(t, answers); status != 200 || !strings.Contains(body, `"tagline"`) {
				t.Errorf("afterwards: %d %s", status, body)
			}
			if used := s.bodies.used.Load(); used != 0 {
				t.Errorf("%d bytes are still reserved", used)
			}
		})
	}
}

// TestRestOfBodyIsBounded: a body without an end ends with its connection.
func TestRestOfBodyIsBounded(t *testing.T) {
	s := New(&fakeStore{}, Options{MaxBodyBytes: 1000})
	s.maxRestBytes = 10_000
	conn, answers := dialServer(t, s)
	if _, err := io.WriteString(conn, "POST /_bulk HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for chunk := fmt.Sprintf("%x\r\n%s\r\n", 1000, strings.Repeat("x", 1000)); ; {
			if _, err := io.WriteString(conn, chunk); err != nil {
				return
			}
		}
	}()
	if status, body := readAnswer(t, answers); status != 413 {
		t.Errorf("got %d %s", status, body)
	}
	<-ended
}

// TestRestThatWasNotAskedFor: a client that asks first is told at once, and sends nothing.
func TestRestThatWasNotAskedFor(t *testing.T) {
	conn, answers := dialServer(t, New(&fakeStore{}, Options{MaxBodyBytes: 1000}))
	if _, err := io.WriteString(conn, "POST /_bulk HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if status, body := readAnswer(t, answers); status != 413 {
		t.Errorf("got %d %s", status, body)
	}
}

// dialServer connects to a server of its own, which ends with the test.
func dialServer(t *testing.T, s *Server) (net.Conn, *bufio.Reader) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config = HTTPServer(s, s.log)
	server.Start()
	t.Cleanup(server.Close)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // closed by the server already, perhaps
	if err := conn.SetDeadline(time.Now().Add(2 * time.Minute)); err != nil {
		t.Fatal(err)
	}
	return conn, bufio.NewReader(conn)
}

// writeRequest writes all of a request, and reads nothing meanwhile.
func writeRequest(t *testing.T, conn net.Conn, request, header string, body []byte) {
	t.Helper()
	w := bufio.NewWriter(conn)
	fmt.Fprintf(w, "%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%s", request, header)
	if strings.Contains(header, "chunked") {
		fmt.Fprint(w, "\r\n")
		for len(body) > 0 {
			n := min(len(body), 64<<10)
			fmt.Fprintf(w, "%x\r\n%s\r\n", n, body[:n])
			body = body[n:]
		}
		fmt.Fprint(w, "0\r\n\r\n")
	} else {
		fmt.Fprintf(w, "Content-Length: %d\r\n\r\n%s", len(body), body)
	}
	if err := w.Flush(); err != nil {
		t.Fatalf("the server closed the connection on the body: %v", err)
	}
}

func readAnswer(t *testing.T, from *bufio.Reader) (status int, body string) {
	t.Helper()
	res, err := http.ReadResponse(from, nil)
	if err != nil {
		t.Fatalf("no answer to read: %v", err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(data)
}
