package processor

import (
	"net/netip"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/mustache"
)

// networkDirection tells whether a connection comes from inside, goes inside, both or neither.
type networkDirection struct {
	source, destination, target *path
	networks                    []*mustache.Template
	networksField               *path
	ignoreMissing               bool
}

func newNetworkDirection(c *config) (Processor, error) {
	p := &networkDirection{
		source: c.pathOr("source_ip", "source.ip"), destination: c.pathOr("destination_ip", "destination.ip"),
		target: c.pathOr("target_field", "network.direction"), ignoreMissing: c.flag("ignore_missing", true),
	}
	given := c.has("internal_networks")
	for _, name := range c.strsOr("internal_networks", nil) {
		p.networks = append(p.networks, c.templateOf("internal_networks", name, mustache.JSON))
	}
	if name := c.strOr("internal_networks_field", ""); name != "" {
		p.networksField = c.pathOf("internal_networks_field", name)
	}
	switch {
	case !given && p.networksField == nil:
		c.fail("internal_networks", "or [internal_networks_field] must be specified")
	case given && p.networksField != nil:
		c.fail("internal_networks", "and [internal_networks_field] cannot both be used in the same processor")
	}
	return p, c.err
}

// Run sets the direction.
func (p *networkDirection) Run(d *Document) error {
	direction, err := p.direction(d)
	switch {
	case err != nil:
		return err
	case direction == "" && p.ignoreMissing:
		return nil
	case direction == "":
		return eserr.IllegalArgument("unable to calculate network direction from document")
	}
	return d.set(p.target, event.StringOf(direction))
}

func (p *networkDirection) direction(d *Document) (string, error) {
	networks, there, err := p.internal(d)
	if err != nil || !there {
		return "", err
	}
	var inside [2]bool
	for i, field := range []*path{p.source, p.destination} {
		text, present, err := d.text(field, p.ignoreMissing)
		if err != nil || !present {
			return "", err
		}
		if inside[i], err = inAnyNetwork(text, networks); err != nil {
			return "", err
		}
	}
	switch {
	case inside[0] && inside[1]:
		return "internal", nil
	case inside[0]:
		return "outbound", nil
	case inside[1]:
		return "inbound", nil
	}
	return "external", nil
}

func (p *networkDirection) internal(d *Document) (networks []string, there bool, err error) {
	if p.networksField == nil {
		for _, t := range p.networks {
			name, err := d.render(t)
			if err != nil {
				return nil, false, err
			}
			networks = append(networks, name)
		}
		return networks, true, nil
	}
	v, err := d.getMaybe(p.networksField, p.ignoreMissing)
	switch {
	case err != nil || v.Kind() == event.Null:
		return nil, false, err
	case v.Kind() != event.Array:
		return nil, false, cannotCast(p.networksField.text, v, "java.util.ArrayList")
	}
	for _, item := range v.Items() {
		networks = append(networks, textOf(item))
	}
	return networks, true, nil
}

// parseAddress reads an address with Elasticsearch's error.
func parseAddress(text string) (netip.Addr, error) {
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return addr, eserr.IllegalArgument("'%s' is not an IP string literal.", text)
	}
	return addr.Unmap(), nil
}

func inAnyNetwork(text string, networks []string) (bool, error) {
	addr, err := parseAddress(text)
	if err != nil {
		return false, err
	}
	for _, network := range networks {
		inside, err := inNetwork(addr, network)
		if err != nil || inside {
			return inside, err
		}
	}
	return false, nil
}

// privateNetworks are what the network called private is.
var privateNetworks = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fd00::/8"),
}

var broadcast = netip.MustParseAddr("255.255.255.255")

func isPrivate(addr netip.Addr) bool {
	for _, n := range privateNetworks {
		if n.Contains(addr) {
			return true
		}
	}
	return false
}

// inNetwork tells whether an address lies in a network, which is named or written as a prefix.
func inNetwork(addr netip.Addr, network string) (bool, error) {
	switch network {
	case "loopback":
		return addr.IsLoopback(), nil
	case "global_unicast", "unicast":
		return addr != broadcast && !addr.IsUnspecified() && !addr.IsLoopback() && !addr.IsMulticast() && !addr.IsLinkLocalUnicast(), nil
	case "link_local_unicast":
		return addr.IsLinkLocalUnicast(), nil
	case "interface_local_multicast":
		return addr.IsInterfaceLocalMulticast(), nil
	case "link_local_multicast":
		return addr.IsLinkLocalMulticast(), nil
	case "multicast":
		return addr.IsMulticast(), nil
	case "unspecified":
		return addr.IsUnspecified(), nil
	case "private":
		return isPrivate(addr), nil
	case "public":
		return !isPrivate(addr) && !addr.IsLoopback() && !addr.IsUnspecified() && !addr.IsLinkLocalUnicast() &&
			!addr.IsLinkLocalMulticast() && !addr.IsInterfaceLocalMulticast() && addr != broadcast, nil
	}
	prefix, err := netip.ParsePrefix(network)
	if err != nil {
		return false, eserr.IllegalArgument("Expected [ip/prefix] but was [%s]", network)
	}
	return prefix.Contains(addr), nil
}
