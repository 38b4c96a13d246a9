package dial

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"regexp"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

const (
	noKerberos   = "Kerberos and OAuth are not spoken; use sasl_mechanism PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512"
	noAvro       = "schema registries are not asked; send JSON"
	noSocketSize = "the system sizes the buffers of sockets"
)

// KafkaOptions are those that the kafka input and output share.
var KafkaOptions = []plugin.Option{
	{Name: "bootstrap_servers", Kind: plugin.String, Default: "localhost:9092", Help: "Brokers to begin with, as host:port, separated by commas."},
	{Name: "client_id", Kind: plugin.String, Default: "logstash", Help: "Name of this client in the broker's logs and quotas."},
	{Name: "security_protocol", Kind: plugin.String, Default: "PLAINTEXT", Allowed: []string{"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"}, Help: "Whether connections are encrypted, and whether they begin with a login."},
	{Name: "sasl_mechanism", Kind: plugin.String, Default: "GSSAPI", Help: "How to log in: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512. The default, Kerberos, is not spoken."},
	{Name: "sasl_jaas_config", Kind: plugin.Password, Help: `Login, as in Java: …LoginModule required username="…" password="…";`},
	{Name: "jaas_path", Kind: plugin.Path, Help: "File with such a login in a section KafkaClient."},
	{Name: "ssl_truststore_location", Kind: plugin.Path, Help: "PEM file of the authorities that signed the brokers' certificates."},
	{Name: "ssl_truststore_type", Kind: plugin.String, Help: "PEM; Java's stores are not read."},
	{Name: "ssl_keystore_location", Kind: plugin.Path, Help: "PEM file of this side's certificate and key."},
	{Name: "ssl_keystore_type", Kind: plugin.String, Help: "PEM; Java's stores are not read."},
	{Name: "ssl_endpoint_identification_algorithm", Kind: plugin.String, Default: "https", Help: "Empty accepts a certificate for another host name."},
	{Name: "request_timeout_ms", Kind: plugin.Millis, Default: 40_000, Help: "Time a broker may take to answer, beyond the time that it was asked to wait."},
	{Name: "metadata_max_age_ms", Kind: plugin.Millis, Default: 300_000, Help: "How often to look for new partitions and topics."},
	{Name: "connections_max_idle_ms", Kind: plugin.Millis, Default: 540_000, Help: "After which time an unused connection is closed."},
	{Name: "reconnect_backoff_ms", Kind: plugin.Millis, Default: 50, Ignored: "retry_backoff_ms is for connections too"}, {Name: "reconnect_backoff_max_ms", Kind: plugin.Millis, Default: 1000, Ignored: "pauses grow to 5 s"},
	{Name: "retry_backoff_ms", Kind: plugin.Millis, Default: 100, Help: "First pause before a request is sent again; pauses double up to 5 s."},
	{Name: "client_dns_lookup", Kind: plugin.String, Ignored: "all addresses of a name are tried"},
	{Name: "receive_buffer_bytes", Kind: plugin.Bytes, Ignored: noSocketSize}, {Name: "send_buffer_bytes", Kind: plugin.Bytes, Ignored: noSocketSize},
	{Name: "ssl_truststore_password", Kind: plugin.Password, Unsupported: "a PEM file has none"}, {Name: "ssl_keystore_password", Kind: plugin.Password, Unsupported: "a PEM file has none"},
	{Name: "ssl_key_password", Kind: plugin.Password, Unsupported: "keys with a passphrase are not read"},
	{Name: "sasl_kerberos_service_name", Kind: plugin.String, Unsupported: noKerberos}, {Name: "kerberos_config", Kind: plugin.Path, Unsupported: noKerberos},
	{Name: "sasl_client_callback_handler_class", Kind: plugin.String, Unsupported: noKerberos}, {Name: "sasl_login_callback_handler_class", Kind: plugin.String, Unsupported: noKerberos},
	{Name: "sasl_oauthbearer_token_endpoint_url", Kind: plugin.String, Unsupported: noKerberos}, {Name: "sasl_oauthbearer_scope_claim_name", Kind: plugin.String, Unsupported: noKerberos},
	{Name: "sasl_iam_jar_paths", Kind: plugin.Strings, Unsupported: noKerberos},
	{Name: "schema_registry_url", Kind: plugin.String, Unsupported: noAvro}, {Name: "schema_registry_key", Kind: plugin.String, Unsupported: noAvro}, {Name: "schema_registry_secret", Kind: plugin.Password, Unsupported: noAvro},
	{Name: "schema_registry_proxy", Kind: plugin.String, Unsupported: noAvro}, {Name: "schema_registry_validation", Kind: plugin.String, Unsupported: noAvro},
}

// Kafka reads KafkaOptions.
func Kafka(env *pipeline.Env, s *plugin.Settings) ([]kgo.Opt, error) {
	var brokers []string
	for broker := range strings.SplitSeq(s.String("bootstrap_servers"), ",") {
		if broker = strings.TrimSpace(broker); broker != "" {
			brokers = append(brokers, broker)
		}
	}
	if len(brokers) == 0 {
		return nil, s.Errorf("bootstrap_servers", "names no broker")
	}
	first := max(s.Duration("retry_backoff_ms"), 10*time.Millisecond)
	opts := []kgo.Opt{
		kgo.SeedBrokers(brokers...), kgo.ClientID(s.String("client_id")), kgo.WithLogger(kafkaLog{env.Logger}),
		kgo.RequestTimeoutOverhead(max(s.Duration("request_timeout_ms"), 100*time.Millisecond)),
		kgo.MetadataMaxAge(max(s.Duration("metadata_max_age_ms"), time.Second)), kgo.MetadataMinAge(min(max(s.Duration("metadata_max_age_ms"), time.Second), 2500*time.Millisecond)),
		kgo.ConnIdleTimeout(max(s.Duration("connections_max_idle_ms"), time.Second)), kgo.DisableClientMetrics(),
		kgo.RetryBackoffFn(func(tries int) time.Duration {
			const longest = 5 * time.Second
			return min(first<<min(max(tries-1, 0), 10), longest)
		}),
	}
	protocol := s.String("security_protocol")
	if strings.HasSuffix(protocol, "SSL") {
		secure, err := kafkaTLS(env, s)
		if err != nil {
			return nil, err
		}
		if env.Dial == nil {
			opts = append(opts, kgo.DialTLSConfig(secure))
		} else {
			opts = append(opts, kgo.Dialer(dialTLS(env.Dial, secure)))
		}
	} else if env.Dial != nil {
		opts = append(opts, kgo.Dialer(env.Dial))
	}
	if !strings.HasPrefix(protocol, "SASL") {
		return opts, nil
	}
	user, password, err := kafkaLogin(env, s)
	if err != nil {
		return nil, err
	}
	switch s.String("sasl_mechanism") {
	case "PLAIN":
		return append(opts, kgo.SASL(plain.Auth{User: user, Pass: password}.AsMechanism())), nil
	case "SCRAM-SHA-256":
		return append(opts, kgo.SASL(scram.Auth{User: user, Pass: password}.AsSha256Mechanism())), nil
	case "SCRAM-SHA-512":
		return append(opts, kgo.SASL(scram.Auth{User: user, Pass: password}.AsSha512Mechanism())), nil
	}
	return nil, s.Errorf("sasl_mechanism", "must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, not %q", s.String("sasl_mechanism"))
}

var jaasValue = regexp.MustCompile(`\b(username|password)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')`)

// kafkaLogin takes user name and password out of a Java login configuration.
func kafkaLogin(env *pipeline.Env, s *plugin.Settings) (user, password string, err error) {
	option, text := "sasl_jaas_config", s.String("sasl_jaas_config")
	if text == "" && s.Has("jaas_path") {
		option = "jaas_path"
		file, err := vfs.ReadFile(env.FS, env.ResolvePath(s.String("jaas_path")), maxPEMBytes)
		if err != nil {
			return "", "", s.Errorf(option, "%v", err)
		}
		if _, section, ok := strings.Cut(string(file), "KafkaClient"); ok {
			text, _, _ = strings.Cut(section, "}")
		}
	}
	for _, m := range jaasValue.FindAllStringSubmatch(text, -1) {
		value := strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(m[2]) + m[3]
		if m[1] == "username" {
			user = value
		} else {
			password = value
		}
	}
	if user == "" {
		return "", "", s.Errorf(option, `holds no login such as username="…" password="…"`)
	}
	return user, password, nil
}

func kafkaTLS(env *pipeline.Env, s *plugin.Settings) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	for _, option := range []string{"ssl_truststore_type", "ssl_keystore_type"} {
		if s.Has(option) && !strings.EqualFold(s.String(option), "PEM") {
			return nil, s.Errorf(option, "must be PEM: Java's stores are not read; keytool and openssl convert them")
		}
	}
	if s.Has("ssl_truststore_location") {
		var err error
		if c.RootCAs, err = Authorities(env, s, "ssl_truststore_location", []string{s.String("ssl_truststore_location")}); err != nil {
			return nil, err
		}
	}
	if s.Has("ssl_keystore_location") {
		pem, err := vfs.ReadFile(env.FS, env.ResolvePath(s.String("ssl_keystore_location")), maxPEMBytes)
		if err != nil {
			return nil, s.Errorf("ssl_keystore_location", "%v", err)
		}
		pair, err := tls.X509KeyPair(pem, pem)
		if err != nil {
			return nil, s.Errorf("ssl_keystore_location", "wants a PEM file with certificate and key: %v", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	if s.String("ssl_endpoint_identification_algorithm") == "" {
		c.InsecureSkipVerify = true // of the name; the chain is checked here
		c.VerifyConnection = func(state tls.ConnectionState) error { return verifyChain(state, c.RootCAs) }
	}
	return c, nil
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// dialTLS is dial with encryption on top. The certificate must be for the host as the configuration names it.
func dialTLS(dial dialFunc, config *tls.Config) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		config := config.Clone()
		if config.ServerName, _, err = net.SplitHostPort(address); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		return secure, nil
	}
}

// verifyChain checks a server's certificate against authorities, whatever name it is for.
func verifyChain(state tls.ConnectionState, roots *x509.CertPool) error {
	if len(state.PeerCertificates) == 0 {
		return errors.New("the broker sent no certificate")
	}
	intermediates := x509.NewCertPool()
	for _, cert := range state.PeerCertificates[1:] {
		intermediates.AddCert(cert)
	}
	_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates})
	return err
}

// kafkaLog passes the client's own warnings on: they tell why nothing comes or goes.
type kafkaLog struct{ logger *slog.Logger }

// Level is what is worth a line.
func (kafkaLog) Level() kgo.LogLevel { return kgo.LogLevelWarn }

// Log is of kgo.Logger.
func (l kafkaLog) Log(level kgo.LogLevel, msg string, keyvals ...any) {
	if level == kgo.LogLevelError {
		l.logger.Error("kafka: "+msg, keyvals...)
		return
	}
	l.logger.Warn("kafka: "+msg, keyvals...)
}
