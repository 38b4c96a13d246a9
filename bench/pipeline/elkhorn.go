package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/codec"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/pipeline/filter"
	"elkhorn/internal/pipeline/input"
	"elkhorn/internal/pipeline/output"
	"elkhorn/internal/pipeline/runtime"
	"elkhorn/internal/vfs"
)

// runElkhorn runs the configuration's filters and outputs on lines of standard input. The output's store writes the bulk
// requests that it is given into sink.
func runElkhorn(c *pipeCase, source io.Reader, sink *bulkSink) error {
	dir, err := os.MkdirTemp("", "bench-pipeline")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, err := newPipeline(c, dir, source, &store{sink: sink}, nil)
	if err != nil {
		return err
	}
	return p.Run(context.Background())
}

// newPipeline builds and opens the case's pipeline, with a queue in memory unless openQueue says otherwise.
func newPipeline(c *pipeCase, dir string, source io.Reader, s *store, openQueue func() (runtime.Queue, error)) (*runtime.Pipeline, error) {
	cfg, err := config.Parse(c.name+".conf", strings.ReplaceAll(c.config, "/var/log/", dir+"/"), config.Options{})
	if err != nil {
		return nil, err
	}
	head, err := config.Parse("input.conf", "input { stdin { codec => "+c.codec+" } }", config.Options{})
	if err != nil {
		return nil, err
	}
	sections := head.Sections
	for _, s := range cfg.Sections {
		if s.Kind != config.Input {
			sections = append(sections, s)
		}
	}
	cfg.Sections = sections
	secret := func(name string) (string, bool) { return "secret", name == "ELASTIC_PASSWORD" }
	if errs := config.Substitute(cfg, secret); len(errs) > 0 {
		return nil, errs[0]
	}
	p, err := runtime.New(runtime.Options{
		ID: c.name, Config: cfg, Workers: workers, Strict: true, OpenQueue: openQueue, Drain: openQueue != nil,
		Tables: runtime.Tables{Inputs: input.Table, Filters: filter.Table, Outputs: output.Table, Codecs: codec.Table},
		Env: pipeline.Env{Logger: slog.New(slog.DiscardHandler), FS: vfs.Default, DataDir: dir, ConfigDir: dir,
			Dialer: s, Stdin: source, Stdout: io.Discard, Now: time.Now},
	})
	if err != nil {
		return nil, err
	}
	return p, p.Open(context.Background())
}

// store takes bulks and answers as a store does that has room.
type store struct {
	es.Store // nil: what is not needed here would panic
	sink     *bulkSink
	gate     chan struct{} // requests wait until it is closed; nil lets them pass
	mu       struct {
		sync.Mutex
		created map[string]bool
	}
}

func (s *store) Dial(context.Context, es.DialTarget) (es.Store, error) { return s, nil }

func (s *store) Bulk(_ context.Context, req *es.BulkRequest) (*es.BulkResponse, error) {
	if s.gate != nil {
		<-s.gate
	}
	body := bodies.Get().(*[]byte)
	defer bodies.Put(body)
	buf := (*body)[:0]
	for i := range req.Ops {
		op := &req.Ops[i]
		buf = append(buf, `{"`...)
		buf = append(buf, op.Action.String()...)
		buf = append(buf, `":{"_index":"`...)
		buf = append(buf, op.Index...)
		if op.ID != "" {
			buf = append(buf, `","_id":"`...)
			buf = append(buf, op.ID...)
		}
		buf = append(buf, "\"}}\n"...)
		buf = append(buf, op.Source...)
		buf = append(buf, '\n')
	}
	*body = buf
	s.sink.take(buf, len(req.Ops))
	items := make([]es.BulkItem, len(req.Ops))
	for i := range items {
		items[i] = es.BulkItem{Status: 201}
	}
	return &es.BulkResponse{Items: items}, nil
}

var bodies = sync.Pool{New: func() any { return new([]byte) }}

func (s *store) Apply(_ context.Context, change es.Change) (any, error) {
	switch c := change.(type) {
	case *es.CreateIndex:
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.mu.created == nil {
			s.mu.created = map[string]bool{}
		}
		s.mu.created[c.Name] = true
		return nil, nil
	case *es.GetObjects:
		return []es.Object(nil), nil
	}
	return nil, fmt.Errorf("unexpected change %T", change)
}

func (s *store) Indices(_ context.Context, t es.Target) ([]es.IndexInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.mu.created {
		return []es.IndexInfo{{Name: name}}, nil
	}
	return nil, eserr.IndexNotFound(t.Names[0])
}
