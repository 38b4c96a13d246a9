package input

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/dial"
	"elkhorn/internal/plugin"
)

const (
	noCursor = "keep the time of the last run elsewhere, or give the query a range such as now-5m and a schedule"
	noCloud  = "name the hosts"
)

var elasticsearch = pipeline.InputSpec{
	Name:    "elasticsearch",
	Summary: "Reads the documents that a query finds, once or by a schedule.",
	Options: slices.Concat([]plugin.Option{
		{Name: "hosts", Kind: plugin.Strings, Default: []string{"localhost:9200"}, Help: "Where the store is, by HTTP, with or without scheme. The next one is asked when one does not answer."},
		{Name: "index", Kind: plugin.String, Default: "logstash-*", Help: "Indices, separated by commas; may hold *."},
		{Name: "query", Kind: plugin.String, Default: `{ "sort": [ "_doc" ] }`, Help: "Body of the search, as JSON."},
		{Name: "query_type", Kind: plugin.String, Default: "dsl", Allowed: []string{"dsl"}, Help: "Only dsl: ES|QL is not asked."},
		{Name: "response_type", Kind: plugin.String, Default: "hits", Allowed: []string{"hits", "aggregations"}, Help: "hits makes an event of each document, aggregations one of all the query's aggregations."},
		{Name: "size", Kind: plugin.Integer, Default: 1000, Unit: "documents", Help: "Documents asked for at once."},
		{Name: "search_api", Kind: plugin.String, Default: "auto", Allowed: []string{"auto", "search_after", "scroll"}, Help: "How all pages are had: search_after in a point in time, or a scroll. auto takes a scroll where there are no points in time."},
		{Name: "scroll", Kind: plugin.String, Default: "1m", Help: "How long the store keeps the state between two pages."},
		{Name: "slices", Kind: plugin.Integer, Help: "Read in so many parts at the same time."},
		{Name: "retries", Kind: plugin.Integer, Default: 0, Help: "How often a query that the store refuses is asked again. A store that does not answer is waited for."},
		{Name: "schedule", Kind: plugin.String, Help: `Cron line, such as "*/5 * * * *"; without it the query is asked once and the input ends.`},
		{Name: "schedule_overlap", Kind: plugin.Boolean, Ignored: "a run waits for the one before"},
		{Name: "docinfo", Kind: plugin.Boolean, Help: "Keep where a document comes from."},
		{Name: "docinfo_target", Kind: plugin.Field, Help: "Field for that; by default @metadata, or [@metadata][input][elasticsearch] in the ECS layout."},
		{Name: "docinfo_fields", Kind: plugin.Strings, Default: []string{"_index", "_type", "_id"}, Help: "What to keep."},
		{Name: "target", Kind: plugin.Field, Help: "Field for the document; without it, its members become the event's fields."},
		{Name: "codec", Kind: plugin.Codec, Ignored: "documents are JSON"},
		{Name: "user", Kind: plugin.String, Help: "User name."}, {Name: "password", Kind: plugin.Password, Help: "Password."},
		{Name: "api_key", Kind: plugin.Password, Help: "API key, as id:key or encoded."},
		{Name: "custom_headers", Kind: plugin.Hash, Help: "Headers of each request."},
		{Name: "ssl_enabled", Kind: plugin.Boolean, Help: "Use https for hosts without a scheme."},
		{Name: "connect_timeout_seconds", Kind: plugin.Seconds, Default: 10, Ignored: "request_timeout_seconds covers it"}, {Name: "socket_timeout_seconds", Kind: plugin.Seconds, Default: 60, Ignored: "request_timeout_seconds covers it"},
		{Name: "request_timeout_seconds", Kind: plugin.Seconds, Default: 60, Help: "Time for one page."},
		{Name: "tracking_field", Kind: plugin.String, Unsupported: noCursor}, {Name: "tracking_field_seed", Kind: plugin.String, Unsupported: noCursor}, {Name: "last_run_metadata_path", Kind: plugin.Path, Unsupported: noCursor},
		{Name: "cloud_id", Kind: plugin.String, Unsupported: noCloud}, {Name: "cloud_auth", Kind: plugin.Password, Unsupported: noCloud}, {Name: "proxy", Kind: plugin.String, Unsupported: "name hosts that can be reached"},
		{Name: "ca_trusted_fingerprint", Kind: plugin.String, Unsupported: "give the authority's certificate with ssl_certificate_authorities"},
		{Name: "ca_file", Kind: plugin.Path, Unsupported: "now called ssl_certificate_authorities"}, {Name: "ssl", Kind: plugin.Boolean, Unsupported: "now called ssl_enabled"},
		ecsFieldsOption,
	}, dial.TLSOptions),
	New: newElasticsearch,
}

// maxPageBytes bounds an answer: of the default size, documents of 200 kB.
const maxPageBytes = 200 << 20

type documentReader struct {
	env             *pipeline.Env
	client          *http.Client
	hosts           []string
	header          http.Header
	index           string
	query           event.Value
	aggregations    bool
	api, keep       string
	size, retries   int
	slices          int
	schedule        schedule // nil for once
	docinfo, target *event.Path
	docinfoFields   []string
	memory          memory
}

func newElasticsearch(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	r := &documentReader{env: env, index: s.String("index"), aggregations: s.String("response_type") == "aggregations", api: s.String("search_api"), keep: s.String("scroll"),
		size: int(s.Int("size")), retries: int(s.Int("retries")), slices: int(s.Int("slices")), docinfoFields: s.Strings("docinfo_fields"), header: http.Header{}}
	secure, err := dial.TLS(env, s)
	if err != nil {
		return nil, err
	}
	r.client = &http.Client{Timeout: s.Duration("request_timeout_seconds"), Transport: &http.Transport{TLSClientConfig: secure, Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 8}}
	if r.query, err = event.ParseJSON([]byte(s.String("query"))); err != nil || r.query.Kind() != event.Object {
		return nil, s.Errorf("query", "is no JSON object: %v", err)
	}
	if _, has := r.query.Member("slice"); has && s.Has("slices") {
		return nil, s.Errorf("slices", "cannot stand beside a slice in query")
	}
	if r.size < 1 || r.retries < 0 || s.Has("slices") && r.slices < 1 {
		return nil, s.Errorf("size", "and slices must be at least 1, retries at least 0")
	}
	scheme := "http://"
	if s.Bool("ssl_enabled") {
		scheme = "https://"
	}
	for _, host := range s.Strings("hosts") {
		if !strings.Contains(host, "://") {
			host = scheme + host
		}
		r.hosts = append(r.hosts, strings.TrimRight(host, "/"))
	}
	if len(r.hosts) == 0 {
		return nil, s.Errorf("hosts", "names no host")
	}
	if s.Has("schedule") {
		if r.schedule, err = parseCron(s.String("schedule")); err != nil {
			return nil, s.Errorf("schedule", "%v", err)
		}
	}
	return r, r.setFields(s)
}

func (r *documentReader) setFields(s *plugin.Settings) error {
	var err error
	if s.Has("target") {
		if r.target, err = event.ParsePath(s.String("target")); err != nil {
			return s.Errorf("target", "%v", err)
		}
	}
	if s.Bool("docinfo") {
		r.docinfo = layoutPath(s, "@metadata", "[@metadata][input][elasticsearch]")
		if s.Has("docinfo_target") {
			if r.docinfo, err = event.ParsePath(s.String("docinfo_target")); err != nil {
				return s.Errorf("docinfo_target", "%v", err)
			}
		}
	}
	for _, p := range s.Pairs("custom_headers") {
		r.header.Set(p.Key, p.Value.Str)
	}
	switch key := s.String("api_key"); {
	case key != "" && s.Has("user"):
		return s.Errorf("api_key", "cannot stand beside user")
	case key != "":
		if strings.Contains(key, ":") {
			key = base64.StdEncoding.EncodeToString([]byte(key))
		}
		r.header.Set("Authorization", "ApiKey "+key)
	case s.Has("user"):
		r.header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(s.String("user")+":"+s.String("password"))))
	}
	return nil
}

// Run asks once, or by the schedule until ctx ends.
func (r *documentReader) Run(ctx context.Context, sink pipeline.Sink) error {
	defer r.client.CloseIdleConnections()
	if r.schedule == nil {
		return r.ask(ctx, sink)
	}
	run(ctx, r.schedule, func(ctx context.Context) {
		if err := r.ask(ctx, sink); err != nil {
			r.env.Logger.Error("the query failed; it is asked again by the schedule", "index", r.index, "error", err)
		}
	})
	return nil
}

// ask reads all that the query finds. Its error is the store's refusal; none when ctx ends.
func (r *documentReader) ask(ctx context.Context, sink pipeline.Sink) error {
	var err error
	for tries := 0; tries <= r.retries && ctx.Err() == nil; {
		if err = r.readAll(ctx, sink); err == nil || ctx.Err() != nil {
			return nil
		}
		var lost *lostPage
		if errors.As(err, &lost) {
			r.env.Logger.Warn("a page was lost: the query is asked from its beginning, and documents come again", "index", r.index, "error", err)
			pause(ctx, time.Second)
			continue
		}
		tries++
		r.env.Logger.Warn("the query failed", "index", r.index, "try", tries, "error", err)
		pause(ctx, time.Second)
	}
	return err
}

func (r *documentReader) readAll(ctx context.Context, sink pipeline.Sink) error {
	if r.aggregations {
		answer, err := r.send(ctx, http.MethodPost, "/"+url.PathEscape(r.index)+"/_search?size=0&"+wholeOnly, r.query)
		if err != nil {
			return err
		}
		aggregations, _ := answer.Member("aggregations")
		return r.push(ctx, []event.Value{answer}, []event.Value{aggregations}, sink)
	}
	pit := ""
	if r.api != "scroll" {
		answer, err := r.send(ctx, http.MethodPost, "/"+url.PathEscape(r.index)+"/_pit?keep_alive="+url.QueryEscape(r.keep), event.NullValue)
		var refused *refusal
		if err != nil && (r.api == "search_after" || !errors.As(err, &refused)) {
			return err
		}
		id, _ := answer.Member("id")
		pit = id.Str()
	}
	if pit != "" {
		defer r.release(ctx, "/_pit", "id", pit)
	}
	if r.slices <= 1 {
		return r.readPart(ctx, pit, -1, sink)
	}
	var reading sync.WaitGroup
	errs := make([]error, r.slices)
	for i := range r.slices {
		reading.Go(func() { errs[i] = r.readPart(ctx, pit, i, sink) })
	}
	reading.Wait()
	return errors.Join(errs...)
}

// readPart reads one slice page by page, or everything when slice is -1: in a point in time or, without one, as a scroll.
func (r *documentReader) readPart(ctx context.Context, pit string, slice int, sink pipeline.Sink) error {
	body := r.query.Clone()
	if slice >= 0 {
		part := event.NewObject()
		part.SetMember("id", event.IntOf(int64(slice)))
		part.SetMember("max", event.IntOf(int64(r.slices)))
		body.SetMember("slice", part)
	}
	body.SetMember("size", event.IntOf(int64(r.size)))
	path := "/" + url.PathEscape(r.index) + "/_search?" + wholeOnly + "&scroll=" + url.QueryEscape(r.keep)
	if pit != "" {
		path = "/_search?" + wholeOnly
		snapshot := event.NewObject()
		snapshot.SetMember("id", event.StringOf(pit))
		snapshot.SetMember("keep_alive", event.StringOf(r.keep))
		body.SetMember("pit", snapshot)
		if sort, has := body.Member("sort"); !has || string(sort.AppendJSON(nil)) == `["_doc"]` {
			order := event.NewObject()
			order.SetMember("_shard_doc", event.StringOf("asc"))
			body.SetMember("sort", event.ArrayOf(order))
		}
	}
	scroll := ""
	defer func() {
		if scroll != "" {
			r.release(ctx, scrollPath, "scroll_id", scroll)
		}
	}()
	for ctx.Err() == nil {
		answer, err := r.send(ctx, http.MethodPost, path, body)
		if err != nil {
			return err
		}
		outer, _ := answer.Member("hits")
		hits, _ := outer.Member("hits")
		if hits.Len() == 0 {
			return nil
		}
		sources := make([]event.Value, hits.Len())
		for i, hit := range hits.Items() {
			sources[i], _ = hit.Member("_source")
		}
		last := hits.At(hits.Len() - 1)
		after, sorted := last.Member("sort")
		after = after.Clone()
		if err := r.push(ctx, hits.Items(), sources, sink); err != nil {
			return nil // ctx has ended
		}
		id, _ := answer.Member("_scroll_id")
		switch {
		case pit != "" && sorted:
			body.SetMember("search_after", after)
		case pit == "" && id.Str() != "":
			scroll, path = id.Str(), scrollPath
			body = event.NewObject()
			body.SetMember("scroll", event.StringOf(r.keep))
			body.SetMember("scroll_id", id)
		default:
			return errors.New("the store's answer does not say how to go on")
		}
	}
	return nil
}

// push makes events of documents; hits are what they came in.
func (r *documentReader) push(ctx context.Context, hits, sources []event.Value, sink pipeline.Sink) error {
	now := r.env.Now()
	events := make([]*event.Event, len(sources))
	for i, source := range sources {
		ev := event.New(now)
		switch {
		case source.Kind() != event.Object: // a document without a source
		case r.target != nil:
			ev.Set(r.target, source)
		default:
			ev = event.FromObject(source, now)
		}
		if r.docinfo != nil {
			info := event.NewObject()
			if have, ok := ev.Get(r.docinfo); ok && have.Kind() == event.Object {
				info = have
			}
			for _, field := range r.docinfoFields {
				v, _ := hits[i].Member(field)
				info.SetMember(field, v)
			}
			ev.Set(r.docinfo, info)
		}
		events[i] = ev
	}
	return sink.Push(ctx, events)
}

// release lets go of a point in time or a scroll, which would otherwise live on for as long as it was asked to.
func (r *documentReader) release(ctx context.Context, path, member, id string) {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	body := event.NewObject()
	body.SetMember(member, event.StringOf(id))
	if _, err := r.sendTo(ctx, r.hosts[0], http.MethodDelete, path, body); err != nil {
		r.env.Logger.Debug("the store keeps the state of a search for a while", "error", err)
	}
}

// refusal is an answer that is an error.
type refusal struct {
	status int
	text   string
}

func (e *refusal) Error() string { return "http status " + strconv.Itoa(e.status) + ": " + e.text }

// scrollPath is where the next page of a scroll is. Asking moves the scroll on, so that a page whose answer is lost does not come again.
const scrollPath = "/_search/scroll"

// wholeOnly asks for an error in place of what is left of an answer when a shard fails or time is over.
const wholeOnly = "allow_partial_search_results=false"

// partialAnswer is one that lacks what some shards hold, from a store that does not heed wholeOnly, or a later page of a scroll.
type partialAnswer struct{ text string }

func (e *partialAnswer) Error() string { return "the answer is not whole: " + e.text }

// checkWhole refuses an answer from which documents are missing.
func checkWhole(answer event.Value) error {
	shards, _ := answer.Member("_shards")
	failed, _ := shards.Member("failed")
	timedOut, _ := answer.Member("timed_out")
	switch {
	case failed.Kind() == event.Int && failed.Int() > 0:
		failures, _ := shards.Member("failures")
		const shown = 300
		text := string(failures.AppendJSON(nil))
		return &partialAnswer{fmt.Sprintf("%d shards failed: %s", failed.Int(), strings.ToValidUTF8(text[:min(shown, len(text))], "\ufffd"))}
	case timedOut.Kind() == event.Bool && timedOut.Bool():
		return &partialAnswer{"the search timed out"}
	}
	return nil
}

// lostPage is a page of a scroll that the store may have given and that did not arrive.
type lostPage struct{ err error }

func (e *lostPage) Error() string { return "the answer to a scroll did not arrive: " + e.err.Error() }

// mayHaveMoved says that a request may have been carried out, though it failed.
func mayHaveMoved(err error) bool {
	var refused *refusal
	if errors.As(err, &refused) {
		return refused.status == http.StatusBadGateway || refused.status == http.StatusGatewayTimeout
	}
	var op *net.OpError
	return !errors.As(err, &op) || op.Op != "dial"
}

// send makes a request. A store that does not answer, or answers 429 or 5xx, is asked again until ctx ends, unless that could pass over
// a page of a scroll.
func (r *documentReader) send(ctx context.Context, method, path string, body event.Value) (event.Value, error) {
	for wait := 200 * time.Millisecond; ; wait = min(2*wait, 30*time.Second) {
		var err error
		for _, host := range r.hosts {
			var answer event.Value
			if answer, err = r.sendTo(ctx, host, method, path, body); err == nil {
				return answer, nil
			}
			var refused *refusal
			if errors.As(err, &refused) && refused.status != http.StatusTooManyRequests && refused.status < 500 || ctx.Err() != nil {
				return event.NullValue, err
			}
			if path == scrollPath && mayHaveMoved(err) {
				return event.NullValue, &lostPage{err}
			}
		}
		r.env.Logger.Warn("the store does not answer; asking again", "hosts", dial.RedactedList(r.hosts), "error", err)
		pause(ctx, wait)
	}
}

func (r *documentReader) sendTo(ctx context.Context, host, method, path string, body event.Value) (event.Value, error) {
	var content []byte
	if body.Kind() == event.Object {
		content = body.AppendJSON(nil)
	}
	req, err := http.NewRequestWithContext(ctx, method, host+path, bytes.NewReader(content))
	if err != nil {
		return event.NullValue, err
	}
	for name, values := range r.header {
		req.Header[name] = values
	}
	if content != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return event.NullValue, err
	}
	text, err := r.memory.readAll(resp.Body, maxPageBytes)
	defer r.memory.give(cap(text))
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return event.NullValue, err
	}
	const shown = 300
	switch {
	case len(text) > maxPageBytes:
		return event.NullValue, &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("the page has more than %d bytes: ask for a smaller size", maxPageBytes)}
	case resp.StatusCode >= http.StatusBadRequest:
		return event.NullValue, &refusal{resp.StatusCode, strings.ToValidUTF8(string(text[:min(shown, len(text))]), "\ufffd")}
	}
	answer, err := event.ParseJSON(text)
	if err == nil && method == http.MethodPost {
		err = checkWhole(answer)
	}
	return answer, err
}
