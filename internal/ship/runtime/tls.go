package runtime

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"elkhorn/internal/ship"
	"elkhorn/internal/vfs"
)

// maxPEMBytes bounds a file of certificates or keys.
const maxPEMBytes = 1 << 20

// clientTLS reads certificates and keys; nil means connections in the clear.
func clientTLS(fsys vfs.FS, opts *ship.TLS) (*tls.Config, error) {
	if opts == nil {
		return nil, nil
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	switch {
	case opts.Only12:
		c.MaxVersion = tls.VersionTLS12
	case opts.Only13:
		c.MinVersion = tls.VersionTLS13
	}
	for _, authority := range opts.Authorities {
		text, err := readPEM(fsys, authority)
		if err != nil {
			return nil, fmt.Errorf("output: ssl.certificate_authorities: %w", err)
		}
		if c.RootCAs == nil {
			c.RootCAs = x509.NewCertPool()
		}
		if !c.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("output: ssl.certificate_authorities: %.100s holds no certificate in PEM", authority)
		}
	}
	if opts.Certificate != "" {
		pair, err := readPair(fsys, opts)
		if err != nil {
			return nil, fmt.Errorf("output: ssl.certificate: %w", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	switch opts.Mode {
	case "none":
		c.InsecureSkipVerify = true
	case "certificate":
		c.InsecureSkipVerify = true // of the name alone: the chain is checked here
		c.VerifyConnection = func(state tls.ConnectionState) error { return verifyChain(state, c.RootCAs) }
	}
	return c, nil
}

func readPair(fsys vfs.FS, opts *ship.TLS) (tls.Certificate, error) {
	certificate, err := readPEM(fsys, opts.Certificate)
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := readPEM(fsys, opts.Key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(certificate, key)
}

// readPEM returns what stands in a file, or the text itself when it is PEM.
func readPEM(fsys vfs.FS, pathOrPEM string) ([]byte, error) {
	if strings.HasPrefix(strings.TrimSpace(pathOrPEM), "-----BEGIN ") {
		return []byte(pathOrPEM), nil
	}
	return vfs.ReadFile(fsys, pathOrPEM, maxPEMBytes)
}

// verifyChain checks a receiver's certificate against the authorities whatever host name it is for.
func verifyChain(state tls.ConnectionState, authorities *x509.CertPool) error {
	if len(state.PeerCertificates) == 0 {
		return errors.New("receiver shows no certificate")
	}
	between := x509.NewCertPool()
	for _, c := range state.PeerCertificates[1:] {
		between.AddCert(c)
	}
	_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: authorities, Intermediates: between})
	return err
}
