package input

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
)

const (
	// maxPostedBytes bounds the body of a request to a tcp input, unpacked.
	maxPostedBytes = 100 << 20
	// requestTimeout ends a connection whose request does not come to its end.
	requestTimeout = time.Minute
)

// httpMethod recognises an HTTP request by its first bytes; "" is none. It waits only for bytes that a line of text
// beginning like a method has too.
func httpMethod(r *bufio.Reader) string {
	for _, method := range []string{"POST", "PUT", "GET", "HEAD"} {
		head, err := r.Peek(1)
		if err != nil || head[0] != method[0] {
			continue
		}
		head, err = r.Peek(len(method) + 2)
		if err == nil && string(head) == method+" /" {
			return method
		}
	}
	return ""
}

// serveHTTP answers the requests of one connection: a proxy that speaks HTTP may stand before a tcp input. The bodies are
// read as the connection itself would be, line by line.
func (t *tcpServer) serveHTTP(ctx context.Context, conn net.Conn, r *bufio.Reader, sink pipeline.Sink, finish func(*event.Event)) error {
	for {
		if err := conn.SetReadDeadline(time.Now().Add(requestTimeout)); err != nil {
			return err
		}
		req, err := http.ReadRequest(r)
		if err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return fmt.Errorf("read http request: %w", err)
		}
		status, err := t.post(ctx, req, sink, finish)
		if ctx.Err() != nil {
			return nil
		}
		text := "ok"
		if err != nil {
			text = err.Error()
		}
		last := req.Close || err != nil
		if err := answer(conn, req, status, text, last); err != nil {
			return fmt.Errorf("answer http request: %w", err)
		}
		if last {
			return err
		}
	}
}

func answer(conn net.Conn, req *http.Request, status int, text string, last bool) error {
	resp := &http.Response{StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Request: req, Close: last,
		Header: http.Header{"Content-Type": {"text/plain"}}, Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text))}
	return resp.Write(conn)
}

// post takes one request's events and returns the status to answer.
func (t *tcpServer) post(ctx context.Context, req *http.Request, sink pipeline.Sink, finish func(*event.Event)) (int, error) {
	if reason := foreign(req, t.listener.Addr()); reason != "" {
		return http.StatusForbidden, errors.New(reason)
	}
	if req.Method != http.MethodPost && req.Method != http.MethodPut {
		return http.StatusMethodNotAllowed, fmt.Errorf("%s is not taken here: post events", req.Method)
	}
	var from io.Reader = req.Body
	if strings.EqualFold(req.Header.Get("Content-Encoding"), "gzip") {
		unpacked, err := gzip.NewReader(req.Body)
		if err != nil {
			return http.StatusBadRequest, fmt.Errorf("unpack the body: %w", err)
		}
		from = unpacked
	}
	limited := &io.LimitedReader{R: from, N: maxPostedBytes + 1}
	reader := &streamReader{r: bufio.NewReaderSize(limited, 64<<10), codec: t.newCodec(), now: t.env.Now, sink: sink, memory: &t.memory, finish: finish}
	if err := reader.run(ctx); err != nil {
		return http.StatusBadRequest, fmt.Errorf("read the body: %w", err)
	}
	if limited.N == 0 {
		return http.StatusRequestEntityTooLarge, fmt.Errorf("the body has more than %d bytes; what is behind them was left out", maxPostedBytes)
	}
	return http.StatusOK, nil
}
