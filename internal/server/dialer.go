package server

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"

	"elkhorn/internal/es"
)

// storeNames are the host names that printed configurations have for the store. One that does not
// resolve means this very process (R-012, M-40); a name that resolves always wins.
var storeNames = []string{"elasticsearch", "es", "es-node", "es01", "elasticsearch.logging.svc", "elasticsearch-master", "opensearch"}

// dialer reaches the process's own store; stores elsewhere are reached over HTTP by the output itself.
type dialer struct {
	store  es.Store
	own    func() string // host:port of the process's own API
	logger *slog.Logger
	// resolve looks a host name up; net.DefaultResolver in production.
	resolve func(ctx context.Context, host string) ([]string, error)

	mu   sync.Mutex
	told map[string]bool
}

// Dial returns the process's own store when all hosts mean it, and nil when they do not.
func (d *dialer) Dial(ctx context.Context, target es.DialTarget) (es.Store, error) {
	for _, h := range target.Hosts {
		if !d.isSelf(ctx, h) {
			return nil, nil
		}
	}
	return sharedStore{d.store}, nil
}

// sharedStore is the process's own store as others get it: closing it is not their business.
type sharedStore struct{ es.Store }

// Close does nothing: the server closes its store.
func (sharedStore) Close() error { return nil }

func (d *dialer) isSelf(ctx context.Context, host string) bool {
	name, port := splitHost(host)
	if isLoopback(name) {
		_, ownPort, err := net.SplitHostPort(d.own())
		return err == nil && port == ownPort
	}
	if !slices.Contains(storeNames, name) {
		return false
	}
	if found, err := d.resolve(ctx, name); err == nil && len(found) > 0 {
		return false
	}
	d.tell(host)
	return true
}

// splitHost reads "http://user@host:9200/path", "host:9200" or "host".
func splitHost(text string) (name, port string) {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return text, ""
	}
	port = u.Port()
	if port == "" {
		port = "9200"
	}
	return u.Hostname(), port
}

func (d *dialer) tell(host string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.told[host] {
		return
	}
	d.told[host] = true
	name, _ := splitHost(host) // which leaves a password out
	d.logger.Info("host does not resolve and is one of this program's own roles: it means this process", "host", name)
}
