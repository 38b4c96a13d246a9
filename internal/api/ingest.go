package api

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/pattern"
)

func ingestRoutes() []route {
	return []route{
		{methods: "PUT", path: "/_ingest/pipeline/{id}", handler: (*Server).putPipeline, params: ofMaster + " if_version ", help: "store an ingest pipeline"},
		{methods: "GET", path: "/_ingest/pipeline", handler: (*Server).getPipelines, params: ofMaster + " summary ", help: "all ingest pipelines"},
		{methods: "GET", path: "/_ingest/pipeline/{id}", handler: (*Server).getPipelines, params: ofMaster + " summary ", help: "ingest pipelines"},
		{methods: "DELETE", path: "/_ingest/pipeline/{id}", handler: (*Server).deletePipelines, params: ofMaster, help: "delete ingest pipelines"},
		{methods: "GET POST", path: "/_ingest/pipeline/_simulate", handler: (*Server).simulatePipeline, params: " verbose ", help: "what a pipeline makes of documents"},
		{methods: "GET POST", path: "/_ingest/pipeline/{id}/_simulate", handler: (*Server).simulatePipeline, params: " verbose ", help: "what a stored pipeline makes of documents"},
		{methods: "GET POST", path: "/_ingest/_simulate", handler: (*Server).simulateIngest, params: " pipeline ", help: "what ingesting documents would make of them",
			note: "pipelines only: whether the mapping takes the documents is not looked at, and templates are not substituted"},
		{methods: "GET POST", path: "/_ingest/{index}/_simulate", handler: (*Server).simulateIngest, params: " pipeline ", help: "what ingesting documents into an index would make of them",
			note: "pipelines only: whether the mapping takes the documents is not looked at, and templates are not substituted"},
		{methods: "GET", path: "/_ingest/processor/grok", handler: (*Server).grokPatterns, params: " s ecs_compatibility ", help: "patterns of the grok processor"},
		{methods: "GET", path: "/_ingest/geoip/stats", handler: (*Server).geoIPStats, help: "downloads of databases of addresses", note: "there are none: databases are files in the data folder"},
	}
}

// putPipeline answers PUT /_ingest/pipeline/{id}.
func (s *Server) putPipeline(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	put := &es.PutObject{Kind: es.KindIngestPipeline, Name: c.path("id"), JSON: appendNode(nil, body)}
	if c.given("if_version") {
		version := c.number("if_version", 0)
		put.IfVersion = &version
	}
	if _, err := s.store.Apply(c.ctx(), put); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// appendNode prints a tree again, without the comments and the white space that it was written with.
func appendNode(dst []byte, n *jsonval.Node) []byte {
	if n.IsScalar() {
		return n.Scalar().Append(dst)
	}
	brackets := "[]"
	if n.Kind == jsonval.Object {
		brackets = "{}"
	}
	dst = append(dst, brackets[0])
	for i := range n.Items {
		if i > 0 {
			dst = append(dst, ',')
		}
		if n.Kind == jsonval.Object {
			dst = append(jsonval.AppendString(dst, n.Keys[i]), ':')
		}
		dst = appendNode(dst, &n.Items[i])
	}
	return append(dst, brackets[1])
}

// getPipelines answers GET /_ingest/pipeline and /_ingest/pipeline/{id}.
func (s *Server) getPipelines(c *call) (answer, error) {
	names := c.pathList("id")
	found, err := apply[[]es.Object](c, &es.GetObjects{Kind: es.KindIngestPipeline, Names: names})
	if err != nil {
		return answer{}, err
	}
	a := answer{body: object(func(w *jsonval.Writer) {
		for i := range found {
			definition := found[i].JSON
			if c.flag("summary") {
				definition = []byte("{}")
			}
			w.Raw(found[i].Name, definition)
		}
	})}
	if len(found) == 0 && len(names) > 0 && !slices.Contains(names, "*") {
		a.status = http.StatusNotFound
	}
	return a, nil
}

// deletePipelines answers DELETE /_ingest/pipeline/{id}.
func (s *Server) deletePipelines(c *call) (answer, error) {
	names := c.pathList("id")
	count, err := apply[int](c, &es.DeleteObjects{Kind: es.KindIngestPipeline, Names: names})
	if err != nil {
		return answer{}, err
	}
	if count == 0 && !slices.Contains(names, "*") {
		return answer{}, eserr.ResourceNotFound("pipeline [%s] is missing", c.path("id"))
	}
	return acknowledged()
}

// simulatePipeline answers /_ingest/pipeline/_simulate and /_ingest/pipeline/{id}/_simulate.
func (s *Server) simulatePipeline(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	out, err := apply[[]byte](c, &es.SimulatePipeline{Name: c.path("id"), Body: appendNode(nil, body), Verbose: c.flag("verbose")})
	return answer{body: out}, err
}

// simulateIngest answers /_ingest/_simulate and /_ingest/{index}/_simulate.
func (s *Server) simulateIngest(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	out, err := apply[[]byte](c, &es.SimulateIngest{Index: c.path("index"), Pipeline: c.text("pipeline"), Body: appendNode(nil, body)})
	return answer{body: out}, err
}

// grokPatterns answers GET /_ingest/processor/grok. They are in alphabetical order whether asked for or not.
func (s *Server) grokPatterns(c *call) (answer, error) {
	library := pattern.NewLibrary()
	switch mode := c.text("ecs_compatibility"); mode {
	case "", "disabled":
	case "v1", "v8":
		library = pattern.NewDottedLibrary()
	default:
		return answer{}, eserr.IllegalArgument("unsupported ECS compatibility mode [%s]", mode)
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("patterns", object(func(w *jsonval.Writer) {
			for _, name := range library.Names() {
				definition, _ := library.Definition(name)
				w.String(name, definition)
			}
		}))
	}))
}

// geoIPStats answers GET /_ingest/geoip/stats.
func (s *Server) geoIPStats(*call) (answer, error) {
	return ok([]byte(`{"stats":{"successful_downloads":0,"failed_downloads":0,"total_download_time":0,"databases_count":0,"skipped_updates":0,"expired_databases":0},"nodes":{}}`))
}

// ingestInfo prints what GET /_nodes says of ingest.
func (c *call) ingestInfo() ([]byte, error) {
	st, err := apply[*es.IngestStatistics](c, &es.IngestStats{})
	if err != nil {
		return nil, err
	}
	return object(func(w *jsonval.Writer) {
		w.Raw("processors", list(len(st.Processors), func(dst []byte, i int) []byte {
			p := jsonval.Begin(dst)
			p.String("type", st.Processors[i])
			return p.End()
		}))
	}), nil
}

// ingestStats prints what GET /_nodes/stats says of ingest.
func (c *call) ingestStats() ([]byte, error) {
	st, err := apply[*es.IngestStatistics](c, &es.IngestStats{})
	if err != nil {
		return nil, err
	}
	return object(func(w *jsonval.Writer) {
		w.Raw("total", object(func(w *jsonval.Writer) { ingestCounters(w, &st.Total) }))
		w.Raw("pipelines", object(func(w *jsonval.Writer) {
			for i := range st.Pipelines {
				p := &st.Pipelines[i]
				w.Raw(p.Name, object(func(w *jsonval.Writer) {
					ingestCounters(w, &p.IngestCounters)
					w.Int("ingested_as_first_pipeline_in_bytes", p.BytesIn)
					w.Int("produced_as_first_pipeline_in_bytes", p.BytesOut)
					w.Raw("processors", list(len(p.Processors), func(dst []byte, i int) []byte {
						step := &p.Processors[i]
						o := jsonval.Begin(dst)
						o.Raw(step.Name, object(func(w *jsonval.Writer) {
							w.String("type", step.Type)
							w.Raw("stats", object(func(w *jsonval.Writer) { ingestCounters(w, &step.IngestCounters) }))
						}))
						return o.End()
					}))
				}))
			}
		}))
	}), nil
}

func ingestCounters(w *jsonval.Writer, n *es.IngestCounters) {
	w.Int("count", n.Count)
	w.Int("time_in_millis", n.Nanos/1_000_000)
	w.Int("current", n.Current)
	w.Int("failed", n.Failed)
}

// ingestByProcessor prints what GET /_cluster/stats says of ingest: the processors of all pipelines, by type.
func (c *call) ingestByProcessor() ([]byte, error) {
	st, err := apply[*es.IngestStatistics](c, &es.IngestStats{})
	if err != nil {
		return nil, err
	}
	byType := map[string]*es.IngestCounters{}
	for i := range st.Pipelines {
		for _, step := range st.Pipelines[i].Processors {
			sum := byType[step.Type]
			if sum == nil {
				sum = &es.IngestCounters{}
				byType[step.Type] = sum
			}
			sum.Count, sum.Nanos, sum.Current, sum.Failed = sum.Count+step.Count, sum.Nanos+step.Nanos, sum.Current+step.Current, sum.Failed+step.Failed
		}
	}
	return object(func(w *jsonval.Writer) {
		w.Int("number_of_pipelines", int64(len(st.Pipelines)))
		w.Raw("processor_stats", object(func(w *jsonval.Writer) {
			for _, name := range slices.Sorted(maps.Keys(byType)) {
				w.Raw(name, object(func(w *jsonval.Writer) { ingestCounters(w, byType[name]) }))
			}
		}))
	}), nil
}

// appendIngestTook prints how long pipelines took, where any ran.
func appendIngestTook(dst []byte, res *es.BulkResponse) []byte {
	if !res.Ingested {
		return dst
	}
	dst = append(dst, `,"ingest_took":`...)
	return strconv.AppendInt(dst, res.IngestTookMillis, 10)
}

// appendPipelines prints the pipelines that a document passed.
func appendPipelines(dst []byte, names []string) []byte {
	dst = append(dst, `,"executed_pipelines":[`...)
	for i, name := range names {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = jsonval.AppendString(dst, name)
	}
	return append(dst, ']')
}

// checkPipeline refuses an empty name, which would look like none.
func (c *call) checkPipeline() error {
	if c.given("pipeline") && strings.TrimSpace(c.text("pipeline")) == "" {
		return eserr.Validation("Validation Failed: 1: pipeline cannot be an empty string;")
	}
	return nil
}
