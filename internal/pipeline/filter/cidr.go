package filter

import (
	"math/bits"
	"net/netip"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var cidr = pipeline.FilterSpec{
	Name:    "cidr",
	Summary: "Tells whether one of some addresses lies in one of some networks: the common options are applied when it does.",
	Options: []plugin.Option{
		{Name: "address", Kind: plugin.Strings, Help: "Addresses, IPv4 or IPv6, mostly as %{references}. What is none is passed over."},
		{Name: "address_field", Kind: plugin.Field, Help: "Field with an address or an array of them, in place of address."},
		{Name: "network", Kind: plugin.Strings, Help: "Networks such as 10.0.0.0/8, 192.168.0.0/255.255.0.0, fe80::/10 or a single address; a text may hold several, with commas between, and %{references}."},
		{Name: "network_path", Kind: plugin.Path, Help: "File of networks, in place of network."},
		{Name: "separator", Kind: plugin.String, Default: "\n", Help: "What stands between the networks of that file."},
		{Name: "refresh_interval", Kind: plugin.Seconds, Default: 600, Help: "How often to look whether that file has changed."},
	},
	New: newCIDR,
}

// maxNetworkFileBytes bounds a file of networks: some million of them.
const maxNetworkFileBytes = 64 << 20

type cidrFilter struct {
	field     *event.Path       // or
	addresses []*event.Template //
	fixed     []netip.Prefix    // networks that are the same for every event
	templates []*event.Template // and those that are not
	file      *refreshed[[]netip.Prefix]
}

func newCIDR(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &cidrFilter{}
	var err error
	if f.field, err = pathOption(s, "address_field"); err != nil {
		return nil, err
	}
	if f.addresses, err = templatesOption(s, "address"); err != nil {
		return nil, err
	}
	switch {
	case f.field != nil && len(f.addresses) > 0:
		return nil, s.Errorf("address", "cannot stand beside address_field; put the field there as %%{%s}", f.field)
	case f.field == nil && len(f.addresses) == 0:
		s.Warn("address", "is not given, nor is address_field: nothing can match")
	}
	networks, err := templatesOption(s, "network")
	if err != nil {
		return nil, err
	}
	for _, t := range networks {
		text, constant := t.Constant()
		if !constant {
			f.templates = append(f.templates, t)
			continue
		}
		for item := range strings.SplitSeq(text, ",") {
			n, ok := parseNetwork(strings.TrimSpace(item))
			if !ok {
				s.Warn("network", "%q is no network and is passed over", item)
				continue
			}
			f.fixed = append(f.fixed, n)
		}
	}
	return f, f.openFile(env, s)
}

func (f *cidrFilter) openFile(env *pipeline.Env, s *plugin.Settings) error {
	if !s.Has("network_path") {
		return nil
	}
	if s.Has("network") {
		return s.Errorf("network_path", "cannot stand beside network")
	}
	separator := s.String("separator")
	if separator == "" {
		return s.Errorf("separator", "must not be empty")
	}
	f.file = &refreshed[[]netip.Prefix]{path: s.String("network_path"), interval: s.Duration("refresh_interval"), maxBytes: maxNetworkFileBytes,
		parse: func(data []byte, before []netip.Prefix) ([]netip.Prefix, error) {
			if len(data) == 0 {
				return before, nil // being written
			}
			var networks []netip.Prefix
			for item := range strings.SplitSeq(string(data), separator) {
				if n, ok := parseNetwork(strings.TrimSpace(item)); ok {
					networks = append(networks, n)
				}
			}
			return networks, nil
		}}
	if err := f.file.open(env); err != nil {
		return s.Errorf("network_path", "%v", err)
	}
	return nil
}

// parseNetwork reads an address, alone or with the length of its network part or a mask behind a slash.
func parseNetwork(text string) (netip.Prefix, bool) {
	host, mask, masked := strings.Cut(text, "/")
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if err != nil {
		return netip.Prefix{}, false
	}
	if !masked {
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	if m, err := netip.ParseAddr(mask); err == nil {
		length, ok := maskLength(m)
		return netip.PrefixFrom(addr, length).Masked(), ok && m.BitLen() == addr.BitLen()
	}
	p, err := netip.ParsePrefix(addr.WithZone("").String() + "/" + mask)
	return p.Masked(), err == nil
}

// maskLength counts the leading ones of a mask, and tells whether it has others.
func maskLength(mask netip.Addr) (ones int, ok bool) {
	ended := false
	for _, b := range mask.AsSlice() {
		n := bits.LeadingZeros8(^b)
		if ended && b != 0 || b<<n != 0 {
			return 0, false
		}
		ones, ended = ones+n, ended || n < 8
	}
	return ones, true
}

func (f *cidrFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	networks := f.fixed
	if f.file != nil {
		networks = f.file.get()
	}
	for _, t := range f.templates {
		for item := range strings.SplitSeq(t.Expand(ev), ",") {
			if n, ok := parseNetwork(strings.TrimSpace(item)); ok {
				networks = append(networks[:len(networks):len(networks)], n)
			}
		}
	}
	found := false
	f.each(ev, func(address string) {
		a, ok := parseNetwork(address)
		if !ok || found {
			return
		}
		for _, n := range networks {
			if n.Bits() <= a.Bits() && n.Contains(a.Addr()) {
				found = true
				return
			}
		}
	})
	if found {
		return pipeline.Matched
	}
	return pipeline.Unmatched
}

// each calls check with each of the event's addresses.
func (f *cidrFilter) each(ev *event.Event, check func(address string)) {
	if f.field == nil {
		for _, t := range f.addresses {
			check(t.Expand(ev))
		}
		return
	}
	v, _ := ev.Get(f.field)
	if v.Kind() != event.Array {
		check(v.Str())
		return
	}
	for _, item := range v.Items() {
		check(item.Str())
	}
}
