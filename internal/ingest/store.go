package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/ingest/processor"
)

// Options configure a Store. The zero value is usable.
type Options struct {
	// GeoIPDir is where geoip processors find their databases; "" is nowhere.
	GeoIPDir string
	Logger   *slog.Logger     // nil discards
	Now      func() time.Time // nil is time.Now
}

// Store takes documents through ingest pipelines on their way into the store inside.
type Store struct {
	es.Store
	logger  *slog.Logger
	now     func() time.Time
	env     processor.Env
	targets targets
	scripts scripts
	total   processor.Counters
	// changing makes changes to pipelines one at a time; pipelines is what they are now.
	changing  sync.Mutex
	pipelines atomic.Pointer[map[string]*pipeline]
}

// pipeline is a stored definition and what it was compiled to.
type pipeline struct {
	*processor.Pipeline
	bytesIn, bytesOut atomic.Int64 // of documents whose first pipeline it was
}

// Wrap returns a store around inner with the pipelines that inner holds. Closing it closes inner.
func Wrap(ctx context.Context, inner es.Store, o Options) (*Store, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{Store: inner, logger: o.Logger, now: o.Now}
	s.targets.store, s.scripts.store = inner, inner
	databases := &databases{dir: o.GeoIPDir}
	s.env = processor.Env{Pipeline: s.compiled, GeoIP: databases.open, StoredScript: s.scripts.find, Now: o.Now}
	return s, s.load(ctx)
}

// load compiles what is stored.
func (s *Store) load(ctx context.Context) error {
	stored, err := s.objects(ctx)
	if err != nil {
		return fmt.Errorf("read ingest pipelines: %w", err)
	}
	all := make(map[string]*pipeline, len(stored))
	for _, o := range stored {
		compiled, err := s.compile(o.Name, o.JSON)
		if err != nil {
			s.logger.Error("ingest pipeline does not compile, its documents will fail", "pipeline", o.Name, "error", err)
			compiled = processor.Broken(o.Name, err)
		}
		all[o.Name] = &pipeline{Pipeline: compiled}
	}
	s.pipelines.Store(&all)
	return nil
}

// objects are the stored definitions of the names, of all for none.
func (s *Store) objects(ctx context.Context, names ...string) ([]es.Object, error) {
	found, err := s.Store.Apply(ctx, &es.GetObjects{Kind: es.KindIngestPipeline, Names: names})
	if err != nil {
		return nil, err
	}
	objects, ok := found.([]es.Object)
	if !ok {
		return nil, fmt.Errorf("store answered %T for objects", found)
	}
	return objects, nil
}

func (s *Store) compile(name string, definition []byte) (*processor.Pipeline, error) {
	tree, err := event.ParseObject(definition)
	if err != nil {
		return nil, eserr.ParseException("pipeline [%s]: %v", name, err)
	}
	return processor.Compile(name, tree, &s.env)
}

// find returns a pipeline by name, nil when there is none.
func (s *Store) find(name string) *pipeline { return (*s.pipelines.Load())[name] }

// compiled is find for processors that call pipelines.
func (s *Store) compiled(name string) *processor.Pipeline {
	if p := s.find(name); p != nil {
		return p.Pipeline
	}
	return nil
}

// Apply carries out changes to pipelines, simulations and questions about them; all else is the inner store's.
func (s *Store) Apply(ctx context.Context, change es.Change) (any, error) {
	switch c := change.(type) {
	case *es.PutObject:
		if c.Kind == es.KindIngestPipeline {
			return nil, s.put(ctx, c)
		}
	case *es.DeleteObjects:
		if c.Kind == es.KindIngestPipeline {
			return s.delete(ctx, c)
		}
	case *es.SimulatePipeline:
		return s.simulate(ctx, c)
	case *es.SimulateIngest:
		return s.simulateIngest(ctx, c)
	case *es.IngestStats:
		return s.statistics(), nil
	case *es.GetObjects, *es.RefreshIndices, *es.FlushIndices, *es.ForceMerge, *es.ClearCache, *es.SimulateIndex:
		return s.Store.Apply(ctx, change) // these change no setting
	}
	answer, err := s.Store.Apply(ctx, change)
	s.targets.forget()
	s.scripts.forget()
	return answer, err
}
