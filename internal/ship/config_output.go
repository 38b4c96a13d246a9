package ship

import (
	"net"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/plugin"
	"elkhorn/internal/ship/harvest"
)

const tlsNotTuned = "TLS 1.2 and newer are spoken, with Go's cipher suites"

var logstashOptions = []plugin.Option{
	{Name: "enabled", Kind: plugin.Boolean, Default: true, Help: "false leaves the output out."},
	{Name: "hosts", Kind: plugin.Strings, Required: true, Help: "Receivers; the port is 5044 where none is given."},
	{Name: "loadbalance", Kind: plugin.Boolean, Help: "Sends to all hosts at once instead of one at a time."},
	{Name: "worker", Kind: plugin.Integer, Default: 1, Help: "Connections to each host in use."},
	{Name: "workers", Kind: plugin.Integer, Default: 1, Help: "Another name of worker."},
	{Name: "bulk_max_size", Kind: plugin.Integer, Default: 2048, Help: "Events of a window; 0 is as many as the queue has."},
	{Name: "compression_level", Kind: plugin.Integer, Default: 3, Help: "zlib's, 0 for none to 9."},
	{Name: "slow_start", Kind: plugin.Boolean, Help: "Begins with small windows after a failure."},
	{Name: "pipelining", Kind: plugin.Integer, Default: 2, Help: "Windows on their way at once; 0 is one."},
	{Name: "timeout", Kind: plugin.String, Default: "30s", Help: "How long a receiver may be silent."},
	{Name: "backoff.init", Kind: plugin.String, Default: "1s", Help: "First pause before connecting again."},
	{Name: "backoff.max", Kind: plugin.String, Default: "60s", Help: "Longest pause before connecting again."},
	{Name: "index", Kind: plugin.String, Default: "filebeat", Help: "Put in @metadata.beat, for the receiver's index names."},
	{Name: "ttl", Kind: plugin.String, Ignored: "connections stay until they fail"},
	{Name: "max_retries", Kind: plugin.Integer, Ignored: "events are sent until they are acknowledged"},
	{Name: "escape_html", Kind: plugin.Boolean, Ignored: "the receiver decodes both forms alike"},
	{Name: "proxy_url", Kind: plugin.String, Unsupported: "connections go straight to the receivers"},
	{Name: "proxy_use_local_resolver", Kind: plugin.Boolean, Unsupported: "connections go straight to the receivers"},
	{Name: "ssl.enabled", Kind: plugin.Boolean, Help: "Encrypts connections; any other ssl option does so too, unless this is false."},
	{Name: "ssl.certificate_authorities", Kind: plugin.Strings, Help: "PEM files, or PEM itself, of who signs the receivers' certificates; the system's when not given."},
	{Name: "ssl.certificate", Kind: plugin.Path, Help: "The shipper's own certificate, for receivers that ask for one."},
	{Name: "ssl.key", Kind: plugin.Path, Help: "Its key, in PEM and without passphrase."},
	{Name: "ssl.verification_mode", Kind: plugin.String, Default: "full", Allowed: []string{"full", "certificate", "none"}, Help: "full checks certificate and host name, certificate not the name, none nothing at all: then anybody can read along."},
	{Name: "ssl.key_passphrase", Kind: plugin.Password, Unsupported: "keys with a passphrase are not read"},
	{Name: "ssl.ca_trusted_fingerprint", Kind: plugin.String, Unsupported: "name the authority in ssl.certificate_authorities"},
	{Name: "ssl.ca_sha256", Kind: plugin.Strings, Unsupported: "name the authority in ssl.certificate_authorities"},
	{Name: "ssl.supported_protocols", Kind: plugin.Strings, Unsupported: tlsNotTuned},
	{Name: "ssl.cipher_suites", Kind: plugin.Strings, Unsupported: tlsNotTuned},
	{Name: "ssl.curve_types", Kind: plugin.Strings, Unsupported: tlsNotTuned},
	{Name: "ssl.renegotiation", Kind: plugin.String, Unsupported: tlsNotTuned},
}

func (l *loader) output(c *Config, t *tree) {
	if t == nil || t.kind != treeMap || len(t.keys) == 0 {
		l.add(Fault, plugin.Pos{}, "output.logstash", "is missing: where to send events")
		return
	}
	for _, name := range t.keys {
		if name != "logstash" {
			l.add(Fault, t.named[name].pos, "output."+name, "is not built yet; output.logstash is")
		}
	}
	out := t.named["logstash"]
	if out == nil {
		return
	}
	s := l.settings("output.logstash", out, logstashOptions)
	if s == nil {
		return
	}
	if !s.Bool("enabled") {
		l.add(Fault, out.pos, "output.logstash.enabled", "must be true: there is no other output yet")
	}
	c.Output = l.logstash(s)
}

func (l *loader) logstash(s *plugin.Settings) Output {
	o := Output{
		LoadBalance:      s.Bool("loadbalance"),
		Workers:          int(max(s.Int("worker"), s.Int("workers"), 1)),
		BulkMaxSize:      int(s.Int("bulk_max_size")),
		CompressionLevel: int(s.Int("compression_level")),
		SlowStart:        s.Bool("slow_start"),
		Pipelining:       int(max(s.Int("pipelining"), 1)),
		Beat:             s.String("index"),
	}
	if wantsTLS(s) {
		o.TLS = &TLS{
			Authorities: s.Strings("ssl.certificate_authorities"),
			Certificate: s.String("ssl.certificate"),
			Key:         s.String("ssl.key"),
			Mode:        s.String("ssl.verification_mode"),
		}
		if (o.TLS.Certificate == "") != (o.TLS.Key == "") {
			l.fault(s.Pos, "output.logstash", s.Errorf("ssl.certificate", "and ssl.key are given together or not at all"))
		}
	}
	for _, host := range s.Strings("hosts") {
		o.Hosts = append(o.Hosts, withPort(host))
	}
	if o.CompressionLevel < 0 || o.CompressionLevel > 9 {
		l.fault(s.Pos, "output.logstash", s.Errorf("compression_level", "must be 0 to 9"))
	}
	for option, into := range map[string]*time.Duration{"timeout": &o.Timeout, "backoff.init": &o.BackoffInit, "backoff.max": &o.BackoffMax} {
		d, err := harvest.Duration(s.String(option))
		if err != nil || d <= 0 {
			l.fault(s.Pos, "output.logstash", s.Errorf(option, "wants a time span longer than 0"))
		}
		*into = d
	}
	return o
}

func wantsTLS(s *plugin.Settings) bool {
	if s.Has("ssl.enabled") {
		return s.Bool("ssl.enabled")
	}
	return slices.ContainsFunc(logstashOptions, func(o plugin.Option) bool {
		return strings.HasPrefix(o.Name, "ssl.") && s.Has(o.Name)
	})
}

const defaultPort = "5044"

// withPort adds the default port to a host that names none; [::1] is an address without port, [::1]:5044 one with.
func withPort(host string) string {
	host = strings.TrimPrefix(host, "tcp://")
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), defaultPort)
}
