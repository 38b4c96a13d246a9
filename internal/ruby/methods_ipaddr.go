package ruby

import (
	"net/netip"
	"strings"
)

// ipAddr is an IPAddr: an address or, with fewer bits, a network.
type ipAddr struct{ netip.Prefix }

// newIPAddr is IPAddr.new("10.0.0.1"), or with a network: "10.0.0.0/8".
func newIPAddr(c *call) (Value, error) {
	if ip, ok := c.args[0].(ipAddr); ok {
		return ip, nil
	}
	s, err := textArg(c.args[0])
	if err != nil {
		return nil, err
	}
	return parseIPAddr(s)
}

func parseIPAddr(s string) (ipAddr, error) {
	text := strings.Trim(s, "[]")
	if strings.Contains(text, "/") {
		if p, err := netip.ParsePrefix(text); err == nil {
			return ipAddr{p.Masked()}, nil
		}
	} else if a, err := netip.ParseAddr(text); err == nil {
		return ipAddr{netip.PrefixFrom(a.WithZone(""), a.BitLen())}, nil
	}
	return ipAddr{}, raisef("IPAddr::InvalidAddressError", "invalid address: %s", s)
}

// holds is include?: whether v, an address, a network or the text of one, lies in p.
func (p ipAddr) holds(v Value) (bool, error) {
	other, ok := v.(ipAddr)
	if !ok {
		s, isText := v.(string)
		if !isText {
			return false, nil
		}
		var err error
		if other, err = parseIPAddr(s); err != nil {
			return false, err
		}
	}
	return p.Bits() <= other.Bits() && p.Contains(other.Addr()), nil
}

func ipTest(is func(netip.Addr) bool) *method {
	return &method{0, 0, 0, func(c *call) (Value, error) { return is(c.recv.(ipAddr).Addr()), nil }}
}

var ipHolds = &method{1, 1, 0, func(c *call) (Value, error) {
	in, err := c.recv.(ipAddr).holds(c.args[0])
	return in, err
}}

var ipMethods = table{
	"include?":    ipHolds,
	"===":         ipHolds,
	"ipv4?":       ipTest(netip.Addr.Is4),
	"ipv6?":       ipTest(netip.Addr.Is6),
	"private?":    ipTest(netip.Addr.IsPrivate),
	"loopback?":   ipTest(netip.Addr.IsLoopback),
	"link_local?": ipTest(netip.Addr.IsLinkLocalUnicast),
	"prefix":      {0, 0, 0, func(c *call) (Value, error) { return int64(c.recv.(ipAddr).Bits()), nil }},
	"to_i": {0, 0, 0, func(c *call) (Value, error) {
		a := c.recv.(ipAddr).Addr()
		if !a.Is4() {
			return nil, raisef("RangeError", "the number of an IPv6 address does not fit 64 bits")
		}
		b := a.As4()
		return int64(b[0])<<24 | int64(b[1])<<16 | int64(b[2])<<8 | int64(b[3]), nil
	}},
}
