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
}

// sslOptions are those of every output.
var sslOptions = []plugin.Option{
	{Name: "ssl.enabled", Kind: plugin.Boolean, Help: "Encrypts connections; any other ssl option does so too, unless this is false."},
	{Name: "ssl.certificate_authorities", Kind: plugin.Strings, Help: "PEM files, or PEM itself, of who signs the receivers' certificates; the system's when not given."},
	{Name: "ssl.certificate", Kind: plugin.Path, Help: "The shipper's own certificate, for receivers that ask for one."},
	{Name: "ssl.key", Kind: plugin.Path, Help: "Its key, in PEM and without passphrase."},
	{Name: "ssl.verification_mode", Kind: plugin.String, Default: "full", Allowed: []string{"full", "certificate", "none"}, Help: "full checks certificate and host name, certificate not the name, none nothing at all: then anybody can read along."},
	{Name: "ssl.key_passphrase", Kind: plugin.Password, Unsupported: "keys with a passphrase are not read"},
	{Name: "ssl.ca_trusted_fingerprint", Kind: plugin.String, Unsupported: "name the authority in ssl.certificate_authorities"},
	{Name: "ssl.ca_sha256", Kind: plugin.Strings, Unsupported: "name the authority in ssl.certificate_authorities"},
	{Name: "ssl.supported_protocols", Kind: plugin.Strings, Help: "Versions of TLS: TLSv1.2, TLSv1.3 or both. Older ones are passed over."},
	{Name: "ssl.cipher_suites", Kind: plugin.Strings, Unsupported: tlsNotTuned},
	{Name: "ssl.curve_types", Kind: plugin.Strings, Unsupported: tlsNotTuned},
	{Name: "ssl.renegotiation", Kind: plugin.String, Unsupported: tlsNotTuned},
}

// foreignOutputs are outputs of Filebeat that are not here, with what to use instead.
var foreignOutputs = map[string]string{
	"kafka":   viaPipeline("kafka"),
	"redis":   viaPipeline("redis"),
	"file":    viaPipeline("file"),
	"console": viaPipeline("stdout"),
	"discard": viaPipeline("null"),
}

func viaPipeline(output string) string {
	return "there is no such output of the shipper: send to output.logstash, to a pipeline with input { beats { port => 5044 } } and output { " + output + " { … } }"
}

// outputs are the outputs there are, by name.
var outputs = map[string]struct {
	options []plugin.Option
	read    func(l *loader, s *plugin.Settings) Output
}{
	"elasticsearch": {slices.Concat(elasticsearchOptions, sslOptions), (*loader).elasticsearch},
	"logstash":      {slices.Concat(logstashOptions, sslOptions), (*loader).logstash},
}

// output reads the one output that is enabled.
func (l *loader) output(c *Config, t *tree) {
	if t == nil || t.kind != treeMap || len(t.keys) == 0 {
		l.add(Fault, plugin.Pos{}, "output", "is missing: where to send events, output.elasticsearch or output.logstash with hosts")
		return
	}
	first := ""
	for _, name := range t.keys {
		key, section := "output."+name, t.named[name]
		if section.kind == treeNull || l.isOff(section) {
			continue
		}
		of, known := outputs[name]
		if !known {
			instead := foreignOutputs[name]
			if instead == "" {
				instead = "is not known; there are output.elasticsearch and output.logstash"
			}
			l.add(Fault, section.pos, key, "%s", instead)
			first = name
			continue
		}
		if first != "" {
			l.add(Fault, section.pos, key, "is a second output beside output.%s: one is used, take the other out or set its enabled to false", first)
			continue
		}
		first = name
		if s := l.settings(key, section, of.options); s != nil {
			c.Output = of.read(l, s)
		}
	}
	if first == "" {
		l.add(Fault, t.pos, "output", "no output is enabled")
	}
}

// isOff says whether a section says enabled: false. What else stands in it is not looked at.
func (l *loader) isOff(section *tree) bool {
	enabled := section.at("enabled")
	if enabled == nil || enabled.kind != treeScalar {
		return false
	}
	v, err := l.scalar(enabled, plugin.Boolean, false)
	return err == nil && v.Str == "false"
}

func (l *loader) logstash(s *plugin.Settings) Output {
	const key = "output.logstash"
	o := Output{
		LoadBalance:      s.Bool("loadbalance"),
		Workers:          int(max(s.Int("worker"), s.Int("workers"), 1)),
		BulkMaxSize:      int(s.Int("bulk_max_size")),
		CompressionLevel: int(s.Int("compression_level")),
		SlowStart:        s.Bool("slow_start"),
		Pipelining:       int(max(s.Int("pipelining"), 1)),
		Beat:             s.String("index"),
		TLS:              l.tls(key, s),
	}
	for _, host := range s.Strings("hosts") {
		o.Hosts = append(o.Hosts, withPort(host))
	}
	l.checkDelivery(key, s, &o)
	return o
}

// tls reads the options of TLS; nil is for connections in the clear.
func (l *loader) tls(key string, s *plugin.Settings) *TLS {
	if !wantsTLS(s) {
		return nil
	}
	t := &TLS{
		Authorities: s.Strings("ssl.certificate_authorities"),
		Certificate: s.String("ssl.certificate"),
		Key:         s.String("ssl.key"),
		Mode:        s.String("ssl.verification_mode"),
	}
	if versions := s.Strings("ssl.supported_protocols"); len(versions) > 0 {
		t.Only12, t.Only13 = !slices.Contains(versions, "TLSv1.3"), !slices.Contains(versions, "TLSv1.2")
		if t.Only12 && t.Only13 {
			l.fault(s.Pos, key, s.Errorf("ssl.supported_protocols", "names neither TLSv1.2 nor TLSv1.3: older versions are not spoken"))
		}
	}
	if (t.Certificate == "") != (t.Key == "") {
		l.fault(s.Pos, key, s.Errorf("ssl.certificate", "and ssl.key are given together or not at all"))
	}
	return t
}

// checkDelivery reads the options that every output has.
func (l *loader) checkDelivery(key string, s *plugin.Settings, o *Output) {
	if o.CompressionLevel < 0 || o.CompressionLevel > 9 {
		l.fault(s.Pos, key, s.Errorf("compression_level", "must be 0 to 9"))
	}
	for option, into := range map[string]*time.Duration{"timeout": &o.Timeout, "backoff.init": &o.BackoffInit, "backoff.max": &o.BackoffMax} {
		d, err := harvest.Duration(s.String(option))
		if err != nil || d <= 0 {
			l.fault(s.Pos, key, s.Errorf(option, "wants a time span longer than 0"))
		}
		*into = d
	}
}

func wantsTLS(s *plugin.Settings) bool {
	if s.Has("ssl.enabled") {
		return s.Bool("ssl.enabled")
	}
	return slices.ContainsFunc(sslOptions, func(o plugin.Option) bool {
		return s.Has(o.Name)
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
