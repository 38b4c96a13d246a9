package ingest

import (
	"context"
	"errors"
	"maps"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/event"
	"elkhorn/internal/ingest/processor"
)

// simulateIngest answers es.SimulateIngest: documents pass the pipelines of their indices, with those that the request replaces.
// Whether the index would take them is not looked at.
func (s *Store) simulateIngest(ctx context.Context, c *es.SimulateIngest) (any, error) {
	body, err := event.ParseObject(c.Body)
	if err != nil {
		return nil, eserr.ParseException("request body: %v", err)
	}
	simulated := &Store{Store: s.Store, logger: s.logger, now: s.now}
	simulated.targets.store = s.Store
	simulated.env = s.env
	simulated.env.Pipeline = simulated.compiled
	all := maps.Clone(*s.pipelines.Load())
	simulated.pipelines.Store(&all)
	for i := range body.Len() {
		switch name := body.NameAt(i); name {
		case "docs":
		case "pipeline_substitutions":
			if err := simulated.substitute(all, body.At(i)); err != nil {
				return nil, err
			}
		default:
			return nil, eserr.Unsupported("[" + name + "] of a simulated ingest")
		}
	}
	docs, err := simulated.simulatedDocs(ctx, body, c.Index)
	if err != nil {
		return nil, err
	}
	return printDocs(ctx, len(docs), func(dst []byte, i int) []byte {
		return simulated.appendIngested(ctx, dst, docs[i], c.Pipeline)
	})
}

// substitute compiles the pipelines that a request brings. Those that call each other are compiled again, so that counters of
// the real ones stay as they are.
func (s *Store) substitute(all map[string]*pipeline, definitions event.Value) error {
	if definitions.Kind() != event.Object {
		return eserr.ParseException("[pipeline_substitutions] property isn't a map, but of type [%s]", definitions.Kind())
	}
	for i, definition := range definitions.Items() {
		name := definitions.NameAt(i)
		compiled, err := processor.Compile(name, definition, &s.env)
		if err != nil {
			return err
		}
		all[name] = &pipeline{Pipeline: compiled}
	}
	return nil
}

func (s *Store) appendIngested(ctx context.Context, dst []byte, d *processor.Document, named string) []byte {
	of, err := s.targets.of(ctx, d.Metadata().Index)
	if named != "" {
		if of.first = named; named == none {
			of.first = ""
		}
	}
	if err == nil {
		err = s.pass(ctx, d, of)
	}
	m := d.Metadata()
	w := jsonval.Begin(nil)
	w.String("_id", m.ID)
	w.String("_index", m.Index)
	w.Int("_version", m.Version)
	w.Raw("_source", d.Source().AppendJSON(nil))
	w.Strings("executed_pipelines", d.Executed())
	if err != nil && !errors.Is(err, processor.ErrDropped) {
		w.Raw("error", eserr.From(err).AppendItem(nil))
	}
	outer := jsonval.Begin(dst)
	outer.Raw("doc", w.End())
	return outer.End()
}
