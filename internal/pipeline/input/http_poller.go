package input

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/dial"
	"elkhorn/internal/plugin"
)

var httpPoller = pipeline.InputSpec{
	Name:    "http_poller",
	Summary: "Fetches URLs by a schedule.",
	Options: slices.Concat([]plugin.Option{
		{Name: "urls", Kind: plugin.Hash, Required: true, Help: "Name to URL, or to a hash of url, method, headers, body, user and password."},
		{Name: "schedule", Kind: plugin.Hash, Required: true, Help: `One of every => "30s", cron => "*/5 * * * * UTC", in => "10s" and at => a time: the first begins at once, the last two run once.`},
		{Name: "codec", Kind: plugin.Codec, Default: "json", Help: "How answers become events."},
		{Name: "target", Kind: plugin.Field, Help: "Field for the decoded answer; without it, its members become the event's fields."},
		{Name: "metadata_target", Kind: plugin.Field, Default: "@metadata", Help: "Field for what is known of request and answer."},
		ecsFieldsOption,
	}, dial.HTTPOptions),
	New: newHTTPPoller,
}

// maxPolledBytes bounds an answer, unpacked.
const maxPolledBytes = 100 << 20

type poller struct {
	env      *pipeline.Env
	newCodec pipeline.NewCodec
	client   *http.Client
	requests []pollRequest
	schedule schedule
	target   *event.Path // nil for the event itself
	metadata *event.Path
	ecs      bool
	host     string
	memory   memory
	slots    chan struct{} // a token for each request under way
}

// pollRequest is one entry of urls.
type pollRequest struct {
	name, method, url, body, user, password string
	headers                                 [][2]string
}

func newHTTPPoller(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	p := &poller{env: env, ecs: ecsLayout(s), host: machineName(), slots: make(chan struct{}, max(s.Int("pool_max"), 1))}
	var err error
	if p.newCodec, err = env.Codec(s.Codec("codec")); err != nil {
		return nil, err
	}
	if p.client, err = dial.HTTPClient(env, s); err != nil {
		return nil, err
	}
	if s.Has("target") {
		if p.target, err = event.ParsePath(s.String("target")); err != nil {
			return nil, s.Errorf("target", "%v", err)
		}
	}
	if p.metadata, err = event.ParsePath(s.String("metadata_target")); err != nil {
		return nil, s.Errorf("metadata_target", "%v", err)
	}
	for _, pair := range s.Pairs("urls") {
		r, err := newPollRequest(pair)
		if err != nil {
			return nil, s.Errorf("urls", "%s: %v", pair.Key, err)
		}
		p.requests = append(p.requests, r)
	}
	pairs := s.Pairs("schedule")
	if len(pairs) != 1 {
		return nil, s.Errorf("schedule", "must hold exactly one of cron, every, at and in")
	}
	if p.schedule, err = newSchedule(pairs[0].Key, pairs[0].Value.Str); err != nil {
		return nil, s.Errorf("schedule", "%v", err)
	}
	return p, nil
}

func newSchedule(kind, text string) (schedule, error) {
	switch kind {
	case "every":
		d, err := parseDuration(text)
		return every{d}, err
	case "in":
		d, err := parseDuration(text)
		return wait{d}, err
	case "cron":
		return parseCron(text)
	case "at":
		for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST", time.DateTime} {
			if at, err := time.ParseInLocation(layout, text, time.Local); err == nil {
				return moment{at}, nil
			}
		}
		return nil, fmt.Errorf("%q is no time such as 2026-01-02 15:04:05 +0000", text)
	}
	return nil, fmt.Errorf("must hold exactly one of cron, every, at and in, not %q", kind)
}

func newPollRequest(pair plugin.Pair) (pollRequest, error) {
	r := pollRequest{name: pair.Key, method: http.MethodGet, url: pair.Value.Str}
	if pair.Value.Kind == plugin.Map {
		for _, o := range pair.Value.Pairs {
			switch o.Key {
			case "url":
				r.url = o.Value.Str
			case "method":
				r.method = strings.ToUpper(o.Value.Str)
			case "body":
				r.body = o.Value.Str
			case "user":
				r.user = o.Value.Str
			case "password":
				r.password = o.Value.Str
			case "auth":
				for _, a := range o.Value.Pairs {
					if a.Key == "user" {
						r.user = a.Value.Str
					} else if a.Key == "password" || a.Key == "pass" {
						r.password = a.Value.Str
					}
				}
			case "headers":
				for _, h := range o.Value.Pairs {
					r.headers = append(r.headers, [2]string{h.Key, h.Value.Str})
				}
			default:
				return r, fmt.Errorf("takes url, method, headers, body, user, password and auth, not %q", o.Key)
			}
		}
	}
	if u, err := url.Parse(r.url); err != nil || u.Host == "" {
		return r, fmt.Errorf("%q is no URL such as http://host/path", dial.Redacted(r.url))
	}
	if (r.user == "") != (r.password == "") {
		return r, errors.New("user and password must both be given")
	}
	_, err := http.NewRequest(r.method, r.url, nil)
	return r, err
}

// Run fetches by the schedule until that or ctx ends.
func (p *poller) Run(ctx context.Context, sink pipeline.Sink) error {
	defer p.client.CloseIdleConnections()
	run(ctx, p.schedule, func(ctx context.Context) {
		var fetching sync.WaitGroup
		for _, r := range p.requests {
			p.slots <- struct{}{}
			fetching.Go(func() {
				defer func() { <-p.slots }()
				p.fetch(ctx, r, sink)
			})
		}
		fetching.Wait()
	})
	return nil
}

// fetch makes one request. What is wrong with it becomes an event too, as the next run may be far away.
func (p *poller) fetch(ctx context.Context, r pollRequest, sink pipeline.Sink) {
	start := time.Now()
	resp, body, err := p.request(ctx, r)
	defer func() { p.memory.give(cap(body)) }()
	if ctx.Err() != nil {
		return
	}
	took := time.Since(start)
	var events []*event.Event
	if err != nil {
		p.env.Logger.Warn("cannot fetch", "url", dial.Redacted(r.url), "name", r.name, "error", err)
		events = []*event.Event{p.failure(r, took, err)}
	} else {
		events = p.decode(body)
	}
	for _, ev := range events {
		ev.Set(p.metadata, p.known(ev, r, resp, took))
	}
	if err := sink.Push(ctx, events); err != nil {
		p.env.Logger.Debug("the pipeline stops; what was fetched is left out", "name", r.name, "error", err)
	}
}

func (p *poller) request(ctx context.Context, r pollRequest) (resp *http.Response, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader([]byte(r.body)))
	if err != nil {
		return nil, nil, err
	}
	for _, h := range r.headers {
		if strings.EqualFold(h[0], "host") {
			req.Host = h[1]
		}
		req.Header.Set(h[0], h[1])
	}
	if r.user != "" {
		req.SetBasicAuth(r.user, r.password)
	}
	if resp, err = p.client.Do(req); err != nil {
		return nil, nil, err
	}
	body, err = p.memory.readAll(resp.Body, maxPolledBytes)
	if err == nil && len(body) > maxPolledBytes {
		err = fmt.Errorf("the answer has more than %d bytes", maxPolledBytes)
	}
	return resp, body, errors.Join(err, resp.Body.Close())
}

// decode makes events of an answer; an empty one is an event too, so that it is seen.
func (p *poller) decode(body []byte) (events []*event.Event) {
	now := p.env.Now()
	if len(body) == 0 {
		return []*event.Event{event.New(now)}
	}
	codec := p.newCodec()
	add := func(ev *event.Event) {
		if p.target != nil {
			targeted := event.New(ev.Timestamp())
			targeted.Set(p.target, ev.Fields())
			ev = targeted
		}
		events = append(events, ev)
	}
	codec.Decode(body, now, add)
	codec.Flush(now, add)
	return events
}

// known is what is known of a request and its answer, beside what the field holds already.
func (p *poller) known(ev *event.Event, r pollRequest, resp *http.Response, took time.Duration) event.Value {
	md := event.NewObject()
	if have, ok := ev.Get(p.metadata); ok && have.Kind() == event.Object {
		md = have
	}
	original := event.NewObject()
	original.SetMember("method", event.StringOf(strings.ToLower(r.method)))
	original.SetMember("url", event.StringOf(dial.Redacted(r.url)))
	headers := event.NewObject()
	if resp != nil {
		for name, values := range resp.Header {
			headers.SetMember(strings.ToLower(name), event.StringOf(strings.Join(values, ",")))
		}
	}
	status := func(resp *http.Response) string {
		_, text, _ := strings.Cut(resp.Status, " ")
		return text
	}
	if !p.ecs {
		md.SetMember("host", event.StringOf(p.host))
		md.SetMember("runtime_seconds", event.FloatOf(took.Seconds()))
		md.SetMember("name", event.StringOf(r.name))
		md.SetMember("request", original)
		if resp != nil {
			md.SetMember("code", event.IntOf(int64(resp.StatusCode)))
			md.SetMember("response_headers", headers)
			md.SetMember("response_message", event.StringOf(status(resp)))
			md.SetMember("times_retried", event.IntOf(0))
		}
		return md
	}
	request, response, host := event.NewObject(), event.NewObject(), event.NewObject()
	host.SetMember("hostname", event.StringOf(p.host))
	request.SetMember("host", host)
	request.SetMember("name", event.StringOf(r.name))
	request.SetMember("original", original)
	response.SetMember("elapsed_time_ns", event.IntOf(took.Nanoseconds()))
	if resp != nil {
		request.SetMember("retry_count", event.IntOf(0))
		response.SetMember("status_code", event.IntOf(int64(resp.StatusCode)))
		response.SetMember("headers", headers)
		response.SetMember("status_message", event.StringOf(status(resp)))
	}
	inner, outer := event.NewObject(), event.NewObject()
	inner.SetMember("request", request)
	inner.SetMember("response", response)
	outer.SetMember("http_poller", inner)
	md.SetMember("input", outer)
	return md
}

var (
	pollFailurePath      = event.MustPath("[http_request_failure]")
	pollErrorPath        = event.MustPath("[error][message]")
	pollFailureURLPath   = event.MustPath("[url][full]")
	pollMethodPath       = event.MustPath("[http][request][method]")
	pollHostPath         = event.MustPath("[host][hostname]")
	pollDurationPath     = event.MustPath("[event][duration]")
	pollRequestFailedTag = "_http_request_failure"
)

func (p *poller) failure(r pollRequest, took time.Duration, err error) *event.Event {
	ev := event.New(p.env.Now())
	ev.Tag(pollRequestFailedTag)
	if p.ecs {
		ev.Set(pollFailureURLPath, event.StringOf(dial.Redacted(r.url)))
		ev.Set(pollMethodPath, event.StringOf(strings.ToLower(r.method)))
		ev.Set(pollHostPath, event.StringOf(p.host))
		ev.Set(pollDurationPath, event.IntOf(took.Nanoseconds()))
		ev.Set(pollErrorPath, event.StringOf(err.Error()))
		return ev
	}
	failure, request := event.NewObject(), event.NewObject()
	request.SetMember("method", event.StringOf(strings.ToLower(r.method)))
	request.SetMember("url", event.StringOf(dial.Redacted(r.url)))
	failure.SetMember("request", request)
	failure.SetMember("name", event.StringOf(r.name))
	failure.SetMember("runtime_seconds", event.FloatOf(took.Seconds()))
	failure.SetMember("error", event.StringOf(err.Error()))
	ev.Set(pollFailurePath, failure)
	return ev
}
