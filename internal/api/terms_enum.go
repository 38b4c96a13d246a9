package api

import (
	"slices"
	"strings"
	"unicode"

	"elkhorn/internal/es"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

// maxTermsEnum bounds the terms of one answer.
const maxTermsEnum = 10_000

// termsEnum is a request for the values of a field that begin with a text.
type termsEnum struct {
	field, prefix string
	size          int
	fold          bool
	after         *string
	filter        query.Query
}

// termsEnum answers GET and POST /{index}/_terms_enum: the values of a keyword that begin with a text, in order.
func (s *Server) termsEnum(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	t := termsEnum{size: defaultHits}
	req := es.SearchRequest{TrackTotal: es.TrackNone}
	if err := t.read(&req, body); err != nil {
		return answer{}, err
	}
	if req.Target, err = c.target(openIndices); err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), req.Target)
	if err != nil {
		return answer{}, err
	}
	req.Query = t.filter
	if req.Aggs, err = t.aggs(); err != nil {
		return answer{}, err
	}
	res := &es.SearchResponse{Shards: es.Shards{Total: len(indices), Successful: len(indices)}}
	if t.known(indices) {
		if res, err = s.store.Search(c.ctx(), &req); err != nil {
			return answer{}, err
		}
	}
	terms, complete := t.terms(res)
	return ok(object(func(w *jsonval.Writer) {
		writeShards(w, &res.Shards)
		w.Strings("terms", terms)
		w.Bool("complete", complete && !res.TimedOut && res.Shards.Failed == 0)
	}))
}

func (t *termsEnum) read(req *es.SearchRequest, body *jsonval.Node) error {
	known := []string{"field", "string", "size", "timeout", "case_insensitive", "index_filter", "search_after"}
	err := strictMembers(body, "terms_enum_request", known, func(key string, v *jsonval.Node) (bool, error) {
		var err error
		switch key {
		case "field":
			t.field = v.Text
		case "string":
			t.prefix = v.Text
		case "size":
			err = readCount(&t.size, key, v)
		case "timeout":
			req.Timeout, err = readDuration(key, v)
		case "case_insensitive":
			err = readBool(&t.fold, key, v)
		case "index_filter":
			t.filter, err = query.ParseNode(v)
		case "search_after":
			t.after = &v.Text
		default:
			return false, nil
		}
		return true, err
	})
	switch {
	case err != nil:
		return err
	case t.field == "":
		return eserr.Validation("Validation Failed: 1: field cannot be null;")
	case t.size <= 0 || t.size > maxTermsEnum:
		return eserr.IllegalArgument("[size] must be between 1 and %d, found [%d]", maxTermsEnum, t.size)
	}
	return nil
}

// known says whether some index has the field as one of whole values; elsewhere there are no terms to list.
func (t *termsEnum) known(indices []es.IndexInfo) bool {
	return slices.ContainsFunc(indices, func(info es.IndexInfo) bool {
		f := info.Mapping.Lookup(t.field)
		return f != nil && f.Type.IsKeyword() && f.DocValues
	})
}

// aggs asks for the values in order. Where the answer begins after a value, those before it have to be passed over.
func (t *termsEnum) aggs() ([]*agg.Agg, error) {
	size := t.size + 1
	if t.after != nil {
		size = maxTermsEnum
	}
	body := object(func(w *jsonval.Writer) {
		w.Raw("terms", object(func(w *jsonval.Writer) {
			w.Raw("terms", object(func(w *jsonval.Writer) {
				w.String("field", t.field)
				w.Int("size", int64(size))
				w.Raw("order", []byte(`{"_key":"asc"}`))
				if t.prefix != "" {
					w.String("include", t.pattern())
				}
			}))
		}))
	})
	n, err := jsonval.Parse(body)
	if err != nil {
		return nil, err
	}
	return agg.ParseNode(n)
}

// pattern is a regular expression for what begins with the text.
func (t *termsEnum) pattern() string {
	var b strings.Builder
	for _, r := range t.prefix {
		lower, upper := unicode.ToLower(r), unicode.ToUpper(r)
		switch {
		case t.fold && lower != upper:
			b.WriteString("[" + string(lower) + string(upper) + "]")
		case strings.ContainsRune(`.?+*|{}[]()"\#@&<>~^$-`, r):
			b.WriteString(`\` + string(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + ".*"
}

// terms reads the values, and says whether these are all.
func (t *termsEnum) terms(res *es.SearchResponse) (terms []string, complete bool) {
	terms = []string{}
	buckets, _ := res.Aggs.Find("terms").(*result.Buckets)
	if buckets == nil {
		return terms, true
	}
	for i := range buckets.Buckets {
		key := buckets.Buckets[i].Key.Text
		if t.after != nil && key <= *t.after {
			continue
		}
		if len(terms) == t.size {
			return terms, false
		}
		terms = append(terms, key)
	}
	return terms, len(buckets.Buckets) < maxTermsEnum
}
