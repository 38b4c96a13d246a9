package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
)

// Address is where a listener binds: host:port, and whether somebody asked for it.
type Address struct {
	HostPort string
	// Explicit addresses must work; a default one is left out when its port is taken.
	Explicit bool
}

// ErrNotLoopback is wrapped by the refusal to listen beyond this machine without security.
var ErrNotLoopback = errors.New("refused to listen beyond this machine")

// checkBind refuses addresses that other machines can reach: there is no login and no TLS yet, so
// whoever reaches the port owns the data.
func checkBind(what, hostPort string, insecure bool) error {
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		return fmt.Errorf("%s: address %q is not host:port: %w", what, hostPort, err)
	}
	if insecure || isLoopback(host) {
		return nil
	}
	return fmt.Errorf("%s: %w: %s can be reached by others, and without users and TLS everyone who reaches it can read and delete everything; "+
		"use 127.0.0.1, or add --insecure if that is what you want", what, ErrNotLoopback, hostPort)
}

func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback()
}

// listen opens a TCP listener under the binding rules. It returns nil without an error for a default
// address whose port is taken.
func listen(ctx context.Context, what string, at Address, insecure bool, logger *slog.Logger) (net.Listener, error) {
	if err := checkBind(what, at.HostPort, insecure); err != nil {
		return nil, err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", at.HostPort)
	switch {
	case !at.Explicit && errors.Is(err, syscall.EADDRINUSE):
		logger.Warn("port is taken: this listener is left out; free the port or name another", "listener", what, "address", at.HostPort)
		return nil, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s: %w: another program listens there, perhaps an Elkhorn or what it replaces; end that one, or name another address", what, err)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("%s: %w: ports below 1024 are not for everyone; name a higher one", what, err)
	case err != nil:
		return nil, fmt.Errorf("%s: %q is no address to listen on, such as 9201 or 127.0.0.1:9201: %w", what, at.HostPort, err)
	}
	return l, nil
}

// serve runs an HTTP server on a listener until it is shut down; unexpected ends are logged.
func (s *Server) serve(what string, srv *http.Server, l net.Listener) {
	s.httpServers = append(s.httpServers, srv)
	s.work.Go(func() {
		if err := srv.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			s.logger.Error("listener ended", "listener", what, "error", err)
		}
	})
}
