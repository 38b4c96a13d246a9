package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// clientFlags reach a running store by its REST API.
type clientFlags struct {
	URL      string `default:"http://127.0.0.1:9200" env:"ELKHORN_URL" help:"Where the Elasticsearch API is." placeholder:"URL"`
	User     string `env:"ELKHORN_USER" help:"User name."`
	Password string `env:"ELASTIC_PASSWORD" help:"Password."`
}

// maxAnswerBytes bounds what one answer may take in memory.
const maxAnswerBytes = 256 << 20

// call sends a JSON request and decodes the answer; an error of the server is shown in its own words.
func (f *clientFlags) call(ctx context.Context, method, path string, body, answer any) error {
	req, err := f.request(ctx, method, path, body)
	if err != nil {
		return err
	}
	client := http.Client{Timeout: 2 * time.Minute}
	resp, err := client.Do(req)
	if err != nil {
		return f.noAnswer(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes))
	if err != nil {
		return fmt.Errorf("read answer of %s: %w", f.URL, err)
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return serverError(resp.Status, data)
	}
	if err := json.Unmarshal(data, answer); err != nil {
		return fmt.Errorf("answer of %s is not what was expected: %w", f.URL, err)
	}
	return nil
}

// open sends a JSON request whose answer is a stream of events, from after lastID on, and returns the stream.
func (f *clientFlags) open(ctx context.Context, path string, body any, lastID string) (io.ReadCloser, error) {
	req, err := f.request(ctx, http.MethodPost, path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/event-stream")
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, f.noAnswer(err)
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		defer resp.Body.Close()
		data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes))
		if err != nil {
			return nil, fmt.Errorf("read answer of %s: %w", f.URL, err)
		}
		return nil, refusal{serverError(resp.Status, data)}
	}
	return resp.Body, nil
}

// request builds a request with a JSON body; nil is none.
func (f *clientFlags) request(ctx context.Context, method, path string, body any) (*http.Request, error) {
	var payload io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("print request: %w", err)
		}
		payload = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, baseOf(f.URL)+path, payload)
	if err != nil {
		return nil, fmt.Errorf("--url: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	if f.User != "" {
		req.SetBasicAuth(f.User, f.Password)
	}
	return req, nil
}

// baseOf is the address of a server as people name it, ready for a path behind it: host:port alone means http.
func baseOf(address string) string {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	return strings.TrimRight(address, "/")
}

func (f *clientFlags) noAnswer(err error) error {
	return fmt.Errorf("no answer from %s: %w; is `elkhorn up` running there?", f.URL, err)
}

// serverError words a refusal. A failed search says only that all shards failed; why is in its root
// cause, which for every other refusal repeats the error itself.
func serverError(status string, body []byte) error {
	type cause struct {
		Type   string `json:"type"`
		Reason string `json:"reason"`
	}
	var e struct {
		Error struct {
			cause
			RootCause []cause `json:"root_cause"`
		} `json:"error"`
	}
	if err := json.Unmarshal(body, &e); err != nil || e.Error.Type == "" {
		return fmt.Errorf("%s: %s", status, bytes.TrimSpace(body[:min(len(body), 500)]))
	}
	shown := e.Error.cause
	if len(e.Error.RootCause) > 0 {
		shown = e.Error.RootCause[0]
	}
	return fmt.Errorf("%s: %s", shown.Type, shown.Reason)
}
