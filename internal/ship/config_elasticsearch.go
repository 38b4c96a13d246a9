package ship

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"elkhorn/internal/plugin"
	"elkhorn/internal/ship/processor"
)

// Elasticsearch is what output.elasticsearch has beside Output.
type Elasticsearch struct {
	User, Password string
	APIKey         string // id:key
	Headers        []plugin.Pair
	Parameters     []plugin.Pair // of the query of each request
	Index          *processor.Selector
	Pipeline       *processor.Selector // nil for none
}

// DefaultIndex is where events go that no setting sends elsewhere: Filebeat's name for when no lifecycle is set up.
const DefaultIndex = "filebeat-%{[agent.version]}-%{+yyyy.MM.dd}"

const presetReason = "batches and connections are those of bulk_max_size, worker and queue.mem"

var elasticsearchOptions = []plugin.Option{
	{Name: "enabled", Kind: plugin.Boolean, Default: true, Help: "false leaves the output out."},
	{Name: "hosts", Kind: plugin.Strings, Required: true, Help: "Stores, as host, host:port or URL; the port is 9200 where none is given."},
	{Name: "protocol", Kind: plugin.String, Default: "http", Allowed: []string{"http", "https"}, Help: "For hosts that are no URL."},
	{Name: "path", Kind: plugin.String, Help: "Put before the paths of requests, for stores behind a proxy."},
	{Name: "parameters", Kind: plugin.Hash, Help: "Parameters of each request's query."},
	{Name: "headers", Kind: plugin.Hash, Help: "Headers of each request."},
	{Name: "username", Kind: plugin.String, Help: "User name."},
	{Name: "password", Kind: plugin.Password, Help: "Password."},
	{Name: "api_key", Kind: plugin.Password, Help: "API key, as id:key."},
	{Name: "index", Kind: plugin.String, Help: "Index or data stream: %{[field.name]} and %{+yyyy.MM.dd} are filled in. filebeat-%{[agent.version]}-%{+yyyy.MM.dd} when not given."},
	{Name: "indices", Kind: plugin.Any, Help: "List of index with when: the first that holds is taken instead of index."},
	{Name: "pipeline", Kind: plugin.String, Help: "Ingest pipeline; may hold fields."},
	{Name: "pipelines", Kind: plugin.Any, Help: "List of pipeline with when: the first that holds is taken instead of pipeline."},
	{Name: "loadbalance", Kind: plugin.Boolean, Default: true, Help: "Sends to all hosts at once instead of one at a time."},
	{Name: "worker", Kind: plugin.Integer, Default: 1, Help: "Requests to each host at once."},
	{Name: "workers", Kind: plugin.Integer, Default: 1, Help: "Another name of worker."},
	{Name: "bulk_max_size", Kind: plugin.Integer, Default: 1600, Help: "Events of a request; 0 is as many as the queue has."},
	{Name: "compression_level", Kind: plugin.Integer, Default: 1, Help: "gzip's, 0 for none to 9."},
	{Name: "timeout", Kind: plugin.String, Default: "90s", Help: "How long a request may take."},
	{Name: "backoff.init", Kind: plugin.String, Default: "1s", Help: "First pause after a failure."},
	{Name: "backoff.max", Kind: plugin.String, Default: "60s", Help: "Longest pause after a failure."},
	{Name: "preset", Kind: plugin.String, Ignored: presetReason},
	{Name: "max_retries", Kind: plugin.Integer, Ignored: "events are sent until they are taken or refused"},
	{Name: "escape_html", Kind: plugin.Boolean, Ignored: "the store decodes both forms alike"},
	{Name: "allow_older_versions", Kind: plugin.Boolean, Ignored: "the store's version is not looked at"},
	{Name: "idle_connection_timeout", Kind: plugin.String, Ignored: "idle connections are closed after 90 seconds"},
	{Name: "proxy_disable", Kind: plugin.Boolean, Ignored: "no proxy is used"},
	{Name: "proxy_url", Kind: plugin.String, Unsupported: "connections go straight to the stores"},
	{Name: "proxy_headers", Kind: plugin.Hash, Unsupported: "connections go straight to the stores"},
	{Name: "kerberos", Kind: plugin.Hash, Unsupported: "use username and password, or api_key"},
	{Name: "non_indexable_policy", Kind: plugin.Any, Unsupported: "events that the store refuses are dropped with a warning; a pipeline's elasticsearch output keeps them as dead letters: send to output.logstash"},
}

func (l *loader) elasticsearch(s *plugin.Settings) Output {
	const key = "output.elasticsearch"
	e := &Elasticsearch{
		User: s.String("username"), Password: s.String("password"), APIKey: s.String("api_key"),
		Headers: s.Pairs("headers"), Parameters: s.Pairs("parameters"),
	}
	if e.User != "" && e.APIKey != "" {
		l.fault(s.Pos, key, s.Errorf("api_key", "cannot stand beside username"))
	}
	o := Output{
		LoadBalance:      s.Bool("loadbalance"),
		Workers:          int(max(s.Int("worker"), s.Int("workers"), 1)),
		BulkMaxSize:      int(max(s.Int("bulk_max_size"), 0)),
		CompressionLevel: int(s.Int("compression_level")),
		Beat:             "filebeat",
		TLS:              l.tls(key, s),
		Elasticsearch:    e,
	}
	for _, host := range s.Strings("hosts") {
		u, err := storeURL(host, s.String("protocol"), s.String("path"))
		if err != nil {
			l.fault(s.Pos, key, s.Errorf("hosts", "%v", err))
			continue
		}
		o.Hosts = append(o.Hosts, u)
	}
	l.checkDelivery(key, s, &o)
	index := s.String("index")
	if index == "" {
		index = DefaultIndex
		l.add(Note, s.Pos, key+".index", "is not given: events go to %s, made by the first of them; no template and no lifecycle is set up", DefaultIndex)
	}
	e.Index = l.selector(key, s, "index", "indices", index)
	if s.Has("pipeline") || s.Has("pipelines") {
		e.Pipeline = l.selector(key, s, "pipeline", "pipelines", s.String("pipeline"))
	}
	return o
}

func (l *loader) selector(key string, s *plugin.Settings, one, many, fallback string) *processor.Selector {
	rules, _ := s.Value(many)
	selector, err := processor.CompileSelector(one, rules, fallback)
	if err != nil {
		option := one
		if s.Has(many) {
			option = many
		}
		l.fault(s.Pos, key, s.Errorf(option, "%v", err))
	}
	return selector
}

const defaultStorePort = "9200"

// storeURL makes the URL of a store, without a slash at its end.
func storeURL(host, protocol, path string) (string, error) {
	if !strings.Contains(host, "://") {
		host = protocol + "://" + host
	}
	u, err := url.Parse(host)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("%q is not host:port or a URL of http or https", redacted(host))
	}
	if u.Port() == "" {
		u.Host = net.JoinHostPort(u.Hostname(), defaultStorePort)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = path
	}
	if u.Path != "" && !strings.HasPrefix(u.Path, "/") {
		u.Path = "/" + u.Path
	}
	u.Path = strings.TrimRight(u.Path, "/")
	return u.String(), nil
}

// redacted leaves out what stands before the host, which may be a password.
func redacted(host string) string {
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		return "…" + host[i:]
	}
	return host
}
