package output

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"elkhorn/internal/es"
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

const (
	retryTuning  = "waits double from 200 ms to 30 s"
	noConnTuning = "connections are pooled by the host"
)

var elasticsearch = pipeline.OutputSpec{
	Name:    "elasticsearch",
	Summary: "Writes events as documents to Elasticsearch, or to this program's own store.",
	Options: []plugin.Option{
		{Name: "hosts", Kind: plugin.Strings, Default: []string{"localhost:9200"}, Help: "Where the store is, with or without scheme. A host that does not resolve and is one of this program's own roles means this process."},
		{Name: "index", Kind: plugin.String, Default: "logstash-%{+yyyy.MM.dd}", Help: "Index or alias; may hold %{references}. Characters that a name cannot have become _, upper case becomes lower."},
		{Name: "action", Kind: plugin.String, Default: "index", Help: "index, create, update or delete; may be a %{reference}."},
		{Name: "document_id", Kind: plugin.String, Help: "Id of the document, which prevents duplicates. Where a reference in it does not resolve, an id is made of the event's origin, so that events do not overwrite each other."},
		{Name: "routing", Kind: plugin.String, Help: "Routing value of the document."},
		{Name: "pipeline", Kind: plugin.String, Help: "Ingest pipeline for the document."},
		{Name: "doc_as_upsert", Kind: plugin.Boolean, Help: "With action update: make the document when it is missing."},
		{Name: "user", Kind: plugin.String, Help: "User name."},
		{Name: "password", Kind: plugin.Password, Help: "Password."},
		{Name: "api_key", Kind: plugin.Password, Help: "API key, as id:key or encoded."},
		{Name: "cacert", Kind: plugin.Path, Help: "PEM file of the authority that signed the server's certificate.", Deprecated: "now called ssl_certificate_authorities"},
		{Name: "ssl_certificate_authorities", Kind: plugin.Strings, Help: "PEM file of the authority that signed the server's certificate."},
		{Name: "ssl_certificate_verification", Kind: plugin.Boolean, Default: true, Help: "false accepts any certificate."},
		{Name: "ssl_verification_mode", Kind: plugin.String, Default: "full", Allowed: []string{"full", "none"}, Help: "none accepts any certificate."},
		{Name: "ssl", Kind: plugin.Boolean, Help: "Use https for hosts without a scheme.", Deprecated: "now called ssl_enabled"},
		{Name: "ssl_enabled", Kind: plugin.Boolean, Help: "Use https for hosts without a scheme."},
		{Name: "ilm_enabled", Kind: plugin.String, Default: "auto", Allowed: []string{"true", "false", "auto"}, Help: "Write to a rollover alias; auto does when ilm_rollover_alias is given and index is not."},
		{Name: "ilm_rollover_alias", Kind: plugin.String, Default: "logstash", Help: "The alias; it wins over index. The first index behind it is made."},
		{Name: "ilm_pattern", Kind: plugin.String, Default: "{now/d}-000001", Help: "What follows the alias in the first index's name; date math in braces."},
		{Name: "ilm_policy", Kind: plugin.String, Default: "logstash-policy", Help: "Lifecycle policy of the indices; it must exist or be made before the first write."},
		{Name: "manage_template", Kind: plugin.Boolean, Default: true, Help: "Install the index template named by template."},
		{Name: "template", Kind: plugin.Path, Help: "File with an index template to install when there is none of template_name. No template is built in."},
		{Name: "template_name", Kind: plugin.String, Default: "logstash", Help: "Name of the index template; one that exists stays as it is."},
		{Name: "template_overwrite", Kind: plugin.Boolean, Help: "Install template over an existing one."},
		{Name: "document_type", Kind: plugin.String, Ignored: "mapping types are gone since Elasticsearch 8; remove it"},
		{Name: "data_stream", Kind: plugin.String, Default: "false", Allowed: []string{"true", "false", "auto"}, Help: "Write to a data stream, named by the next three options, rather than to index. auto means false here."},
		{Name: "data_stream_type", Kind: plugin.String, Default: "logs", Allowed: []string{"logs", "metrics", "synthetics", "traces"}, Help: "First part of the data stream's name."},
		{Name: "data_stream_dataset", Kind: plugin.String, Default: "generic", Help: "Second part of the data stream's name."},
		{Name: "data_stream_namespace", Kind: plugin.String, Default: "default", Help: "Third part of the data stream's name."},
		{Name: "data_stream_auto_routing", Kind: plugin.Boolean, Default: true, Help: "An event's own data_stream.type, .dataset and .namespace choose its data stream."},
		{Name: "data_stream_sync_fields", Kind: plugin.Boolean, Default: true, Help: "Documents get these three fields, as their data stream has them."},
		{Name: "retry_initial_interval", Kind: plugin.Integer, Ignored: retryTuning}, {Name: "retry_max_interval", Kind: plugin.Integer, Ignored: retryTuning},
		{Name: "pool_max", Kind: plugin.Integer, Ignored: noConnTuning}, {Name: "pool_max_per_route", Kind: plugin.Integer, Ignored: noConnTuning},
		{Name: "resurrect_delay", Kind: plugin.Integer, Ignored: noConnTuning}, {Name: "validate_after_inactivity", Kind: plugin.Integer, Ignored: noConnTuning},
		{Name: "sniffing", Kind: plugin.Boolean, Ignored: "the hosts named are used"}, {Name: "timeout", Kind: plugin.Integer, Ignored: "a request lasts as long as the pipeline runs"},
		{Name: "http_compression", Kind: plugin.Boolean, Ignored: "requests to other machines are not compressed yet"},
		{Name: "compression_level", Kind: plugin.Integer, Ignored: "requests to other machines are not compressed yet"},
		{Name: "dlq_custom_codes", Kind: plugin.Strings, Unsupported: "400 and 404 go to the dead-letter queue"},
		{Name: "script", Kind: plugin.String, Unsupported: "scripted updates are"}, {Name: "upsert", Kind: plugin.String, Unsupported: "use doc_as_upsert"},
		{Name: "cloud_id", Kind: plugin.String, Unsupported: "name the hosts"}, {Name: "proxy", Kind: plugin.String, Unsupported: "name hosts that can be reached"},
		{Name: "ecs_compatibility", Kind: plugin.String, Default: "disabled", Allowed: []string{"disabled", "v1", "v8"}, Ignored: "there is no built-in template whose layout it could choose"},
	},
	New: newElasticsearch,
}

type elasticsearchWriter struct {
	env                                *pipeline.Env
	target                             es.DialTarget
	index, action, id, routing, ingest *event.Template
	upsert                             bool
	ilm                                *rollover   // nil when events go to index
	stream                             *dataStream // nil when events go to index
	template                           *indexTemplate
	requests                           sync.Pool // of *bulkRequest
	mu                                 struct {
		sync.Mutex
		store   destination // nil until the first write has reached it
		closers []func() error
		told    map[string]bool // warnings that are given once
	}
	setUp chan struct{} // a token: whoever holds it may dial and prepare
}

// destination is what the output needs from a store.
type destination interface {
	es.Bulker
	Apply(ctx context.Context, change es.Change) (any, error)
	Indices(ctx context.Context, target es.Target) ([]es.IndexInfo, error)
}

func newElasticsearch(env *pipeline.Env, s *plugin.Settings) (pipeline.Output, error) {
	o := &elasticsearchWriter{env: env, upsert: s.Bool("doc_as_upsert"), setUp: make(chan struct{}, 1)}
	o.requests.New = func() any { return &bulkRequest{} }
	o.mu.told = map[string]bool{}
	for _, t := range []struct {
		option string
		to     **event.Template
	}{{"index", &o.index}, {"action", &o.action}, {"document_id", &o.id}, {"routing", &o.routing}, {"pipeline", &o.ingest}} {
		text := s.String(t.option)
		if text == "" && t.to != &o.action { // no action is none of them
			continue
		}
		compiled, err := event.CompileTemplate(text)
		if err != nil {
			return nil, s.Errorf(t.option, "%v", err)
		}
		*t.to = compiled
	}
	var streamErr error
	if o.stream, streamErr = newDataStream(s); streamErr != nil {
		return nil, streamErr
	}
	if o.stream != nil {
		o.action = event.MustTemplate("create")
	}
	if action, fixed := o.action.Constant(); fixed {
		if _, ok := actions[action]; !ok {
			return nil, s.Errorf("action", "must be index, create, update or delete, not %q", action)
		}
		if action != "index" && action != "create" && o.id == nil {
			return nil, s.Errorf("action", "%s needs document_id", action)
		}
	}
	var err error
	if o.target, err = dialTarget(env, s); err != nil {
		return nil, err
	}
	if o.ilm, err = newRollover(s); err != nil {
		return nil, err
	}
	o.template, err = newIndexTemplate(env, s)
	return o, err
}

var actions = map[string]es.Action{"index": es.ActionIndex, "create": es.ActionCreate, "update": es.ActionUpdate, "delete": es.ActionDelete}

func dialTarget(env *pipeline.Env, s *plugin.Settings) (es.DialTarget, error) {
	t := es.DialTarget{User: s.String("user"), Password: s.String("password"), APIKey: s.String("api_key"),
		CACertFile: s.String("cacert"),
		Insecure:   s.Has("ssl_certificate_verification") && !s.Bool("ssl_certificate_verification") || s.String("ssl_verification_mode") == "none"}
	if cas := s.Strings("ssl_certificate_authorities"); len(cas) > 1 {
		return t, s.Errorf("ssl_certificate_authorities", "takes one file, %d are given", len(cas))
	} else if len(cas) == 1 {
		t.CACertFile = cas[0]
	}
	if t.CACertFile != "" {
		t.CACertFile = env.ResolvePath(t.CACertFile)
	}
	scheme := "http://"
	if s.Bool("ssl") || s.Bool("ssl_enabled") {
		scheme = "https://"
	}
	for _, host := range s.Strings("hosts") {
		if !strings.Contains(host, "://") {
			host = scheme + host
		}
		t.Hosts = append(t.Hosts, strings.TrimRight(host, "/"))
	}
	if len(t.Hosts) == 0 {
		return t, s.Errorf("hosts", "names no host")
	}
	if t.User != "" && t.APIKey != "" {
		return t, s.Errorf("api_key", "cannot stand beside user")
	}
	return t, nil
}

// store returns the destination, reached and prepared; the first write does that, and others wait for it.
func (o *elasticsearchWriter) store(ctx context.Context) (destination, error) {
	select {
	case o.setUp <- struct{}{}:
		defer func() { <-o.setUp }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	o.mu.Lock()
	have := o.mu.store
	o.mu.Unlock()
	if have != nil {
		return have, nil
	}
	store, closer, err := o.dial(ctx)
	if err != nil {
		return nil, err
	}
	if err := o.prepare(ctx, store); err != nil {
		return nil, closeAfter(err, closer)
	}
	o.mu.Lock()
	o.mu.store = store
	o.mu.closers = append(o.mu.closers, closer)
	o.mu.Unlock()
	return store, nil
}

func closeAfter(err error, closer func() error) error {
	if closeErr := closer(); closeErr != nil {
		return fmt.Errorf("%w; and close: %w", err, closeErr)
	}
	return err
}

// dial asks the host's dialer, and reaches over HTTP what that leaves to this output by returning no store.
func (o *elasticsearchWriter) dial(ctx context.Context) (destination, func() error, error) {
	if o.env.Dialer != nil {
		store, err := o.env.Dialer.Dial(ctx, o.target)
		if err != nil {
			return nil, nil, err
		}
		if store != nil {
			return store, func() error { return nil }, nil // the host's store outlives this output
		}
	}
	h, err := newHTTPStore(o.env, o.target)
	if err != nil {
		return nil, nil, err
	}
	return h, h.close, nil
}

// once says whether something is told for the first time.
func (o *elasticsearchWriter) once(what string) bool {
	const most = 1000 // distinct index names can be as many as events
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.mu.told[what] || len(o.mu.told) >= most {
		return false
	}
	o.mu.told[what] = true
	return true
}

func (o *elasticsearchWriter) Close() error {
	o.mu.Lock()
	closers := o.mu.closers
	o.mu.closers, o.mu.store = nil, nil
	o.mu.Unlock()
	for _, c := range closers {
		if err := c(); err != nil {
			return err
		}
	}
	return nil
}
