package exec

import (
	"bytes"
	"cmp"
	"net/netip"
	"slices"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

// ipRangeNode is a bucket per range of addresses: from is included, to is not. Addresses have 16 bytes.
type ipRangeNode struct {
	field   *field // nil: the index does not have it
	ranges  []addressRange
	keyed   bool
	missing []byte
	subs    []*aggPlan
}

// addressRange has nil for an open end.
type addressRange struct {
	key      string
	from, to []byte
}

func compileIPRange(c *compiler, b *agg.IPRange, subs []*aggPlan) (aggNode, error) {
	f, missing, err := c.addresses("ip_range", &b.Source)
	if err != nil {
		return nil, err
	}
	n := &ipRangeNode{field: f, keyed: b.Keyed, subs: subs, missing: missing}
	for _, item := range b.Ranges {
		r, err := rangeOfAddresses(&item)
		if err != nil {
			return nil, err
		}
		n.ranges = append(n.ranges, r)
	}
	slices.SortStableFunc(n.ranges, func(a, b addressRange) int {
		return cmp.Or(bytes.Compare(a.from, b.from), compareEnds(a.to, b.to))
	})
	return n, nil
}

// compareEnds orders upper ends, of which an open one is the last.
func compareEnds(a, b []byte) int {
	if a == nil || b == nil {
		return cmp.Compare(bit(a == nil), bit(b == nil))
	}
	return bytes.Compare(a, b)
}

// addresses compiles the source of an aggregation over addresses.
func (c *compiler) addresses(kind string, s *agg.Source) (f *field, missing []byte, err error) {
	if f, err = c.valuesField(s.Field); err != nil {
		return nil, nil, err
	}
	if f != nil && f.class != classIP {
		return nil, nil, notSupportedOn(f, kind)
	}
	if _, _, err = keyFormat(f, s.Format); f != nil && err != nil {
		return nil, nil, err
	}
	if s.Missing != nil {
		ip, err := parseIP(s.Missing.Text)
		if err != nil {
			return nil, nil, err
		}
		b := ip.As16()
		missing = b[:]
	}
	return f, missing, nil
}

func rangeOfAddresses(item *agg.IPRangeItem) (r addressRange, err error) {
	r.key = item.Key
	if item.Mask != "" {
		network, err := netip.ParsePrefix(item.Mask)
		if err != nil {
			return r, eserr.IllegalArgument("'%s' is not an IP string literal.", item.Mask)
		}
		lo, hi := segment.NetworkEnds(network)
		r.from, r.to = lo, addressAfter(hi)
		if bytes.Equal(lo, make([]byte, 16)) {
			r.from = nil
		}
		r.key = cmp.Or(r.key, item.Mask)
	}
	for _, end := range []struct {
		text string
		to   *[]byte
	}{{item.From, &r.from}, {item.To, &r.to}} {
		if end.text == "" {
			continue
		}
		ip, err := parseIP(end.text)
		if err != nil {
			return r, err
		}
		b := ip.As16()
		*end.to = b[:]
	}
	if r.key == "" {
		r.key = endOfRange(r.from) + "-" + endOfRange(r.to)
	}
	return r, nil
}

// addressAfter is the next address, nil after the last.
func addressAfter(ip []byte) []byte {
	next := bytes.Clone(ip)
	for i := len(next) - 1; i >= 0; i-- {
		if next[i]++; next[i] != 0 {
			return next
		}
	}
	return nil
}

func endOfRange(ip []byte) string {
	if ip == nil {
		return "*"
	}
	return formatIP(ip)
}

func (r *addressRange) holds(ip []byte) bool {
	return bytes.Compare(ip, r.from) >= 0 && (r.to == nil || bytes.Compare(ip, r.to) < 0)
}

func (n *ipRangeNode) collector(subs collectors, acct *account) collector {
	return &ipRangeCollector{node: n, subs: subs, fixed: fixedBuckets{acct: acct, each: len(n.ranges)}}
}

type ipRangeCollector struct {
	node  *ipRangeNode
	subs  collectors
	fixed fixedBuckets
	col   *leafColumn
	kept  docs
}

func (c *ipRangeCollector) bind(at *leafPlace) error {
	c.fixed.leaf, c.col = at.leaf, nil
	if c.node.field != nil {
		c.col = at.leaf.column(c.node.field.view.column)
	}
	return c.subs.bind(at)
}

func (c *ipRangeCollector) collect(d *docs) error {
	if err := c.fixed.grow(d.limit); err != nil {
		return err
	}
	var b *column.Block
	if c.col != nil {
		var err error
		if b, err = c.col.block(d.block); err != nil {
			return err
		}
	}
	for i := range c.node.ranges {
		c.kept = docs{block: d.block, limit: d.limit, rows: c.kept.rows[:0], buckets: c.kept.buckets[:0]}
		for at, row := range d.rows {
			if c.inRange(b, int(row), &c.node.ranges[i]) {
				c.kept.rows = append(c.kept.rows, row)
				c.kept.buckets = append(c.kept.buckets, d.bucket(at))
			}
		}
		if err := c.fixed.collect(&c.kept, i, c.subs); err != nil {
			return err
		}
	}
	return nil
}

// inRange says whether one of a row's addresses lies in a range.
func (c *ipRangeCollector) inRange(b *column.Block, row int, r *addressRange) bool {
	lo, hi := 0, 0
	if b != nil {
		lo, hi = b.Range(row)
	}
	if lo == hi {
		return c.node.missing != nil && r.holds(c.node.missing)
	}
	for ; lo < hi; lo++ {
		if r.holds(c.col.text(b, lo)) {
			return true
		}
	}
	return false
}

func (c *ipRangeCollector) partial(parent uint32) partial {
	p := &fixedPartial{shape: c.node, parts: c.fixed.parts(parent, c.subs)}
	if c.node.field == nil && c.node.missing == nil {
		return &unmappedPartial{p}
	}
	return p
}

func (n *ipRangeNode) plans() []*aggPlan { return n.subs }

func (n *ipRangeNode) frame() *result.Buckets {
	return &result.Buckets{Kind: "ip_range", Keyed: n.keyed}
}

func (n *ipRangeNode) print(out *result.Bucket, i int) {
	r := &n.ranges[i]
	if n.keyed {
		out.KeyAsString = r.key
	} else {
		out.Key = jsonval.Str(r.key)
	}
	if r.from != nil {
		out.Head = append(out.Head, result.Member{Name: "from", JSON: jsonval.AppendString(nil, formatIP(r.from))})
	}
	if r.to != nil {
		out.Head = append(out.Head, result.Member{Name: "to", JSON: jsonval.AppendString(nil, formatIP(r.to))})
	}
}
