package exec

import (
	"net/netip"
	"slices"
	"strconv"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

// ipPrefixNode makes a bucket per network of addresses. Its keys are the first addresses, of 16 bytes; a network of
// IPv4 addresses is one of those that have IPv6 addresses of their own.
type ipPrefixNode struct {
	keySource
	body *agg.IPPrefix
	subs []*aggPlan
}

func compileIPPrefix(c *compiler, b *agg.IPPrefix, subs []*aggPlan) (aggNode, error) {
	n := &ipPrefixNode{body: b, subs: subs, keySource: keySource{kind: "ip_prefix", class: classIP, missing: b.Missing}}
	var err error
	if n.field, _, err = c.addresses("ip_prefix", &b.Source); err != nil {
		return nil, err
	}
	if n.field != nil {
		n.field.view.normalizer = n.network
	}
	if b.Missing != nil {
		if _, err := n.textKey(*b.Missing); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// network is the first address of the one that an address is in.
func (n *ipPrefixNode) network(ip []byte) []byte {
	bits := n.body.PrefixLength
	if !n.body.IPv6 {
		bits += 96
	}
	first := netip.PrefixFrom(netip.AddrFrom16([16]byte(ip)), bits).Masked().Addr().As16()
	return first[:]
}

func (n *ipPrefixNode) collector(subs collectors, acct *account) collector {
	c := &ipPrefixCollector{node: n, subs: subs, grid: newGrid(acct)}
	c.keyer, _ = n.newKeyer(acct)
	return c
}

type ipPrefixCollector struct {
	node  *ipPrefixNode
	subs  collectors
	grid  *grid
	keyer *stringKeyer
	leaf  *leaf
}

func (c *ipPrefixCollector) bind(at *leafPlace) error {
	c.leaf = at.leaf
	if err := c.keyer.bind(at.leaf); err != nil {
		return err
	}
	if m := c.node.missing; m != nil {
		text, err := c.node.textKey(*m)
		if err != nil {
			return err
		}
		if c.keyer.missing, err = c.keyer.intern(c.node.network([]byte(text))); err != nil {
			return err
		}
	}
	return c.subs.bind(at)
}

func (c *ipPrefixCollector) collect(d *docs) error {
	k, err := c.keyer.keys(d)
	if err != nil || len(k.rows) == 0 {
		return err
	}
	return c.grid.collect(k, c.keyer.limit(), c.leaf, d.block, c.subs)
}

func (c *ipPrefixCollector) partial(parent uint32) partial {
	p := &ipPrefixPartial{node: c.node, bucketList: bucketList{acct: c.grid.acct, textKeys: true}}
	if c.node.unmapped() {
		return &unmappedPartial{p}
	}
	c.grid.children(parent, func(key, bucket uint32, count int64) {
		p.list = append(p.list, bucketPart{str: c.keyer.values[key], count: count, subs: c.subs.partials(bucket)})
	})
	return p
}

// ipPrefixPartial are the buckets of one parent.
type ipPrefixPartial struct {
	bucketList
	node *ipPrefixNode
}

func (p *ipPrefixPartial) merge(o partial) error {
	return p.mergeList(&o.(*ipPrefixPartial).bucketList)
}

func (p *ipPrefixPartial) result(r *reducer) (result.Agg, error) {
	body := p.node.body
	list := slices.DeleteFunc(p.list, func(b bucketPart) bool { return b.count < body.MinDocCount })
	slices.SortFunc(list, func(a, b bucketPart) int { return compareTexts(&a, &b) })
	if err := r.addBuckets(len(list)); err != nil {
		return nil, err
	}
	out := &result.Buckets{Kind: "ip_prefix", Keyed: body.Keyed, Buckets: make([]result.Bucket, 0, len(list))}
	for i := range list {
		subs, err := r.results(p.node.subs, list[i].subs)
		if err != nil {
			return nil, err
		}
		one := result.Bucket{DocCount: list[i].count, Aggs: subs}
		p.node.print(&one, []byte(list[i].str))
		out.Buckets = append(out.Buckets, one)
	}
	return out, nil
}

func (n *ipPrefixNode) print(out *result.Bucket, first []byte) {
	key, length := formatIP(first), strconv.Itoa(n.body.PrefixLength)
	if n.body.AppendLength {
		key += "/" + length
	}
	if n.body.Keyed {
		out.KeyAsString = key
	} else {
		out.Key = jsonval.Str(key)
	}
	if !n.body.IPv6 {
		mask := netip.PrefixFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), n.body.PrefixLength).Masked().Addr()
		out.Head = []result.Member{{Name: "netmask", JSON: jsonval.AppendString(nil, mask.String())}}
	}
	out.Tail = []result.Member{
		{Name: "is_ipv6", JSON: strconv.AppendBool(nil, n.body.IPv6)},
		{Name: "prefix_length", JSON: []byte(length)},
	}
}
