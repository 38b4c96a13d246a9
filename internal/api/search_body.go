package api

import (
	"strings"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// bodyMember reads one member of a search body into the request.
type bodyMember func(req *es.SearchRequest, n *jsonval.Node) error

// searchMembers are the members of a search body that are understood. Those that Elasticsearch has
// besides are in unmodelledMembers.
func searchMembers() map[string]bodyMember {
	return map[string]bodyMember{
		"query": func(req *es.SearchRequest, n *jsonval.Node) (err error) {
			req.Query, err = query.ParseNode(n)
			return err
		},
		"knn": func(req *es.SearchRequest, n *jsonval.Node) (err error) {
			req.Knn, err = query.ParseKnn(n)
			return err
		},
		"rescore": func(req *es.SearchRequest, n *jsonval.Node) (err error) {
			req.Rescore, err = query.ParseRescore(n)
			return err
		},
		"retriever": readRetriever,
		"post_filter": func(req *es.SearchRequest, n *jsonval.Node) (err error) {
			req.PostFilter, err = query.ParseNode(n)
			return err
		},
		"aggs":         readAggs,
		"aggregations": readAggs,
		"from":         func(req *es.SearchRequest, n *jsonval.Node) error { return readCount(&req.From, "from", n) },
		"size":         func(req *es.SearchRequest, n *jsonval.Node) error { return readCount(&req.Size, "size", n) },
		"terminate_after": func(req *es.SearchRequest, n *jsonval.Node) error {
			return readCount(&req.TerminateAfter, "terminateAfter", n)
		},
		"min_score": func(req *es.SearchRequest, n *jsonval.Node) error {
			score, ok := n.Scalar().Float64()
			if !ok {
				return unexpectedKind(n, "min_score")
			}
			req.MinScore = &score
			return nil
		},
		"sort":             func(req *es.SearchRequest, n *jsonval.Node) error { return readSort(req, n) },
		"search_after":     readSearchAfter,
		"track_total_hits": readTrackTotal,
		"track_scores": func(req *es.SearchRequest, n *jsonval.Node) error {
			return readBool(&req.TrackScores, "track_scores", n)
		},
		"_source": func(req *es.SearchRequest, n *jsonval.Node) (err error) {
			req.Source, err = parseSourceFilter(n)
			return err
		},
		"fields":          func(req *es.SearchRequest, n *jsonval.Node) error { return readFields(&req.Fields, n) },
		"docvalue_fields": func(req *es.SearchRequest, n *jsonval.Node) error { return readFields(&req.DocvalueFields, n) },
		"stored_fields": func(req *es.SearchRequest, n *jsonval.Node) (err error) {
			req.StoredFields, err = stringList(n, "stored_fields")
			return err
		},
		"version": func(req *es.SearchRequest, n *jsonval.Node) error { return readBool(&req.Version, "version", n) },
		"seq_no_primary_term": func(req *es.SearchRequest, n *jsonval.Node) error {
			return readBool(&req.SeqNo, "seq_no_primary_term", n)
		},
		"explain": func(req *es.SearchRequest, n *jsonval.Node) error { return readBool(&req.Explain, "explain", n) },
		"profile": func(req *es.SearchRequest, n *jsonval.Node) error { return readBool(&req.Profile, "profile", n) },
		"timeout": func(req *es.SearchRequest, n *jsonval.Node) (err error) {
			req.Timeout, err = readDuration("timeout", n)
			return err
		},
		"pit":              readPIT,
		"script_fields":    readScriptFields,
		"runtime_mappings": readRuntimeMappings,
		"slice":            readSlice,
		"collapse":         readCollapse,
		"highlight": func(req *es.SearchRequest, n *jsonval.Node) (err error) {
			req.Highlight, err = query.ParseHighlight(n)
			return err
		},
		"indices_boost": readIndicesBoost,
		"include_named_queries_score": func(req *es.SearchRequest, n *jsonval.Node) error {
			return readBool(&req.NamedScores, "include_named_queries_score", n)
		},
		"stats": func(req *es.SearchRequest, n *jsonval.Node) (err error) {
			req.StatGroups, err = stringList(n, "stats")
			return err
		},
	}
}

// unmodelledMembers are members that Elasticsearch has and that travel as raw JSON for the store to
// take or refuse by name. Empty ones ask for nothing and are left out.
var unmodelledMembers = []string{
	"ext", "min_compatible_shard_node", "rank",
	"sub_searches", "suggest",
}

// readSearchBody reads a search body into the request.
func readSearchBody(req *es.SearchRequest, body *jsonval.Node) error {
	known := searchMembers()
	for i, key := range body.Keys {
		n := &body.Items[i]
		if read := known[key]; read != nil {
			if err := read(req, n); err != nil {
				return err
			}
			continue
		}
		if !readUnmodelled(req, key, n) {
			return unknownMember(known, key, n)
		}
	}
	if len(req.ScriptFields) > 0 && body.Get("_source") == nil {
		req.Source.Disabled = true
	}
	return nil
}

// readSearchMember reads one member of a search body that stands elsewhere.
func readSearchMember(req *es.SearchRequest, key string, n *jsonval.Node) error {
	if read := searchMembers()[key]; read != nil {
		return read(req, n)
	}
	if !readUnmodelled(req, key, n) {
		return unexpectedKind(n, key)
	}
	return nil
}

// readUnmodelled keeps a member that Elasticsearch has; false when it has none of that name.
func readUnmodelled(req *es.SearchRequest, key string, n *jsonval.Node) bool {
	for _, name := range unmodelledMembers {
		if name != key {
			continue
		}
		if asks := len(n.Items) > 0 || n.IsScalar() && n.Text != "false" && n.Kind != jsonval.Null; asks {
			req.Unmodelled = append(req.Unmodelled, es.RawMember{Name: key, JSON: append([]byte(nil), n.Raw...)})
		}
		return true
	}
	return false
}

func unknownMember(known map[string]bodyMember, key string, n *jsonval.Node) error {
	names := append([]string(nil), unmodelledMembers...)
	for name := range known {
		names = append(names, name)
	}
	return eserr.ParsingException(n.Line, n.Col, "Unknown key for a %s in [%s].%s", n.Kind, key, jsonval.DidYouMean(key, names))
}

// unexpectedKind is a member whose value is of the wrong JSON type.
func unexpectedKind(n *jsonval.Node, key string) error {
	return eserr.ParsingException(n.Line, n.Col, "Unknown key for a %s in [%s].", n.Kind, key)
}

func readAggs(req *es.SearchRequest, n *jsonval.Node) (err error) {
	req.Aggs, err = agg.ParseNode(n)
	return err
}

func readCount(target *int, key string, n *jsonval.Node) error {
	if !n.IsScalar() || n.Kind < jsonval.Number {
		return unexpectedKind(n, key)
	}
	v, ok := n.Scalar().Int64()
	if !ok {
		x, number := n.Scalar().Float64()
		if !number {
			return eserr.NumberFormat(n.Text)
		}
		v = int64(max(min(x, 1<<62), -1<<62)) // the fraction goes
	}
	return setCount(target, key, v)
}

// setCount checks and sets a member that cannot be negative.
func setCount(target *int, key string, v int64) error {
	const most = 1<<31 - 1
	if v < 0 {
		return eserr.IllegalArgument("[%s] parameter cannot be negative, found [%d]", key, v)
	}
	if v > most {
		return eserr.IllegalArgument("[%s] is too large: [%d]", key, v)
	}
	*target = int(v)
	return nil
}

func readBool(target *bool, key string, n *jsonval.Node) error {
	v, ok := n.Scalar().Truth()
	if !n.IsScalar() || !ok {
		return unexpectedKind(n, key)
	}
	*target = v
	return nil
}

func readDuration(key string, n *jsonval.Node) (time.Duration, error) {
	if !n.IsScalar() {
		return 0, unexpectedKind(n, key)
	}
	d, err := dates.ParseTimeValue(key, n.Text)
	return max(d, 0), err
}

// readTrackTotal reads true, false or a limit.
func readTrackTotal(req *es.SearchRequest, n *jsonval.Node) error {
	if !n.IsScalar() {
		return unexpectedKind(n, "track_total_hits")
	}
	var err error
	req.TrackTotal, err = parseTrackTotal(n.Text)
	return err
}

func parseTrackTotal(text string) (es.TrackTotal, error) {
	switch text {
	case "true", "":
		return es.TrackAll, nil
	case "false":
		return es.TrackNone, nil
	}
	limit, ok := jsonval.Str(text).Int64()
	if !ok || limit < -1 {
		return 0, eserr.IllegalArgument("[track_total_hits] parameter must be positive or equals to -1, got %s", text)
	}
	if limit <= 0 {
		return es.TrackNone, nil
	}
	return es.TrackTotal(limit), nil
}

func readSearchAfter(req *es.SearchRequest, n *jsonval.Node) error {
	if n.Kind != jsonval.Array || len(n.Items) == 0 {
		return eserr.IllegalArgument("Values must contains at least one value.")
	}
	req.SearchAfter = nil
	for i := range n.Items {
		if !n.Items[i].IsScalar() {
			return eserr.ParsingException(n.Items[i].Line, n.Items[i].Col, "Expected [VALUE_STRING] or [VALUE_NUMBER] or [VALUE_BOOLEAN] or [VALUE_NULL] but found [%s] inside search_after.", n.Items[i].Kind)
		}
		req.SearchAfter = append(req.SearchAfter, n.Items[i].Scalar())
	}
	return nil
}

// readPIT reads {"id":…,"keep_alive":…}.
func readPIT(req *es.SearchRequest, n *jsonval.Node) error {
	if n.Kind != jsonval.Object {
		return unexpectedKind(n, "pit")
	}
	err := members(n, "[pit]", []string{"id", "keep_alive"}, func(key string, v *jsonval.Node) (bool, error) {
		switch key {
		case "id":
			req.Snapshot = es.SnapshotID(v.Text)
		case "keep_alive":
			var err error
			req.KeepAlive, err = readDuration(key, v)
			return true, err
		default:
			return false, nil
		}
		return true, nil
	})
	if err == nil && req.Snapshot == "" {
		return eserr.IllegalArgument("Required [id]")
	}
	return err
}

// parseSourceFilter reads true, false, a pattern, patterns, or includes and excludes.
func parseSourceFilter(n *jsonval.Node) (es.SourceFilter, error) {
	var f es.SourceFilter
	switch n.Kind {
	case jsonval.Bool:
		f.Disabled = n.Text == "false"
		return f, nil
	case jsonval.String, jsonval.Array:
		includes, err := stringList(n, "_source")
		f.Includes = includes
		return f, err
	case jsonval.Object:
	default:
		return f, eserr.ParsingException(n.Line, n.Col, "Expected one of [VALUE_BOOLEAN, VALUE_STRING, START_ARRAY, START_OBJECT] but found [%s]", n.Kind)
	}
	for i, key := range n.Keys {
		values, err := stringList(&n.Items[i], key)
		if err != nil {
			return f, err
		}
		switch key {
		case "includes", "include":
			f.Includes = values
		case "excludes", "exclude":
			f.Excludes = values
		default:
			return f, eserr.ParsingException(n.Line, n.Col, "Unknown key for a %s in [%s].", n.Items[i].Kind, key)
		}
	}
	return f, nil
}

// stringList reads a string or an array of strings.
func stringList(n *jsonval.Node, key string) ([]string, error) {
	if n.Kind == jsonval.String {
		return []string{n.Text}, nil
	}
	if n.Kind != jsonval.Array {
		return nil, unexpectedKind(n, key)
	}
	values := make([]string, 0, len(n.Items))
	for i := range n.Items {
		if !n.Items[i].IsScalar() {
			return nil, unexpectedKind(&n.Items[i], key)
		}
		values = append(values, n.Items[i].Text)
	}
	return values, nil
}

// readFields reads an array of "field" or {"field":…,"format":…}.
func readFields(target *[]es.FieldFormat, n *jsonval.Node) error {
	if n.Kind != jsonval.Array {
		return unexpectedKind(n, "fields")
	}
	for i := range n.Items {
		item := &n.Items[i]
		f := es.FieldFormat{Field: item.Text}
		if item.Kind == jsonval.Object {
			err := members(item, "[fields]", []string{"field", "format", "include_unmapped"}, func(key string, v *jsonval.Node) (bool, error) {
				switch key {
				case "field":
					f.Field = v.Text
				case "format":
					f.Format = strings.TrimPrefix(v.Text, "use_field_mapping")
				case "include_unmapped":
					return true, readBool(&f.IncludeUnmapped, key, v)
				default:
					return false, nil
				}
				return true, nil
			})
			if err != nil {
				return err
			}
		} else if item.Kind != jsonval.String {
			return unexpectedKind(item, "fields")
		}
		*target = append(*target, f)
	}
	return nil
}
