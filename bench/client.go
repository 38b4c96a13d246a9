package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// client speaks to one server.
type client struct {
	base string
	http *http.Client
}

func newClient(base string) *client {
	return &client{base: base, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true}}}
}

// do sends a request and returns the answer's body; a status above 299 is an error with the body.
func (c *client) do(ctx context.Context, method, path, contentType string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: read the answer: %w", method, path, err)
	}
	if res.StatusCode > 299 {
		return nil, &statusError{res.StatusCode, fmt.Sprintf("%s %s: %s: %.500s", method, path, res.Status, answer)}
	}
	return answer, nil
}

// statusError is an answer that says no.
type statusError struct {
	status int
	text   string
}

func (e *statusError) Error() string { return e.text }

// json sends a JSON body.
func (c *client) json(ctx context.Context, method, path, body string) ([]byte, error) {
	contentType := "application/json"
	if body == "" {
		contentType = ""
	}
	return c.do(ctx, method, path, contentType, []byte(body))
}

// answer is what the checks read of a search's answer.
type answer struct {
	Hits struct {
		Total struct {
			Value    int
			Relation string
		}
		Hits []hit
	}
	Aggregations map[string]aggregation
}

type hit struct {
	Source source `json:"_source"`
}

type source struct {
	Time      time.Time `json:"@timestamp"`
	Level     string    `json:"level"`
	Message   string    `json:"message"`
	Stack     string    `json:"stack_trace"`
	RequestID string    `json:"request_id"`
	TraceID   string    `json:"trace_id"`
}

type aggregation struct {
	Value   float64
	Values  map[string]float64
	Buckets []bucket
}

type bucket struct {
	Key     any
	Count   int `json:"doc_count"`
	Latency aggregation
}

// search asks and times it: from the request's first byte to the answer's last. kept says whether what
// the store keeps of earlier answers may be used: a row is one query over and over, which would measure
// a look-up.
func (c *client) search(ctx context.Context, index, body string, kept bool) (answer, time.Duration, error) {
	path := fmt.Sprintf("/%s/_search?request_cache=%t", index, kept)
	began := time.Now()
	raw, err := c.json(ctx, http.MethodPost, path, body)
	took := time.Since(began)
	var a answer
	if err == nil {
		err = json.Unmarshal(raw, &a)
	}
	return a, took, err
}

// versionNumber asks the server for its version.
func (c *client) versionNumber(ctx context.Context) (string, error) {
	raw, err := c.json(ctx, http.MethodGet, "/", "")
	var said struct{ Version struct{ Number string } }
	if err == nil {
		err = json.Unmarshal(raw, &said)
	}
	return said.Version.Number, err
}

// roundTrip is the median time of the least that can be asked: what HTTP costs on both sides.
func (c *client) roundTrip(ctx context.Context) (time.Duration, error) {
	var row queryRow
	for range 50 {
		began := time.Now()
		if _, err := c.json(ctx, http.MethodHead, "/", ""); err != nil {
			return 0, err
		}
		row.took = append(row.took, time.Since(began))
	}
	return time.Duration(row.percentile(0.5) * float64(time.Millisecond)), nil
}
