package input

import (
	"crypto/tls"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// serverTLS reads the options ssl_enabled, ssl_certificate and ssl_key; nil means no TLS.
func serverTLS(env *pipeline.Env, s *plugin.Settings) (*tls.Config, error) {
	if !s.Bool("ssl_enabled") && !s.Bool("ssl") {
		if s.Has("ssl_certificate") {
			s.Warn("ssl_certificate", "has no effect without ssl_enabled => true")
		}
		return nil, nil
	}
	if !s.Has("ssl_certificate") || !s.Has("ssl_key") {
		return nil, s.Errorf("ssl_enabled", "needs ssl_certificate and ssl_key")
	}
	certificate, err := readSmall(env, s.String("ssl_certificate"))
	if err != nil {
		return nil, s.Errorf("ssl_certificate", "%v", err)
	}
	key, err := readSmall(env, s.String("ssl_key"))
	if err != nil {
		return nil, s.Errorf("ssl_key", "%v", err)
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, s.Errorf("ssl_certificate", "%v", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// maxPEMBytes bounds a file of certificates or keys.
const maxPEMBytes = 1 << 20

// readSmall reads a certificate or a key.
func readSmall(env *pipeline.Env, path string) ([]byte, error) {
	return vfs.ReadFile(env.FS, env.ResolvePath(path), maxPEMBytes)
}
