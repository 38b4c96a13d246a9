package api

import (
	"fmt"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// analyzeRequest is a request to analyze, with what only its answer needs.
type analyzeRequest struct {
	es.Analyze
	attributes []string // of tokens, that an explanation shows; none is all
}

// analyze answers GET and POST /_analyze and /{index}/_analyze.
func (s *Server) analyze(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	req := analyzeRequest{}
	if req.Index, err = c.oneIndex(); err != nil {
		return answer{}, err
	}
	if req.Index == "" {
		req.Index = c.text("index")
	}
	if err := req.read(body); err != nil {
		return answer{}, err
	}
	if err := req.validate(); err != nil {
		return answer{}, err
	}
	found, err := apply[*es.Analysis](c, &req.Analyze)
	if err != nil {
		return answer{}, err
	}
	if !req.Explain {
		return ok(object(func(w *jsonval.Writer) { w.Raw("tokens", tokensJSON(found.Tokens, nil)) }))
	}
	return ok(object(func(w *jsonval.Writer) { w.Raw("detail", req.detail(found)) }))
}

func (r *analyzeRequest) read(body *jsonval.Node) error {
	known := []string{"text", "analyzer", "field", "tokenizer", "filter", "char_filter", "explain", "attributes", "normalizer"}
	return strictMembers(body, "analyze_request", known, func(key string, v *jsonval.Node) (bool, error) {
		var err error
		switch key {
		case "text":
			r.Texts, err = stringList(v, key)
			if v.IsScalar() {
				r.Texts, err = []string{v.Text}, nil
			}
		case "analyzer":
			r.Analyzer = v.Text
		case "field":
			r.Field = v.Text
		case "normalizer":
			r.Normalizer = v.Text
		case "tokenizer":
			r.Tokenizer, err = analysisPart(v)
		case "filter":
			r.Filters, err = analysisParts(v)
		case "char_filter":
			r.CharFilters, err = analysisParts(v)
		case "explain":
			err = readBool(&r.Explain, key, v)
		case "attributes":
			r.attributes, err = stringList(v, key)
		default:
			return false, nil
		}
		return true, err
	})
}

// analysisPart is a name or a definition.
func analysisPart(v *jsonval.Node) ([]byte, error) {
	if v.Kind != jsonval.Object && v.Kind != jsonval.String {
		return nil, eserr.IllegalArgument("expected a name or a definition but found [%s]", v.Kind)
	}
	return v.Raw, nil
}

func analysisParts(v *jsonval.Node) ([][]byte, error) {
	items := []jsonval.Node{*v}
	if v.Kind == jsonval.Array {
		items = v.Items
	}
	var parts [][]byte
	for i := range items {
		part, err := analysisPart(&items[i])
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// validate refuses what makes no sense together.
func (r *analyzeRequest) validate() error {
	var faults []string
	filters := len(r.Filters)+len(r.CharFilters) > 0
	if len(r.Texts) == 0 {
		faults = append(faults, "text is missing")
	}
	if r.Index == "" && r.Normalizer != "" {
		faults = append(faults, "index is required if normalizer is specified")
	}
	if r.Normalizer != "" && (r.Tokenizer != nil || r.Analyzer != "") {
		faults = append(faults, "tokenizer/analyze should be null if normalizer is specified")
	}
	if r.Analyzer != "" && (r.Tokenizer != nil || filters) {
		faults = append(faults, "cannot define extra components on a named analyzer")
	}
	if r.Normalizer != "" && filters {
		faults = append(faults, "cannot define extra components on a named normalizer")
	}
	if r.Field != "" && (r.Tokenizer != nil || filters) {
		faults = append(faults, "cannot define extra components on a field-specific analyzer")
	}
	if len(faults) == 0 {
		return nil
	}
	var b strings.Builder
	for i, fault := range faults {
		fmt.Fprintf(&b, "%d: %s;", i+1, fault)
	}
	return eserr.Validation("Validation Failed: %s", b.String())
}

// detail prints what each part made.
func (r *analyzeRequest) detail(found *es.Analysis) []byte {
	stage := func(s *es.AnalysisStage) []byte {
		return object(func(w *jsonval.Writer) {
			w.String("name", s.Name)
			w.Raw("tokens", tokensJSON(s.Tokens, r))
		})
	}
	return object(func(w *jsonval.Writer) {
		w.Bool("custom_analyzer", found.Custom)
		if !found.Custom {
			w.Raw("analyzer", stage(&es.AnalysisStage{Name: found.Name, Tokens: found.Tokens}))
			return
		}
		if len(found.CharFilters) > 0 {
			w.Raw("charfilters", list(len(found.CharFilters), func(dst []byte, i int) []byte {
				item := jsonval.Begin(dst)
				item.String("name", found.CharFilters[i].Name)
				item.Strings("filtered_text", found.CharFilters[i].Texts)
				return item.End()
			}))
		}
		w.Raw("tokenizer", stage(&found.Tokenizer))
		if len(found.Filters) > 0 {
			w.Raw("tokenfilters", list(len(found.Filters), func(dst []byte, i int) []byte { return append(dst, stage(&found.Filters[i])...) }))
		}
	})
}

// tokensJSON prints tokens, with the attributes that an explanation shows unless it is nil.
func tokensJSON(tokens []es.AnalyzedToken, explain *analyzeRequest) []byte {
	return list(len(tokens), func(dst []byte, i int) []byte {
		t := &tokens[i]
		w := jsonval.Begin(dst)
		w.String("token", t.Text)
		w.Int("start_offset", int64(t.Start))
		w.Int("end_offset", int64(t.End))
		w.String("type", t.Type)
		w.Int("position", int64(t.Position))
		if explain != nil {
			explain.writeAttributes(&w, t)
		}
		return w.End()
	})
}

// writeAttributes prints what is told of a token beyond the usual.
func (r *analyzeRequest) writeAttributes(w *jsonval.Writer, t *es.AnalyzedToken) {
	wanted := func(name string) bool {
		for _, attribute := range r.attributes {
			if strings.EqualFold(attribute, name) {
				return true
			}
		}
		return len(r.attributes) == 0
	}
	if wanted("bytes") {
		w.String("bytes", "["+strings.TrimSpace(fmt.Sprintf("% x", t.Text))+"]")
	}
	if wanted("positionLength") {
		w.Int("positionLength", 1)
	}
	if wanted("termFrequency") {
		w.Int("termFrequency", 1)
	}
}
