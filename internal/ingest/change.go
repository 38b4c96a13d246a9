package ingest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/ingest/processor"
)

// put compiles a definition, stores it, and from then on uses it.
func (s *Store) put(ctx context.Context, c *es.PutObject) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	if c.IfVersion != nil {
		definition, err := s.versioned(ctx, c)
		if err != nil {
			return err
		}
		c.JSON = definition
	}
	compiled, err := s.compile(c.Name, c.JSON)
	if err != nil {
		return err
	}
	if _, err := s.Store.Apply(ctx, c); err != nil {
		return err
	}
	p := &pipeline{Pipeline: compiled}
	s.change(func(all map[string]*pipeline) {
		if old := all[c.Name]; old != nil {
			p.Adopt(old.Pipeline)
			p.bytesIn.Store(old.bytesIn.Load())
			p.bytesOut.Store(old.bytesOut.Load())
		}
		all[c.Name] = p
	})
	return nil
}

// change replaces the map of pipelines by a changed copy. The caller holds changing.
func (s *Store) change(do func(all map[string]*pipeline)) {
	all := maps.Clone(*s.pipelines.Load())
	do(all)
	s.pipelines.Store(&all)
}

// versioned checks that the stored definition has the version that the change wants to replace, and counts it up where the new
// definition says none.
func (s *Store) versioned(ctx context.Context, c *es.PutObject) ([]byte, error) {
	stored, err := s.objects(ctx, c.Name)
	if err != nil {
		return nil, err
	}
	if len(stored) == 0 {
		return nil, eserr.IllegalArgument("version conflict, required version [%d] for pipeline [%s] but no pipeline was found", *c.IfVersion, c.Name)
	}
	have := "null"
	old, err := event.ParseObject(stored[0].JSON)
	if err != nil {
		return nil, fmt.Errorf("read pipeline %s: %w", c.Name, err)
	}
	if v, ok := old.Member("version"); ok {
		have = v.Text()
	}
	if want := fmt.Sprint(*c.IfVersion); have != want {
		return nil, eserr.IllegalArgument("version conflict, required version [%s] for pipeline [%s] but current version is [%s]", want, c.Name, have)
	}
	tree, err := event.ParseObject(c.JSON)
	if err != nil {
		return nil, eserr.ParseException("pipeline [%s]: %v", c.Name, err)
	}
	if v, ok := tree.Member("version"); !ok {
		tree.SetMember("version", event.IntOf(*c.IfVersion+1))
	} else if v.Text() == have {
		return nil, eserr.IllegalArgument("cannot update pipeline [%s] with the same version [%s]", c.Name, have)
	}
	return tree.AppendJSON(nil), nil
}

// delete removes the pipelines that names match, unless an index still uses one. It returns how many there were.
func (s *Store) delete(ctx context.Context, c *es.DeleteObjects) (any, error) {
	s.changing.Lock()
	defer s.changing.Unlock()
	matching, err := s.objects(ctx, c.Names...)
	if err != nil {
		return 0, err
	}
	if len(matching) == 0 {
		return 0, nil
	}
	if err := s.checkUnused(ctx, matching); err != nil {
		return 0, err
	}
	n, err := s.Store.Apply(ctx, c)
	if err != nil {
		return 0, err
	}
	s.change(func(all map[string]*pipeline) {
		for _, o := range matching {
			delete(all, o.Name)
		}
	})
	return n, nil
}

// checkUnused refuses to delete what an index names in its settings.
func (s *Store) checkUnused(ctx context.Context, doomed []es.Object) error {
	indices, err := s.Indices(ctx, es.Target{Closed: true, Hidden: true})
	if err != nil {
		return err
	}
	for _, o := range doomed {
		var uses []string
		for _, role := range []struct{ setting, name string }{{"index.default_pipeline", "default"}, {"index.final_pipeline", "final"}} {
			var users []string
			for i := range indices {
				if indices[i].Settings[role.setting] == o.Name {
					users = append(users, indices[i].Name)
				}
			}
			if n := len(users); n > 0 {
				slices.Sort(users)
				uses = append(uses, fmt.Sprintf("the %s pipeline for %d index(es) including [%s]", role.name, n, strings.Join(users[:min(n, 3)], ",")))
			}
		}
		if len(uses) > 0 {
			return eserr.IllegalArgument("pipeline [%s] cannot be deleted because it is %s", o.Name, strings.Join(uses, " and "))
		}
	}
	return nil
}

// statistics reads the counters.
func (s *Store) statistics() *es.IngestStatistics {
	all := *s.pipelines.Load()
	st := &es.IngestStatistics{Processors: processor.Names(), Total: counters(&s.total)}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		p := all[name]
		ps := es.PipelineStatistics{Name: name, IngestCounters: counters(&p.Stats), BytesIn: p.bytesIn.Load(), BytesOut: p.bytesOut.Load()}
		for _, step := range p.Steps() {
			ps.Processors = append(ps.Processors, es.ProcessorStatistics{Name: step.Name, Type: step.Kind, IngestCounters: counters(step.Counters)})
		}
		st.Pipelines = append(st.Pipelines, ps)
	}
	return st
}

// counters reads counters as they are now.
func counters(c *processor.Counters) es.IngestCounters {
	return es.IngestCounters{Count: c.Count.Load(), Failed: c.Failed.Load(), Current: c.Current.Load(), Nanos: c.Nanos.Load()}
}
