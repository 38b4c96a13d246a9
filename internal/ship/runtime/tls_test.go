package runtime

import (
	"crypto/tls"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkhorn/internal/ship"
	"elkhorn/internal/vfs"
)

// secureReceiver is a receiver behind TLS, with the certificate that httptest has for 127.0.0.1, and the PEM that trusts it.
func secureReceiver(t *testing.T) (r *receiver, authority string) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	config := &tls.Config{Certificates: server.TLS.Certificates}
	r = startReceiver(t, nil, func(c *receiver) { c.listener = tls.NewListener(c.listener, config) })
	return r, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
}

func TestShipsOverTLS(t *testing.T) {
	r, authority := secureReceiver(t)
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, []byte(authority), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, options := range []ship.TLS{
		{Mode: "full", Authorities: []string{path}},
		{Mode: "full", Authorities: []string{authority}},
		{Mode: "certificate", Authorities: []string{authority}},
		{Mode: "none"},
	} {
		cfg := ship.StdinConfig([]string{r.address()})
		cfg.Output.TLS = &options
		s, err := New(cfg, Env{Logger: quiet, Stdin: strings.NewReader("secret\n")})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := r.waitFor(t, i+1); len(got) != i+1 {
			t.Fatalf("%+v: %q", options, got)
		}
	}
}

func TestStrangersAreNotTrusted(t *testing.T) {
	r, authority := secureReceiver(t)
	for _, test := range []struct {
		mode, authority, host string
		trusted               bool
	}{
		{"full", "", "127.0.0.1", false}, // the system does not know the authority
		{"certificate", "", "127.0.0.1", false},
		{"full", authority, "localhost", false}, // the certificate is for another name
		{"certificate", authority, "localhost", true},
		{"full", authority, "127.0.0.1", true},
	} {
		options := &ship.TLS{Mode: test.mode}
		if test.authority != "" {
			options.Authorities = []string{test.authority}
		}
		config, err := clientTLS(vfs.Default, options)
		if err != nil {
			t.Fatal(err)
		}
		w := &worker{output: &output{tls: config}}
		conn, err := (Env{}).withDefaults().Dial(t.Context(), "tcp", r.address())
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.encrypt(t.Context(), conn, test.host+":5044")
		if (err == nil) != test.trusted {
			t.Errorf("mode %s, host %s: %v", test.mode, test.host, err)
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestBadCertificatesAreNamed(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, options := range map[string]ship.TLS{
		"no such file":                {Authorities: []string{"/nowhere/ca.pem"}},
		"holds no certificate in PEM": {Authorities: []string{empty}},
		"ssl.certificate":             {Certificate: empty, Key: empty},
	} {
		if _, err := clientTLS(vfs.Default, &options); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", options, err, want)
		}
	}
}
