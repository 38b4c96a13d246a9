package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"elkhorn/internal/demo"
)

// loadResult is what a load cost.
type loadResult struct {
	docs     int
	rawBytes int64         // of the documents alone, as generated
	took     time.Duration // first request to last answer
	refused  int           // bulks that were refused with 429 and sent again
}

// What a bulk does that is refused because the server has too much to do (429), as clients do.
const (
	refusedPause = 100 * time.Millisecond
	refusedTimes = 600
)

// actionLine precedes every document.
const actionLine = `{"create":{}}` + "\n"

// documents appends the next document to dst, and reports false after the last.
type documents func(dst []byte) ([]byte, bool)

// generated are the benchmark's documents.
func generated(seed uint64, n int) documents {
	gen, left := demo.NewBench(seed, n), n
	return func(dst []byte) ([]byte, bool) {
		if left == 0 {
			return dst, false
		}
		left--
		return gen.Append(dst), true
	}
}

// load sends all documents to an index in bulks, over so many connections at a time. Every item of
// every answer must have succeeded.
func load(ctx context.Context, c *client, index string, docs documents, bulk, connections int) (loadResult, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	bodies, spare := make(chan []byte), make(chan []byte, connections+1)
	var senders sync.WaitGroup
	var refused atomic.Int64
	began := time.Now()
	for range connections {
		senders.Go(func() {
			for body := range bodies {
				if err := sendPatiently(ctx, c, index, body, &refused); err != nil {
					cancel(err)
				}
				select {
				case spare <- body:
				default:
				}
			}
		})
	}
	result := produce(ctx, docs, bulk, bodies, spare)
	senders.Wait()
	result.took, result.refused = time.Since(began), int(refused.Load())
	return result, context.Cause(ctx)
}

// sendPatiently sends a bulk again while it is refused as too much.
func sendPatiently(ctx context.Context, c *client, index string, body []byte, refused *atomic.Int64) error {
	for try := 0; ; try++ {
		err := sendBulk(ctx, c, index, body)
		var status *statusError
		if !errors.As(err, &status) || status.status != http.StatusTooManyRequests || try == refusedTimes {
			return err
		}
		refused.Add(1)
		pause(ctx, refusedPause)
	}
}

// produce fills bodies until the documents or ctx end, and closes the channel.
func produce(ctx context.Context, docs documents, bulk int, bodies chan<- []byte, spare <-chan []byte) (result loadResult) {
	defer close(bodies)
	for more := true; more; {
		var body []byte
		select {
		case body = <-spare:
			body = body[:0]
		default:
			body = make([]byte, 0, bulk*900)
		}
		for n := 0; n < bulk; n++ {
			before := len(body)
			body = append(body, actionLine...)
			start := len(body)
			if body, more = docs(body); !more {
				body = body[:before]
				break
			}
			result.docs++
			result.rawBytes += int64(len(body) - start)
			body = append(body, '\n')
		}
		if len(body) == 0 {
			return result
		}
		select {
		case bodies <- body:
		case <-ctx.Done():
			return result
		}
	}
	return result
}

// sendBulk sends one bulk. The answer's flag says whether any item failed; only then is it read on.
func sendBulk(ctx context.Context, c *client, index string, body []byte) error {
	answer, err := c.do(ctx, http.MethodPost, "/"+index+"/_bulk", "application/x-ndjson", body)
	if err != nil {
		return err
	}
	if bytes.Contains(answer[:min(len(answer), 64)], []byte(`"errors":false`)) {
		return nil
	}
	var detail struct {
		Errors bool
		Items  []map[string]struct {
			Status int
			Error  json.RawMessage
		}
	}
	if err := json.Unmarshal(answer, &detail); err != nil {
		return fmt.Errorf("bulk answer: %w: %.200s", err, answer)
	}
	for _, item := range detail.Items {
		for _, outcome := range item {
			if outcome.Status > 299 {
				return fmt.Errorf("a document was refused: %d %s", outcome.Status, outcome.Error)
			}
		}
	}
	return nil
}
