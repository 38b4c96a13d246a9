package input

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// TestTCPClient: the input connects to a server, reads its lines, and connects again when the connection has ended; with TLS too.
func TestTCPClient(t *testing.T) {
	certificate, _ := writeCertificate(t)
	for _, secure := range []bool{false, true} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		options := []plugin.Pair{textOption("mode", "client"), textOption("codec", "json")}
		if secure {
			pair, err := tls.LoadX509KeyPair(certificate[index(certificate, "ssl_certificate")].Value.Str, certificate[index(certificate, "ssl_key")].Value.Str)
			if err != nil {
				t.Fatal(err)
			}
			l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
			options = append(options, textOption("ssl_enabled", "true"), textOption("ssl_verification_mode", "none"))
		}
		host, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		sink := newBeatsSink(10)
		made, _, err := Table.Build(netEnv(), &plugin.BlockConfig{Name: "tcp", Options: append(options, textOption("host", host), textOption("port", port))})
		if err != nil {
			t.Fatal(err)
		}
		client := made.(*tcpClient)
		if client.pause != reconnectPause {
			t.Errorf("the pause is %s", client.pause)
		}
		client.pause = time.Millisecond
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- client.Run(ctx, sink) }()
		for _, text := range []string{"{\"n\":1}\n{\"n\":2}\n", "{\"n\":3}\n", "\x1f\x8b is no gzip here\n"} {
			conn, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, text); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(text) {
				got := asJSON(<-sink.events)
				if want := strings.Trim(line, "{}\n"); !strings.Contains(got, want) && strings.HasPrefix(line, "{") || !strings.Contains(got, `"host":"127.0.0.1","port":`+port) {
					t.Errorf("%q is %s", line, got)
				}
			}
			if err := conn.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		stop() // while nobody listens
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func index(options []plugin.Pair, key string) int {
	for i, o := range options {
		if o.Key == key {
			return i
		}
	}
	return -1
}

// TestTCPModes: what belongs to the other mode is refused by name.
func TestTCPModes(t *testing.T) {
	port, host, client := textOption("port", "5000"), textOption("host", "127.0.0.1"), textOption("mode", "client")
	for want, options := range map[string][]plugin.Pair{
		"client needs host and port":                  {client, port},
		"no proxy connects to a client":               {client, port, host, textOption("proxy_protocol", "true")},
		"is for mode => client: the certificates":     {port, textOption("ssl_certificate_authorities", "/ca.pem")},
		`option "ssl_verification_mode": is for mode`: {port, textOption("ssl_verification_mode", "none")},
	} {
		if _, _, err := Table.Build(netEnv(), &plugin.BlockConfig{Name: "tcp", Options: options}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestTCPHandshake: a sender that never agrees on TLS does not keep its place among the connections.
func TestTCPHandshake(t *testing.T) {
	options, _ := writeCertificate(t)
	env := netEnv()
	env.FS = vfs.Default
	made, _, err := Table.Build(env, &plugin.BlockConfig{Name: "tcp", Options: append(options, textOption("port", "0"))})
	if err != nil {
		t.Fatal(err)
	}
	server := made.(*tcpServer)
	server.handshake = time.Millisecond
	if err := server.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Run(t.Context(), newNumbers(always)) }()
	conn, err := net.Dial("tcp", server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.Copy(io.Discard, conn); err != nil { // until the server ends it
		t.Logf("the connection ended with %v", err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil {
		t.Error("a listener that is closed under the input is no error")
	}
}
