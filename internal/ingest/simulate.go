package ingest

import (
	"context"
	"errors"
	"strconv"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/event"
	"elkhorn/internal/ingest/processor"
)

// simulatedName is what a pipeline is called that comes with the request.
const simulatedName = "_simulate_pipeline"

// simulate answers es.SimulatePipeline.
func (s *Store) simulate(ctx context.Context, c *es.SimulatePipeline) (any, error) {
	body, err := event.ParseObject(c.Body)
	if err != nil {
		return nil, eserr.ParseException("request body: %v", err)
	}
	var p *processor.Pipeline
	if c.Name != "" {
		if p = s.compiled(c.Name); p == nil {
			return nil, eserr.IllegalArgument("pipeline [%s] does not exist", c.Name)
		}
	} else {
		definition, ok := body.Member("pipeline")
		if !ok {
			return nil, required("pipeline")
		}
		if p, err = processor.Compile(simulatedName, definition, &s.env); err != nil {
			return nil, err
		}
	}
	docs, err := s.simulatedDocs(ctx, body, "")
	if err != nil {
		return nil, err
	}
	return printDocs(ctx, len(docs), func(dst []byte, i int) []byte {
		if c.Verbose {
			return appendVerbose(dst, p, docs[i])
		}
		return appendSimulated(dst, p, docs[i])
	})
}

// maxSimulatedBytes bounds the answer of a simulation, which prints the document once for each processor: the longest that a request
// may be.
const maxSimulatedBytes = 100 << 20

// printDocs prints what became of n documents, as long as someone waits for it and it is not too long.
func printDocs(ctx context.Context, n int, add func(dst []byte, i int) []byte) ([]byte, error) {
	var err error
	out := printList("docs", n, func(dst []byte, i int) []byte {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			dst = add(dst, i)
		}
		if err == nil && len(dst) > maxSimulatedBytes {
			err = eserr.IllegalArgument("the answer is longer than [%d] bytes: simulate fewer documents or processors at a time", maxSimulatedBytes)
		}
		return dst
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func required(name string) error {
	return eserr.ParseException("[%s] required property is missing", name).With("property_name", name)
}

// printList prints an object with one list of n elements.
func printList(name string, n int, add func(dst []byte, i int) []byte) []byte {
	w := jsonval.Begin(nil)
	w.Key(name)
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i := range n {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = add(dst, i)
		}
		return append(dst, ']')
	})
	return w.End()
}

// simulatedDocs reads the docs of a request.
func (s *Store) simulatedDocs(ctx context.Context, body event.Value, index string) ([]*processor.Document, error) {
	list, ok := body.Member("docs")
	switch {
	case !ok:
		return nil, required("docs")
	case list.Kind() != event.Array:
		return nil, eserr.ParseException("[docs] property isn't a list, but of type [%s]", list.Kind()).With("property_name", "docs")
	case list.Len() == 0:
		return nil, eserr.IllegalArgument("must specify at least one document in [docs]")
	}
	docs := make([]*processor.Document, list.Len())
	for i, item := range list.Items() {
		if item.Kind() != event.Object {
			return nil, eserr.IllegalArgument("malformed [docs] section, should include an inner object")
		}
		source, ok := item.Member("_source")
		if !ok {
			return nil, required("_source")
		}
		if source.Kind() != event.Object {
			return nil, eserr.ParseException("[_source] property isn't a map, but of type [%s]", source.Kind()).With("property_name", "_source")
		}
		m, err := simulatedMetadata(item, index)
		if err != nil {
			return nil, err
		}
		docs[i] = processor.NewDocument(ctx, m, source, s.now())
	}
	return docs, nil
}

func simulatedMetadata(item event.Value, index string) (processor.Metadata, error) {
	if index == "" {
		index = "_index"
	}
	text := func(name, otherwise string) string {
		if v, ok := item.Member(name); ok && v.Kind() != event.Null {
			return v.Text()
		}
		return otherwise
	}
	m := processor.Metadata{Index: text("_index", index), ID: text("_id", "_id"), HasID: true, Version: processor.AnyVersion}
	m.Routing = text("_routing", "")
	m.HasRouting = m.Routing != ""
	if version := text("_version", ""); version != "" {
		n, err := strconv.ParseInt(version, 10, 64)
		if err != nil {
			return m, eserr.IllegalArgument("Failed to parse parameter [_version], only int or long is accepted")
		}
		m.Version = n
	}
	switch m.VersionType = text("_version_type", ""); m.VersionType {
	case "", "internal", "external", "external_gte":
	default:
		return m, eserr.IllegalArgument("No version type match [%s]", m.VersionType)
	}
	return m, nil
}

// appendSimulated runs a document and prints the outcome: the document, its error, or null when it was dropped.
func appendSimulated(dst []byte, p *processor.Pipeline, d *processor.Document) []byte {
	err := p.Run(d)
	switch {
	case errors.Is(err, processor.ErrDropped):
		return append(dst, "null"...)
	case err != nil:
		w := jsonval.Begin(dst)
		w.Raw("error", eserr.From(err).Append(nil))
		return w.End()
	}
	w := jsonval.Begin(dst)
	w.Raw("doc", printDocument(d))
	return w.End()
}

// printDocument prints a document as simulations show it, its metadata as texts.
func printDocument(d *processor.Document) []byte {
	w := jsonval.Begin(nil)
	d.EachMetadata(func(name string, v event.Value) { w.String(name, v.Text()) })
	w.Raw("_source", d.Source().AppendJSON(nil))
	w.Raw("_ingest", d.Ingest().AppendJSON(nil))
	return w.End()
}

// appendVerbose runs a document and prints what each processor did.
func appendVerbose(dst []byte, p *processor.Pipeline, d *processor.Document) []byte {
	var results [][]byte
	length := len(dst)
	d.SetWatch(func(r processor.Result) {
		if length <= maxSimulatedBytes { // beyond it nothing is answered
			results = append(results, printResult(&r))
			length += len(results[len(results)-1])
		}
	})
	if err := p.Run(d); err != nil && len(results) == 0 { // no processor's error
		w := jsonval.Begin(dst)
		w.Raw("error", eserr.From(err).Append(nil))
		return w.End()
	}
	return append(dst, printList("processor_results", len(results), func(dst []byte, i int) []byte { return append(dst, results[i]...) })...)
}

func printResult(r *processor.Result) []byte {
	w := jsonval.Begin(nil)
	w.String("processor_type", r.Kind)
	w.String("status", r.Status())
	if r.HasDescription {
		w.String("description", r.Description)
	}
	if r.HasTag {
		w.String("tag", r.Tag)
	}
	if r.HasCondition {
		inner := jsonval.Begin(nil)
		inner.String("condition", r.Condition)
		inner.Bool("result", r.Held)
		w.Raw("if", inner.End())
	}
	switch {
	case r.Err != nil && r.Doc != nil:
		inner := jsonval.Begin(nil)
		inner.Raw("error", r.Err.Append(nil))
		w.Raw("ignored_error", inner.End())
	case r.Err != nil:
		w.Raw("error", r.Err.Append(nil))
	}
	if r.Doc != nil {
		w.Raw("doc", printDocument(r.Doc))
	}
	return w.End()
}
