package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	gogrok "github.com/elastic/go-grok"
	_ "github.com/redpanda-data/benthos/v4/public/components/pure" // the processors grok and mapping
	"github.com/redpanda-data/benthos/v4/public/service"
)

// rival does the same work with something else. names are its names for our fields, where they differ.
type rival struct {
	name  string
	run   func(source io.Reader, sink *bulkSink) error
	names map[string]string
}

// rivalBatch is how many documents go into one bulk request; ours takes as many.
const rivalBatch = 250

const bulkAction = "{\"create\":{\"_index\":\"bench-2026.01.01\"}}\n"

var benthosApache = rival{name: "Benthos 4.60 (grok, mapping)", run: benthos(`
- grok:
    expressions: ['%{COMBINEDAPACHELOG}']
    remove_empty_values: true
    use_default_patterns: true
- mapping: |
    root = this
    root."@timestamp" = this.timestamp.ts_strptime("%d/%b/%Y:%H:%M:%S %z").ts_tz("UTC").ts_format("2006-01-02T15:04:05.000Z")
`)}

var benthosML = rival{name: "Benthos 4.60 (mapping)", run: benthos(`
- mapping: |
    root = this
    root."@timestamp" = this.timestamp.ts_parse("2006-01-02T15:04:05Z07:00").ts_tz("UTC").ts_format("2006-01-02T15:04:05.999999Z")
    root.tags = if !this.exists("request_id") || !this.exists("model_metadata.model_version") { ["invalid_schema"] }
    root.deployment_environment = "production"
    root.cluster_name = "ml-us-west-2"
    root.ingest_timestamp = root."@timestamp"
    let scores = this.output.confidence_scores.catch(null)
    root.output.mean_confidence = if $scores.type() == "array" { $scores.sum() / $scores.length() }
    root.output.max_confidence = if $scores.type() == "array" { $scores.max() }
    root.output.min_confidence = if $scores.type() == "array" { $scores.min() }
    root.inference_metrics.latency_ms = if this.exists("inference_metrics.latency_ms") { this.inference_metrics.latency_ms.number().floor() }
    root.anomaly_signals.low_confidence_warning = if this.output.confidence_threshold_applied.catch(null) != null && this.output.items_above_threshold.catch(9) < 2 { true }
`)}

// benthos runs processors on two threads, from lines to bulk requests.
func benthos(processors string) func(io.Reader, *bulkSink) error {
	return func(source io.Reader, sink *bulkSink) error {
		b := service.NewStreamBuilder()
		b.SetThreads(workers)
		if err := b.SetLoggerYAML("level: off"); err != nil {
			return err
		}
		for _, p := range splitProcessors(processors) {
			if err := b.AddProcessorYAML(p); err != nil {
				return err
			}
		}
		send, err := b.AddBatchProducerFunc()
		if err != nil {
			return err
		}
		var buffer sync.Mutex
		var body []byte
		err = b.AddBatchConsumerFunc(func(_ context.Context, batch service.MessageBatch) error {
			buffer.Lock()
			defer buffer.Unlock()
			body = body[:0]
			for _, m := range batch {
				text, err := m.AsBytes()
				if err != nil {
					return err
				}
				body = append(append(append(body, bulkAction...), text...), '\n')
			}
			sink.take(body, len(batch))
			return nil
		})
		if err != nil {
			return err
		}
		stream, err := b.Build()
		if err != nil {
			return err
		}
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		done := make(chan error, 1)
		go func() { done <- stream.Run(ctx) }()
		// Two batches are on their way at a time, so that both threads have work.
		var sending sync.WaitGroup
		batches := make(chan service.MessageBatch, workers)
		errs := make([]error, workers)
		for i := range workers {
			sending.Go(func() {
				for batch := range batches {
					errs[i] = errors.Join(errs[i], send(ctx, batch))
				}
			})
		}
		err = eachBatch(source, func(lines [][]byte) {
			batch := make(service.MessageBatch, len(lines))
			for i, l := range lines {
				batch[i] = service.NewMessage(l)
			}
			batches <- batch
		})
		close(batches)
		sending.Wait()
		stopped := stream.Stop(context.Background())
		cancel()
		<-done
		return errors.Join(append(errs, err, stopped)...)
	}
}

// splitProcessors takes a YAML list apart, since the builder wants one at a time.
func splitProcessors(list string) []string {
	var out []string
	for _, part := range strings.Split(strings.TrimSpace(list), "\n- ") {
		lines := strings.Split(strings.TrimPrefix(part, "- "), "\n")
		for i := 1; i < len(lines); i++ {
			lines[i] = strings.TrimPrefix(lines[i], "  ")
		}
		out = append(out, strings.Join(lines, "\n"))
	}
	return out
}

// eachBatch reads lines in batches, each with bytes of its own.
func eachBatch(source io.Reader, take func(lines [][]byte)) error {
	r := bufio.NewReaderSize(source, 1<<16)
	var batch [][]byte
	for {
		line, err := r.ReadBytes('\n')
		if line = bytes.TrimSuffix(line, []byte("\n")); len(line) > 0 {
			batch = append(batch, line)
		}
		if len(batch) == rivalBatch || err != nil && len(batch) > 0 {
			take(batch)
			batch = nil
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

var goGrokApache = rival{name: "go-grok 0.3.1, encoding/json", run: func(source io.Reader, sink *bulkSink) error {
	batches := make(chan [][]byte, workers)
	var running sync.WaitGroup
	errs := make([]error, workers)
	for i := range workers {
		running.Go(func() { errs[i] = goGrokWorker(batches, sink) })
	}
	err := eachBatch(source, func(lines [][]byte) { batches <- lines })
	close(batches)
	running.Wait()
	return errors.Join(append(errs, err)...)
}, names: map[string]string{"clientip": "source.address", "verb": "http.request.method", "request": "url.original", "response": "http.response.status_code", "bytes": "http.response.body.size"}}

func goGrokWorker(batches <-chan [][]byte, sink *bulkSink) error {
	g, err := gogrok.NewComplete()
	if err == nil {
		err = g.Compile("%{COMBINEDAPACHELOG}", true)
	}
	var body bytes.Buffer
	for batch := range batches {
		body.Reset()
		for _, line := range batch {
			if err != nil {
				continue // the channel is emptied all the same
			}
			var fields map[string]string
			if fields, err = g.ParseString(string(line)); err != nil {
				continue
			}
			fields["message"] = string(line)
			if t, e := time.Parse("02/Jan/2006:15:04:05 -0700", fields["timestamp"]); e == nil {
				fields["@timestamp"] = t.UTC().Format("2006-01-02T15:04:05.000Z")
			}
			var doc []byte
			if doc, err = json.Marshal(fields); err == nil {
				body.WriteString(bulkAction)
				body.Write(doc)
				body.WriteByte('\n')
			}
		}
		sink.take(body.Bytes(), len(batch))
	}
	return err
}
