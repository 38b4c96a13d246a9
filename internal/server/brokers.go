package server

import (
	"context"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"
)

// brokerNames are the host names that printed configurations have for the message broker. One that does not resolve means a broker
// on this machine (R-012, M-40); a name that resolves always wins.
var brokerNames = []string{"kafka"}

// brokerTimeout bounds how long a connection may take to come about.
const brokerTimeout = 10 * time.Second

// brokerDialer connects pipelines to the brokers that they name.
type brokerDialer struct {
	logger *slog.Logger
	// resolve looks a host name up; net.DefaultResolver in production.
	resolve func(ctx context.Context, host string) ([]string, error)
	// connect opens a connection; net.Dialer in production.
	connect func(ctx context.Context, network, address string) (net.Conn, error)
	tell    sync.Once
}

func newBrokerDialer(logger *slog.Logger) *brokerDialer {
	return &brokerDialer{logger: logger, resolve: net.DefaultResolver.LookupHost, connect: (&net.Dialer{Timeout: brokerTimeout}).DialContext}
}

func (d *brokerDialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil || !slices.Contains(brokerNames, host) {
		return d.connect(ctx, network, address)
	}
	if found, err := d.resolve(ctx, host); err == nil && len(found) > 0 {
		return d.connect(ctx, network, address)
	}
	d.tell.Do(func() {
		d.logger.Info("host does not resolve and is the usual name of a broker: it means a broker on this machine", "host", host)
	})
	return d.connect(ctx, network, net.JoinHostPort("127.0.0.1", port))
}
