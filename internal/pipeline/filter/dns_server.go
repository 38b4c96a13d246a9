package filter

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"

	"elkhorn/internal/cache"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// nameServers reads the option of that name.
func (f *dnsFilter) nameServers(s *plugin.Settings) error {
	v, given := s.Value("nameserver")
	if !given {
		f.servers = []*net.Resolver{{PreferGo: true}}
		return nil
	}
	addresses := v
	f.ndots = 1
	if v.Kind == plugin.Map {
		addresses = plugin.Value{Kind: plugin.List}
		for _, pair := range v.Pairs {
			switch pair.Key {
			case "address":
				addresses = pair.Value
			case "search":
				f.search = textsOf(pair.Value)
			case "ndots":
				var err error
				if f.ndots, err = strconv.Atoi(pair.Value.Str); err != nil || f.ndots < 1 {
					return s.Errorf("nameserver", "ndots must be a number of 1 or more, not %q", pair.Value.Str)
				}
			default:
				return s.Errorf("nameserver", "has no %q; it takes address, search and ndots", pair.Key)
			}
		}
	}
	if len(f.search) > 6 {
		return s.Errorf("nameserver", "search takes six domains at most")
	}
	for _, text := range textsOf(addresses) {
		address, err := serverAddress(text)
		if err != nil {
			return s.Errorf("nameserver", "%v", err)
		}
		f.servers = append(f.servers, &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}})
	}
	if len(f.servers) == 0 {
		return s.Errorf("nameserver", "wants an address, an array of them, or a hash with address")
	}
	return nil
}

// textsOf is a text, or the texts of an array.
func textsOf(v plugin.Value) []string {
	if v.Kind != plugin.List {
		return []string{v.Str}
	}
	texts := make([]string, len(v.List))
	for i, item := range v.List {
		texts[i] = item.Str
	}
	return texts
}

// serverAddress is a server's address with its port, 53 where none is written.
func serverAddress(text string) (string, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		return netip.AddrPortFrom(a, 53).String(), nil
	}
	if a, err := netip.ParseAddrPort(text); err == nil {
		return a.String(), nil
	}
	return "", fmt.Errorf("%q is not the IP address of a server", text)
}

// dnsCache keeps answers for a time; nil keeps none.
type dnsCache struct {
	cache *cache.Cache[dnsAnswer]
	keep  time.Duration
	now   func() time.Time
}

type dnsAnswer struct {
	text  string
	until time.Time
}

// newDNSCache makes the cache of the options name_size and name_ttl; nil for the size 0.
func newDNSCache(env *pipeline.Env, s *plugin.Settings, name string) (*dnsCache, error) {
	size := s.Int(name + "_size")
	if size < 0 || size > maxDNSCache {
		return nil, s.Errorf(name+"_size", "must lie between 0 and %d", maxDNSCache)
	}
	if size == 0 {
		return nil, nil
	}
	return &dnsCache{cache: cache.New[dnsAnswer](int(size)), keep: s.Duration(name + "_ttl"), now: env.Now}, nil
}

func (c *dnsCache) get(question string) (answer string, ok bool) {
	if c == nil {
		return "", false
	}
	kept, ok := c.cache.Get(question)
	if !ok || !c.now().Before(kept.until) {
		return "", false
	}
	return kept.text, true
}

func (c *dnsCache) put(question, answer string) {
	if c != nil {
		c.cache.Put(question, dnsAnswer{answer, c.now().Add(c.keep)})
	}
}
