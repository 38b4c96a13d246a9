package processor

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
)

// communityID names a flow between two addresses (Corelight's Community ID, version 1).
type communityID struct {
	sourceIP, sourcePort, destinationIP, destinationPort *path
	number, transport, icmpType, icmpCode, target        *path
	seed                                                 uint16
	ignoreMissing                                        bool
}

func newCommunityID(c *config) (Processor, error) {
	p := &communityID{
		sourceIP: c.pathOr("source_ip", "source.ip"), sourcePort: c.pathOr("source_port", "source.port"),
		destinationIP: c.pathOr("destination_ip", "destination.ip"), destinationPort: c.pathOr("destination_port", "destination.port"),
		number: c.pathOr("iana_number", "network.iana_number"), transport: c.pathOr("transport", "network.transport"),
		icmpType: c.pathOr("icmp_type", "icmp.type"), icmpCode: c.pathOr("icmp_code", "icmp.code"),
		target: c.pathOr("target_field", "network.community_id"), ignoreMissing: c.flag("ignore_missing", true),
	}
	seed := c.number("seed", 0)
	if seed < 0 || seed > 0xffff {
		c.fail("seed", "must be a value between 0 and 65535")
	}
	p.seed = uint16(seed)
	return p, c.err
}

// The protocols whose flows have ports, or what stands in their place.
const (
	protocolICMP   = 1
	protocolTCP    = 6
	protocolUDP    = 17
	protocolICMPv6 = 58
	protocolSCTP   = 132
)

var transportNumbers = map[string]int{
	"icmp": protocolICMP, "igmp": 2, "tcp": protocolTCP, "udp": protocolUDP, "gre": 47, "ipv6-icmp": protocolICMPv6, "icmp6": protocolICMPv6,
	"icmpv6": protocolICMPv6, "eigrp": 88, "ospf": 89, "pim": 103, "sctp": protocolSCTP,
}

// icmpReplies are the types of ICMP that answer each other, for version 4 and 6.
var icmpReplies = [2]map[int]int{
	{8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17, 10: 9, 9: 10},
	{128: 129, 129: 128, 133: 134, 134: 133, 135: 136, 136: 135, 130: 131, 131: 130, 144: 145, 145: 144, 139: 140, 140: 139},
}

// flow is what the name is made of.
type flow struct {
	source, destination         netip.Addr
	sourcePort, destinationPort int
	protocol                    int
	oneWay                      bool
}

// Run sets the name.
func (p *communityID) Run(d *Document) error {
	f, complete, err := p.flow(d)
	switch {
	case err != nil:
		return err
	case !complete && p.ignoreMissing:
		return nil
	case !complete:
		return eserr.IllegalArgument("unable to construct flow from document")
	}
	return d.set(p.target, event.StringOf(f.name(p.seed)))
}

func (p *communityID) flow(d *Document) (f flow, complete bool, err error) {
	for _, end := range []struct {
		field *path
		addr  *netip.Addr
	}{{p.sourceIP, &f.source}, {p.destinationIP, &f.destination}} {
		text, present, err := d.text(end.field, p.ignoreMissing)
		if err != nil || !present {
			return f, false, err
		}
		if *end.addr, err = parseAddress(text); err != nil {
			return f, false, err
		}
	}
	protocol, _ := d.lookup(p.number)
	if protocol.Kind() == event.Null {
		if protocol, err = d.getMaybe(p.transport, p.ignoreMissing); err != nil || protocol.Kind() == event.Null {
			return f, false, err
		}
	}
	if f.protocol, err = protocolNumber(protocol); err != nil {
		return f, false, err
	}
	switch f.protocol {
	case protocolTCP, protocolUDP, protocolSCTP:
		err = p.ports(d, &f)
	case protocolICMP, protocolICMPv6:
		err = p.icmp(d, &f)
	}
	return f, err == nil, err
}

func protocolNumber(v value) (int, error) {
	text := textOf(v)
	if n, ok := transportNumbers[strings.ToLower(text)]; ok {
		return n, nil
	}
	n, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return 0, eserr.IllegalArgument("could not convert string [%s] to transport protocol", text)
	case n < 0 || n >= 255: // 255 is reserved
		return 0, eserr.IllegalArgument("invalid transport protocol number [%d]", n)
	}
	return n, nil
}

func flowNumber(v value, what string) (int, error) {
	if v.Kind() == event.Null {
		return 0, nil
	}
	if v.IsNumber() {
		return int(v.Int()), nil
	}
	n, err := strconv.Atoi(v.Str())
	if err != nil {
		return 0, eserr.IllegalArgument("unable to parse %s [%s]", what, textOf(v))
	}
	return n, nil
}

func (p *communityID) ports(d *Document, f *flow) error {
	for _, end := range []struct {
		field *path
		port  *int
		name  string
	}{{p.sourcePort, &f.sourcePort, "source port"}, {p.destinationPort, &f.destinationPort, "destination port"}} {
		v, err := d.getMaybe(end.field, p.ignoreMissing)
		if err != nil {
			return err
		}
		if *end.port, err = flowNumber(v, end.name); err != nil {
			return err
		}
		if *end.port < 0 || *end.port > 0xffff {
			return eserr.IllegalArgument("invalid %s [%s]", end.name, textOf(v))
		}
	}
	return nil
}

// icmp puts the message's type, and the type that answers it or its code, where ports would be.
func (p *communityID) icmp(d *Document, f *flow) error {
	kind, _ := d.lookup(p.icmpType)
	code, _ := d.lookup(p.icmpCode)
	var err error
	if f.sourcePort, err = flowNumber(kind, "icmp type"); err != nil {
		return err
	}
	if f.destinationPort, err = flowNumber(code, "icmp code"); err != nil {
		return err
	}
	replies := icmpReplies[0]
	if f.protocol == protocolICMPv6 {
		replies = icmpReplies[1]
	}
	reply, answered := replies[f.sourcePort]
	if answered {
		f.destinationPort = reply
	}
	f.oneWay = !answered
	if f.sourcePort < 0 || f.sourcePort > 0xffff || f.destinationPort < 0 || f.destinationPort > 0xffff {
		return eserr.IllegalArgument("invalid icmp type [%s] or code [%s]", textOf(kind), textOf(code))
	}
	return nil
}

func (f *flow) name(seed uint16) string {
	from, to, fromPort, toPort := f.source, f.destination, f.sourcePort, f.destinationPort
	if order := from.Compare(to); !f.oneWay && (order > 0 || order == 0 && fromPort >= toPort) {
		from, to, fromPort, toPort = to, from, toPort, fromPort
	}
	data := binary.BigEndian.AppendUint16(nil, seed)
	data = append(append(data, from.AsSlice()...), to.AsSlice()...)
	data = append(data, byte(f.protocol), 0)
	switch f.protocol {
	case protocolTCP, protocolUDP, protocolSCTP, protocolICMP, protocolICMPv6:
		data = binary.BigEndian.AppendUint16(data, uint16(fromPort))
		data = binary.BigEndian.AppendUint16(data, uint16(toPort))
	}
	sum := sha1.Sum(data)
	return "1:" + base64.StdEncoding.EncodeToString(sum[:])
}
