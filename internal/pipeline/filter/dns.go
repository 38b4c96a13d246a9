package filter

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var dns = pipeline.FilterSpec{
	Name: "dns",
	Summary: "Looks up the address of a name, or the name of an address. An event waits for the answer, so give it caches: " +
		"with 2 ms for a lookup a worker does not pass 500 events a second.",
	Options: []plugin.Option{
		{Name: "reverse", Kind: plugin.Strings, Help: "Fields with an address to look up the name of. A field that is not there is passed over; what is no address ends the filter's work on the event."},
		{Name: "resolve", Kind: plugin.Strings, Help: "Fields with a name to look up the address of, which happens before reverse: the first IPv4 address, or the first one. A field that is not there is passed over."},
		{Name: "action", Kind: plugin.String, Default: "append", Allowed: []string{"append", "replace"}, Help: "Make the field an array of both, or put the answer in its place."},
		{Name: "nameserver", Kind: plugin.Any, Help: "Address of a server or array of some, asked in turn, in place of those of the system; or a hash with address, search (up to six domains to try for names with fewer dots than ndots) and ndots (1). A port may follow: 10.0.0.1:5353."},
		{Name: "timeout", Kind: plugin.Seconds, Default: 0.5, Help: "How long to wait for each answer."},
		{Name: "max_retries", Kind: plugin.Integer, Default: 2, Help: "How often to ask again after a timeout."},
		{Name: "hit_cache_size", Kind: plugin.Integer, Default: 0, Unit: "answers", Help: "Answers kept in memory; 0 asks for every event."},
		{Name: "hit_cache_ttl", Kind: plugin.Seconds, Default: 60, Help: "How long they are kept."},
		{Name: "failed_cache_size", Kind: plugin.Integer, Default: 0, Unit: "answers", Help: "Names and addresses without an answer kept in memory; 0 asks again each time."},
		{Name: "failed_cache_ttl", Kind: plugin.Seconds, Default: 5, Help: "How long they are kept."},
		{Name: "hostsfile", Kind: plugin.Strings, Unsupported: "the system's own hosts file is read; put other names into a translate dictionary"},
		{Name: "tag_on_timeout", Kind: plugin.Strings, Default: []string{"_dnstimeout"}, Help: "Tags for an event whose lookup got no answer in time."},
	},
	New: newDNS,
}

type dnsFilter struct {
	resolve, reverse []*event.Path
	replace          bool
	servers          []*net.Resolver // asked in turn
	search           []string
	ndots            int
	timeout          time.Duration
	tries            int
	hits, misses     *dnsCache
	timeoutTags      []string
	failed           failures
}

// maxDNSCache bounds a cache: an answer takes some 200 bytes.
const maxDNSCache = 10_000_000

func newDNS(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &dnsFilter{replace: s.String("action") == "replace", timeout: s.Duration("timeout"), tries: 1 + int(s.Int("max_retries")), timeoutTags: s.Strings("tag_on_timeout")}
	f.failed.tellOf("a dns filter gets no answer", env, s)
	var err error
	if f.resolve, err = pathsOption(s, "resolve"); err != nil {
		return nil, err
	}
	if f.reverse, err = pathsOption(s, "reverse"); err != nil {
		return nil, err
	}
	switch {
	case f.timeout <= 0 || f.timeout > time.Minute:
		return nil, s.Errorf("timeout", "must be more than 0 seconds and at most 60")
	case f.tries < 1 || f.tries > 10:
		return nil, s.Errorf("max_retries", "must lie between 0 and 9")
	}
	if len(f.resolve)+len(f.reverse) == 0 {
		s.Warn("resolve", "is not given, nor is reverse: nothing is looked up")
	}
	if err := f.nameServers(s); err != nil {
		return nil, err
	}
	if f.hits, err = newDNSCache(env, s, "hit_cache"); err != nil {
		return nil, err
	}
	f.misses, err = newDNSCache(env, s, "failed_cache")
	return f, err
}

func (f *dnsFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	for _, field := range f.resolve {
		if !f.answer(ev, field, f.address) {
			return pipeline.Unmatched
		}
	}
	for _, field := range f.reverse {
		if !f.answer(ev, field, f.name) {
			return pipeline.Unmatched
		}
	}
	return pipeline.Matched
}

// errNoAnswer is a question that a server answered with nothing, or that is none.
var errNoAnswer = errors.New("no answer")

// answer puts the answer for a field's text into the field. It says false where there is none.
func (f *dnsFilter) answer(ev *event.Event, field *event.Path, ask func(string) (string, error)) bool {
	v, ok := ev.Get(field)
	if !ok || v.Kind() == event.Null {
		return true
	}
	question := firstItem(v)
	if v.Kind() == event.Array && v.Len() != 1 || question.Kind() != event.String {
		return false
	}
	found, err := f.lookUp(question.Str(), ask)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			tagAll(ev, f.timeoutTags)
		}
		if !errors.Is(err, errNoAnswer) {
			f.failed.add(err)
		}
		return false
	}
	put := event.StringOf(found)
	switch {
	case !f.replace:
		put = event.ArrayOf(question, put)
	case v.Kind() == event.Array:
		put = event.ArrayOf(put)
	}
	return ev.Set(field, put)
}

// lookUp asks, unless a cache knows.
func (f *dnsFilter) lookUp(question string, ask func(string) (string, error)) (string, error) {
	if _, known := f.misses.get(question); known {
		return "", errNoAnswer
	}
	if found, known := f.hits.get(question); known {
		return found, nil
	}
	found, err := ask(question)
	if err != nil {
		f.misses.put(question, "")
		return "", err
	}
	f.hits.put(question, found)
	return found, nil
}

// address is the address of a name.
func (f *dnsFilter) address(name string) (string, error) {
	if _, err := netip.ParseAddr(name); err == nil {
		return name, nil
	}
	ascii, err := idna.ToASCII(strings.TrimSuffix(name, "."))
	if err != nil || ascii == "" {
		return "", errNoAnswer
	}
	for _, full := range f.candidates(ascii) {
		var all []netip.Addr
		err = f.ask(func(ctx context.Context, server *net.Resolver) (err error) {
			all, err = server.LookupNetIP(ctx, "ip", full)
			return err
		})
		if err == nil && len(all) > 0 {
			best := all[0].Unmap()
			for _, a := range all {
				if a = a.Unmap(); a.Is4() {
					best = a
					break
				}
			}
			return best.WithZone("").String(), nil
		}
		if err != nil && !errors.Is(err, errNoAnswer) {
			return "", err
		}
	}
	return "", errNoAnswer
}

// candidates are the names to ask for, with a dot at the end so that the system's own search domains do not come in where
// servers are named.
func (f *dnsFilter) candidates(name string) []string {
	if f.search == nil && f.ndots == 0 {
		return []string{name}
	}
	if strings.Count(name, ".") >= f.ndots {
		return []string{name + "."}
	}
	names := make([]string, 0, len(f.search)+1)
	for _, domain := range f.search {
		names = append(names, name+"."+strings.Trim(domain, ".")+".")
	}
	return append(names, name+".")
}

// name is the name of an address.
func (f *dnsFilter) name(address string) (string, error) {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return "", errNoAnswer
	}
	var names []string
	err = f.ask(func(ctx context.Context, server *net.Resolver) (err error) {
		names, err = server.LookupAddr(ctx, a.WithZone("").String())
		return err
	})
	switch {
	case err != nil:
		return "", err
	case len(names) == 0:
		return "", errNoAnswer
	}
	name := strings.TrimSuffix(names[0], ".")
	if shown, err := idna.ToUnicode(name); err == nil {
		name = shown
	}
	return name, nil
}

// ask asks the servers in turn until one answers, and all of them again after timeouts. The error is errNoAnswer where
// there is no such name, and context.DeadlineExceeded where none answered in time.
func (f *dnsFilter) ask(question func(context.Context, *net.Resolver) error) error {
	var last error
	for range f.tries {
		for _, server := range f.servers {
			ctx, cancel := context.WithTimeout(context.Background(), f.timeout)
			err := question(ctx, server)
			cancel()
			var failed *net.DNSError
			switch {
			case err == nil:
				return nil
			case errors.As(err, &failed) && failed.IsNotFound:
				return errNoAnswer
			case errors.As(err, &failed) && failed.IsTimeout:
				last = context.DeadlineExceeded
			default:
				last = err
			}
		}
		if !errors.Is(last, context.DeadlineExceeded) {
			break
		}
	}
	return last
}
