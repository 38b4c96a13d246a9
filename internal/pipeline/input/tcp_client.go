package input

import (
	"context"
	"crypto/tls"
	"net"
	"time"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/dial"
	"elkhorn/internal/plugin"
)

const (
	// connectTimeout bounds how long a connection may take to come about.
	connectTimeout = 10 * time.Second
	// reconnectPause is how long a server is left alone after a connection has ended, or has not come about.
	reconnectPause = time.Second
)

// tcpClient is the tcp input that connects to a server itself.
type tcpClient struct {
	lines  *tcpServer // reads a connection
	secure *tls.Config
	pause  time.Duration
}

func newTCPClient(t *tcpServer, env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	if !s.Has("host") || s.Int("port") == 0 {
		return nil, s.Errorf("mode", "client needs host and port of the server")
	}
	if t.proxied {
		return nil, s.Errorf("proxy_protocol", "is for mode => server: no proxy connects to a client")
	}
	t.linesOnly = true
	c := &tcpClient{lines: t, pause: reconnectPause}
	if !s.Bool("ssl_enabled") && !s.Bool("ssl") {
		return c, nil
	}
	var err error
	if c.secure, err = dial.TLS(env, s); err != nil {
		return nil, err
	}
	c.secure.ServerName = s.String("host")
	return c, nil
}

// Run reads one connection after another until ctx ends.
func (c *tcpClient) Run(ctx context.Context, sink pipeline.Sink) error {
	failed := false
	for ctx.Err() == nil {
		conn, err := (&net.Dialer{Timeout: connectTimeout}).DialContext(ctx, "tcp", c.lines.address)
		switch {
		case err == nil:
			failed = false
			if c.secure != nil {
				conn = tls.Client(conn, c.secure)
			}
			c.lines.serve(ctx, conn, sink)
		case ctx.Err() == nil && !failed:
			failed = true // told once, until it is there again
			c.lines.env.Logger.Warn("cannot connect; trying again", "address", c.lines.address, "error", err)
		}
		pause(ctx, c.pause)
	}
	return nil
}
