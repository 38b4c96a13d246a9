package output

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/dial"
	"elkhorn/internal/plugin"
)

var httpOutput = pipeline.OutputSpec{
	Name:    "http",
	Summary: "Sends events as HTTP requests, each its own or a batch in one.",
	Options: slices.Concat([]plugin.Option{
		{Name: "url", Kind: plugin.String, Required: true, Help: "Where to; may hold %{references}, but with json_batch."},
		{Name: "http_method", Kind: plugin.String, Required: true, Allowed: []string{"put", "post", "patch", "delete", "get", "head"}, Help: "The method."},
		{Name: "format", Kind: plugin.String, Default: "json", Allowed: []string{"json", "json_batch", "form", "message"}, Help: "json is an object, json_batch an array of all events of a batch, form a web form, message the option message."},
		{Name: "mapping", Kind: plugin.Hash, Help: "What to send rather than the whole event; values are texts, hashes and arrays with %{references}."},
		{Name: "message", Kind: plugin.String, Help: "The body of format message; may hold %{references}."},
		{Name: "content_type", Kind: plugin.String, Help: "Content type; by default that of the format."},
		{Name: "headers", Kind: plugin.Hash, Help: "Headers; values may hold %{references}, but with json_batch."},
		{Name: "http_compression", Kind: plugin.Boolean, Help: "Pack bodies with gzip."},
		{Name: "retry_failed", Kind: plugin.Boolean, Default: true, Help: "Send again what the server did not take for now; false makes dead letters of it."},
		{Name: "retryable_codes", Kind: plugin.Strings, Default: []string{"429", "500", "502", "503", "504"}, Help: "Answers after which the same request is sent again, with growing pauses."},
		{Name: "ignorable_codes", Kind: plugin.Strings, Help: "Answers besides 2xx that mean success."},
		{Name: "codec", Kind: plugin.Codec, Ignored: "format says how events are written"},
	}, dial.HTTPOptions),
	New: newHTTP,
}

type httpSender struct {
	env       *pipeline.Env
	client    *http.Client
	method    string
	url       *event.Template
	headers   []headerTemplate
	format    string
	mapping   *mappedValue // nil for the whole event
	message   *event.Template
	gzip      bool
	retry     bool
	retryable map[int]bool
	ignorable map[int]bool
	slots     chan struct{} // a token for each request under way
}

type headerTemplate struct {
	name  string
	value *event.Template
}

// mappedValue is a value of the option mapping, compiled: a text, an object or an array.
type mappedValue struct {
	text   *event.Template
	names  []string // of an object
	values []*mappedValue
}

var contentTypes = map[string]string{"json": "application/json", "json_batch": "application/json", "form": "application/x-www-form-urlencoded", "message": "text/plain"}

func newHTTP(env *pipeline.Env, s *plugin.Settings) (pipeline.Output, error) {
	o := &httpSender{env: env, method: strings.ToUpper(s.String("http_method")), format: s.String("format"), gzip: s.Bool("http_compression"),
		retry: s.Bool("retry_failed"), slots: make(chan struct{}, max(s.Int("pool_max"), 1))}
	var err error
	if o.client, err = dial.HTTPClient(env, s); err != nil {
		return nil, err
	}
	if o.url, err = event.CompileTemplate(s.String("url")); err != nil {
		return nil, s.Errorf("url", "%v", err)
	}
	if text, fixed := o.url.Constant(); fixed {
		if u, err := url.Parse(text); err != nil || !isHTTP(u) {
			return nil, s.Errorf("url", "%q is no URL such as http://host/path", dial.Redacted(text))
		}
	} else if o.format == "json_batch" {
		return nil, s.Errorf("url", "cannot hold references with json_batch: one request takes all events")
	}
	if o.retryable, err = statusCodes(s, "retryable_codes"); err != nil {
		return nil, err
	}
	if o.ignorable, err = statusCodes(s, "ignorable_codes"); err != nil {
		return nil, err
	}
	if err := o.setContent(s); err != nil {
		return nil, err
	}
	return o, o.setHeaders(s)
}

func (o *httpSender) setContent(s *plugin.Settings) error {
	var err error
	if o.format == "message" {
		if !s.Has("message") {
			return s.Errorf("format", "message needs the option message")
		}
		if s.Has("mapping") {
			s.Warn("mapping", "has no effect with format message")
		}
		if o.message, err = event.CompileTemplate(s.String("message")); err != nil {
			return s.Errorf("message", "%v", err)
		}
		return nil
	}
	if v, given := s.Value("mapping"); given {
		if o.mapping, err = compileMapping(v); err != nil {
			return s.Errorf("mapping", "%v", err)
		}
	}
	return nil
}

func (o *httpSender) setHeaders(s *plugin.Settings) error {
	contentType := contentTypes[o.format]
	if s.Has("content_type") {
		contentType = s.String("content_type")
	}
	pairs := append(slices.Clone(s.Pairs("headers")), plugin.Pair{Key: "Content-Type", Value: plugin.Value{Str: contentType}})
	for _, p := range pairs {
		value, err := event.CompileTemplate(p.Value.Str)
		if err != nil {
			return s.Errorf("headers", "%v", err)
		}
		if _, fixed := value.Constant(); !fixed && o.format == "json_batch" {
			return s.Errorf("headers", "cannot hold references with json_batch: one request takes all events")
		}
		o.headers = append(o.headers, headerTemplate{p.Key, value})
	}
	return nil
}

func statusCodes(s *plugin.Settings, option string) (map[int]bool, error) {
	codes := map[int]bool{}
	for _, text := range s.Strings(option) {
		code, err := strconv.Atoi(text)
		if err != nil || code < 100 || code > 599 {
			return nil, s.Errorf(option, "%q is no HTTP status", text)
		}
		codes[code] = true
	}
	return codes, nil
}

func compileMapping(v plugin.Value) (*mappedValue, error) {
	m := &mappedValue{}
	switch v.Kind {
	case plugin.Map:
		m.names = []string{}
		for _, p := range v.Pairs {
			value, err := compileMapping(p.Value)
			if err != nil {
				return nil, err
			}
			m.names, m.values = append(m.names, p.Key), append(m.values, value)
		}
		return m, nil
	case plugin.List:
		for _, item := range v.List {
			value, err := compileMapping(item)
			if err != nil {
				return nil, err
			}
			m.values = append(m.values, value)
		}
		return m, nil
	}
	var err error
	m.text, err = event.CompileTemplate(v.Str)
	return m, err
}

func (m *mappedValue) of(ev *event.Event) event.Value {
	if m.text != nil {
		return event.StringOf(m.text.Expand(ev))
	}
	if m.names == nil {
		list := event.ArrayOf()
		for _, v := range m.values {
			list.Append(v.of(ev))
		}
		return list
	}
	object := event.NewObject()
	for i, v := range m.values {
		object.SetMember(m.names[i], v.of(ev))
	}
	return object
}

// Write sends the events; it returns when each has been taken, or refused for good and kept as a dead letter.
func (o *httpSender) Write(ctx context.Context, events []*event.Event) error {
	if o.format == "json_batch" {
		return o.send(ctx, events)
	}
	var sending sync.WaitGroup
	errs := make([]error, len(events))
	for i := range events {
		select {
		case o.slots <- struct{}{}:
		case <-ctx.Done():
			sending.Wait()
			return ctx.Err()
		}
		sending.Go(func() {
			defer func() { <-o.slots }()
			errs[i] = o.send(ctx, events[i:i+1])
		})
	}
	sending.Wait()
	return errors.Join(errs...)
}

// send makes one request of events, again and again while the server asks for that.
func (o *httpSender) send(ctx context.Context, events []*event.Event) error {
	retry := newBackoff()
	for {
		status, err := o.request(ctx, events)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if again := status == 0 || o.retryable[status]; !again || !o.retry {
			return o.refused(ctx, events, status, err)
		}
		o.env.Logger.Warn("the server did not take the events; trying again", "url", dial.Redacted(o.url.Expand(events[0])), "events", len(events), "error", err)
		if err := retry.wait(ctx); err != nil {
			return err
		}
	}
}

// refused keeps events as dead letters. A batch that is refused for its content is narrowed down by halves, so that one event
// does not take the others with it.
func (o *httpSender) refused(ctx context.Context, events []*event.Event, status int, err error) error {
	if len(events) > 1 && (status == http.StatusBadRequest || status == http.StatusRequestEntityTooLarge) {
		half := len(events) / 2
		if err := o.send(ctx, events[:half]); err != nil {
			return err
		}
		return o.send(ctx, events[half:])
	}
	letters := make([]pipeline.DeadLetter, len(events))
	for i, ev := range events {
		letters[i] = pipeline.DeadLetter{Time: o.env.Now(), Reason: err.Error(), Status: status, Event: ev}
	}
	return bury(ctx, o.env, letters)
}

// request makes one request. status is 0 when there was no answer.
func (o *httpSender) request(ctx context.Context, events []*event.Event) (status int, err error) {
	body, err := o.body(events)
	if err != nil {
		return http.StatusBadRequest, err
	}
	target := o.url.Expand(events[0])
	req, err := http.NewRequestWithContext(ctx, o.method, target, bytes.NewReader(body))
	if err != nil || !isHTTP(req.URL) { // sending it again cannot help
		return http.StatusBadRequest, fmt.Errorf("the event's values make no URL: %q", dial.Redacted(target))
	}
	for _, h := range o.headers {
		req.Header.Set(h.name, headerText(h.value.Expand(events[0])))
	}
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
	}
	if o.gzip {
		req.Header.Set("Content-Encoding", "gzip")
	}
	resp, err := o.client.Do(req)
	if err != nil {
		return 0, err
	}
	const shownBytes, readBytes = 300, 64 << 10 // so much is read that the connection can be used again
	answer, readErr := io.ReadAll(io.LimitReader(resp.Body, readBytes))
	if err := errors.Join(readErr, resp.Body.Close()); err != nil {
		o.env.Logger.Debug("the answer broke off", "url", req.URL.Redacted(), "error", err)
	}
	if resp.StatusCode/100 == 2 || o.ignorable[resp.StatusCode] {
		return resp.StatusCode, nil
	}
	return resp.StatusCode, fmt.Errorf("http status %d: %s", resp.StatusCode, strings.ToValidUTF8(string(answer[:min(shownBytes, len(answer))]), "\ufffd"))
}

// isHTTP says that a request can be made of a URL.
func isHTTP(u *url.URL) bool { return u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") }

// headerText takes line ends out of a header's value, which an event must not choose.
func headerText(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}

func (o *httpSender) body(events []*event.Event) ([]byte, error) {
	var body []byte
	switch o.format {
	case "message":
		body, _ = o.message.Append(nil, events[0])
	case "form":
		body = o.appendForm(nil, events[0])
	case "json":
		body = o.appendJSON(nil, events[0])
	default:
		body = append(body, '[')
		for i, ev := range events {
			if i > 0 {
				body = append(body, ',')
			}
			body = o.appendJSON(body, ev)
		}
		body = append(body, ']')
	}
	if !o.gzip {
		return body, nil
	}
	return packMember(body)
}

func (o *httpSender) appendJSON(dst []byte, ev *event.Event) []byte {
	if o.mapping == nil {
		return ev.AppendJSON(dst)
	}
	return o.mapping.of(ev).AppendJSON(dst)
}

func (o *httpSender) appendForm(dst []byte, ev *event.Event) []byte {
	fields := ev.Fields()
	if o.mapping != nil {
		fields = o.mapping.of(ev)
	} else {
		dst = fmt.Appendf(dst, "%s=%s&", url.QueryEscape("@timestamp"), url.QueryEscape(string(event.AppendTime(nil, ev.Timestamp()))))
	}
	for i, v := range fields.Items() {
		text := v.Text()
		if v.Kind() == event.Array {
			text = string(v.AppendJSON(nil))
		}
		dst = fmt.Appendf(dst, "%s=%s&", url.QueryEscape(fields.NameAt(i)), url.QueryEscape(text))
	}
	return bytes.TrimSuffix(dst, []byte{'&'})
}

func (o *httpSender) Close() error {
	o.client.CloseIdleConnections()
	return nil
}
