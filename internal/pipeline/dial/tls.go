package dial

import (
	"crypto/tls"
	"crypto/x509"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// NoTLSTuning is why options of TLS that Go decides on are refused.
const NoTLSTuning = "TLS 1.2 and newer are spoken, with Go's cipher suites"

// NoKeystore is why Java's keystores are refused.
const NoKeystore = "Java keystores are not read: use ssl_certificate_authorities, ssl_certificate and ssl_key, in PEM"

// TLSOptions are those of a client, without ssl_enabled.
var TLSOptions = []plugin.Option{
	{Name: "ssl_certificate_authorities", Kind: plugin.Strings, Help: "PEM files of the authorities that signed the server's certificate; by default the system's."},
	{Name: "ssl_certificate", Kind: plugin.Path, Help: "PEM file of this side's certificate and its chain."},
	{Name: "ssl_key", Kind: plugin.Path, Help: "PEM file of the certificate's key, without passphrase."},
	{Name: "ssl_verification_mode", Kind: plugin.String, Default: "full", Allowed: []string{"full", "none"}, Help: "none accepts any certificate."},
	{Name: "ssl_supported_protocols", Kind: plugin.Strings, Unsupported: NoTLSTuning},
	{Name: "ssl_cipher_suites", Kind: plugin.Strings, Unsupported: NoTLSTuning},
	{Name: "ssl_keystore_path", Kind: plugin.Path, Unsupported: NoKeystore}, {Name: "ssl_keystore_password", Kind: plugin.Password, Unsupported: NoKeystore}, {Name: "ssl_keystore_type", Kind: plugin.String, Unsupported: NoKeystore},
	{Name: "ssl_truststore_path", Kind: plugin.Path, Unsupported: NoKeystore}, {Name: "ssl_truststore_password", Kind: plugin.Password, Unsupported: NoKeystore}, {Name: "ssl_truststore_type", Kind: plugin.String, Unsupported: NoKeystore},
}

// maxPEMBytes bounds a file of certificates or keys.
const maxPEMBytes = 1 << 20

// TLS reads TLSOptions.
func TLS(env *pipeline.Env, s *plugin.Settings) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: s.String("ssl_verification_mode") == "none"}
	if files := s.Strings("ssl_certificate_authorities"); len(files) > 0 {
		var err error
		if c.RootCAs, err = Authorities(env, s, "ssl_certificate_authorities", files); err != nil {
			return nil, err
		}
	}
	pair, err := Certificate(env, s)
	if pair != nil {
		c.Certificates = []tls.Certificate{*pair}
	}
	return c, err
}

// Authorities reads files of certificates, which the named option lists.
func Authorities(env *pipeline.Env, s *plugin.Settings, option string, files []string) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	for _, file := range files {
		pem, err := vfs.ReadFile(env.FS, env.ResolvePath(file), maxPEMBytes)
		if err != nil {
			return nil, s.Errorf(option, "%v", err)
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, s.Errorf(option, "%s holds no PEM certificate", file)
		}
	}
	return pool, nil
}

// Certificate reads ssl_certificate and ssl_key; nil when neither is given.
func Certificate(env *pipeline.Env, s *plugin.Settings) (*tls.Certificate, error) {
	switch {
	case !s.Has("ssl_certificate") && !s.Has("ssl_key"):
		return nil, nil
	case !s.Has("ssl_key"):
		return nil, s.Errorf("ssl_certificate", "needs ssl_key")
	case !s.Has("ssl_certificate"):
		return nil, s.Errorf("ssl_key", "needs ssl_certificate")
	}
	pem, err := vfs.ReadFile(env.FS, env.ResolvePath(s.String("ssl_certificate")), maxPEMBytes)
	if err != nil {
		return nil, s.Errorf("ssl_certificate", "%v", err)
	}
	key, err := vfs.ReadFile(env.FS, env.ResolvePath(s.String("ssl_key")), maxPEMBytes)
	if err != nil {
		return nil, s.Errorf("ssl_key", "%v", err)
	}
	pair, err := tls.X509KeyPair(pem, key)
	if err != nil {
		return nil, s.Errorf("ssl_certificate", "%v", err)
	}
	return &pair, nil
}
