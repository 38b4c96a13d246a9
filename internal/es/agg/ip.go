package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// IPRange makes a bucket per given range of addresses; ranges may overlap.
type IPRange struct {
	Source
	Ranges []IPRangeItem
	Keyed  bool
}

// IPRangeItem is one range: From is inside, To is not, "" is open. Mask, when given, stands for both.
type IPRangeItem struct{ Key, From, To, Mask string }

// Kind returns "ip_range".
func (*IPRange) Kind() string { return "ip_range" }

// Family returns Bucket.
func (*IPRange) Family() Family { return Bucket }

func (b *IPRange) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.Key("ranges")
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i, r := range b.Ranges {
			if i > 0 {
				dst = append(dst, ',')
			}
			item := jsonval.Begin(dst)
			item.StringIf("key", r.Key)
			item.StringIf("from", r.From)
			item.StringIf("to", r.To)
			item.StringIf("mask", r.Mask)
			dst = item.End()
		}
		return append(dst, ']')
	})
	w.BoolIf("keyed", b.Keyed)
	return w.End()
}

func parseIPRange(p *parser, n *jsonval.Node) (Body, error) {
	b := &IPRange{}
	err := p.options(n, p.source(&b.Source, options{
		"ranges": p.ipRanges(&b.Ranges),
		"keyed":  p.boolean(&b.Keyed),
	}))
	switch {
	case err != nil:
		return nil, err
	case b.Field == "":
		return nil, p.noField()
	case len(b.Ranges) == 0:
		return nil, eserr.IllegalArgument("No [ranges] specified for the [%s] aggregation", p.name)
	}
	return b, nil
}

func (p *parser) ipRanges(target *[]IPRangeItem) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Array {
			return at.unknownToken(n)
		}
		for i := range n.Items {
			item := &n.Items[i]
			if item.Kind != jsonval.Object {
				return at.unknownToken(item)
			}
			var r IPRangeItem
			err := p.members(item, options{
				"key": p.text(&r.Key), "from": p.text(&r.From), "to": p.text(&r.To), "mask": p.text(&r.Mask),
			})
			if err != nil {
				return err
			}
			if r.Mask != "" && (r.From != "" || r.To != "") {
				return p.fail(item, "Invalid IP range: [mask] cannot be combined with [from] or [to]")
			}
			if r.Mask == "" && r.From == "" && r.To == "" && r.Key == "" {
				return eserr.IllegalArgument("Invalid IP range: one of [from], [to] and [mask] is needed")
			}
			*target = append(*target, r)
		}
		return nil
	}
}

// IPPrefix makes a bucket per network of addresses.
type IPPrefix struct {
	Source
	// PrefixLength is in bits: up to 32, or up to 128 with IPv6.
	PrefixLength int
	IPv6         bool
	// AppendLength prints the length behind the key.
	AppendLength bool
	Keyed        bool
	MinDocCount  int64
}

// Kind returns "ip_prefix".
func (*IPPrefix) Kind() string { return "ip_prefix" }

// Family returns Bucket.
func (*IPPrefix) Family() Family { return Bucket }

func (b *IPPrefix) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.Int("prefix_length", int64(b.PrefixLength))
	w.BoolIf("is_ipv6", b.IPv6)
	w.BoolIf("append_prefix_length", b.AppendLength)
	w.BoolIf("keyed", b.Keyed)
	w.Int("min_doc_count", b.MinDocCount)
	return w.End()
}

func parseIPPrefix(p *parser, n *jsonval.Node) (Body, error) {
	b := &IPPrefix{PrefixLength: -1, MinDocCount: 1}
	err := p.options(n, p.source(&b.Source, options{
		"prefix_length":        p.count(&b.PrefixLength),
		"is_ipv6":              p.boolean(&b.IPv6),
		"append_prefix_length": p.boolean(&b.AppendLength),
		"keyed":                p.boolean(&b.Keyed),
		"min_doc_count":        p.count64(&b.MinDocCount),
	}))
	bits, family := 32, "IPv4"
	if b.IPv6 {
		bits, family = 128, "IPv6"
	}
	switch {
	case err != nil:
		return nil, err
	case b.Field == "":
		return nil, p.noField()
	case b.PrefixLength < 0:
		return nil, eserr.IllegalArgument("Required [prefix_length]")
	case b.PrefixLength > bits:
		return nil, eserr.IllegalArgument("[prefix_length] must be in range [0, %d] while value is [%d] for %s", bits, b.PrefixLength, family)
	case b.MinDocCount == 0:
		return nil, eserr.IllegalArgument("[min_doc_count] must be greater than 0. Found [0] in [%s]", p.name)
	}
	return b, nil
}
