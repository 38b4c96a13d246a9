package exec

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

// stringStatsNode describes strings. Characters are UTF-16 units, as Elasticsearch counts them.
type stringStatsNode struct {
	field            *field
	missing          []byte // nil leaves documents without a value out
	showDistribution bool
}

func compileStringStats(c *compiler, b *agg.StringStats, _ []*aggPlan) (aggNode, error) {
	f, err := c.valuesField(b.Field)
	if err != nil {
		return nil, err
	}
	if f != nil && f.class != classKeyword {
		return nil, notSupportedOn(f, "string_stats")
	}
	n := &stringStatsNode{field: f, showDistribution: b.ShowDistribution}
	switch {
	case f.isConstant():
		n.field, n.missing = nil, []byte(f.constant)
	case b.Missing != nil:
		n.missing = []byte(b.Missing.Text)
	}
	return n, nil
}

func (n *stringStatsNode) collector(_ collectors, acct *account) collector {
	return &stringStatsCollector{node: n, acct: acct}
}

type stringStatsCollector struct {
	node  *stringStatsNode
	acct  *account
	col   *leafColumn
	state []*stringFigures
}

func (s *stringStatsCollector) bind(at *leafPlace) error {
	s.col = nil
	if s.node.field != nil {
		s.col = at.leaf.column(s.node.field.view.column)
	}
	return nil
}

func (s *stringStatsCollector) collect(d *docs) error {
	var err error
	if s.state, err = growBuckets(s.state, d.limit, s.acct, 8); err != nil {
		return err
	}
	if s.col == nil {
		return s.collectMissing(d)
	}
	b, err := s.col.rows(d.block, d.rows)
	if err != nil {
		return err
	}
	view := &s.node.field.view
	for i, r := range d.rows {
		f, err := s.bucket(d.bucket(i))
		if err != nil {
			return err
		}
		seen := false
		for lo, hi := b.Range(int(r)); lo < hi; lo++ {
			if text, ok := view.see(s.col.text(b, lo)); ok {
				seen = true
				if err := f.add(text, s.acct); err != nil {
					return err
				}
			}
		}
		if !seen && s.node.missing != nil {
			if err := f.add(s.node.missing, s.acct); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *stringStatsCollector) collectMissing(d *docs) error {
	if s.node.missing == nil {
		return nil
	}
	for i := range d.rows {
		f, err := s.bucket(d.bucket(i))
		if err != nil {
			return err
		}
		if err := f.add(s.node.missing, s.acct); err != nil {
			return err
		}
	}
	return nil
}

func (s *stringStatsCollector) bucket(b uint32) (*stringFigures, error) {
	if s.state[b] == nil {
		if err := s.acct.grow(stringFigureBytes); err != nil {
			return nil, err
		}
		s.state[b] = &stringFigures{}
	}
	return s.state[b], nil
}

func (s *stringStatsCollector) partial(bucket uint32) partial {
	p := &stringStatsPartial{node: s.node}
	if int(bucket) < len(s.state) && s.state[bucket] != nil {
		p.stringFigures = *s.state[bucket]
	}
	if s.node.field == nil && s.node.missing == nil {
		return &unmappedPartial{p}
	}
	return p
}

// stringFigures are those of one bucket.
type stringFigures struct {
	count, units int64
	least, most  int64
	ascii        [utf8.RuneSelf]int64
	others       map[uint16]int64
}

const stringFigureBytes = 8*utf8.RuneSelf + 48

func (f *stringFigures) add(text []byte, acct *account) error {
	n := int64(0)
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			f.ascii[c]++
			n++
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		i += size
		if hi, lo := utf16.EncodeRune(r); hi != utf8.RuneError {
			n += 2
			if err := f.other(uint16(hi), acct); err != nil {
				return err
			}
			r = lo
		} else {
			n++
		}
		if err := f.other(uint16(r), acct); err != nil {
			return err
		}
	}
	if f.count == 0 {
		f.least, f.most = n, n
	}
	f.least, f.most = min(f.least, n), max(f.most, n)
	f.count++
	f.units += n
	return nil
}

func (f *stringFigures) other(unit uint16, acct *account) error {
	if f.others == nil {
		f.others = map[uint16]int64{}
	}
	if _, ok := f.others[unit]; !ok {
		if err := acct.grow(32); err != nil {
			return err
		}
	}
	f.others[unit]++
	return nil
}

type stringStatsPartial struct {
	stringFigures
	node *stringStatsNode
}

func (p *stringStatsPartial) merge(other partial) error {
	o := &other.(*stringStatsPartial).stringFigures
	switch {
	case o.count == 0:
		return nil
	case p.count == 0:
		p.stringFigures = *o
		return nil
	}
	p.count += o.count
	p.units += o.units
	p.least, p.most = min(p.least, o.least), max(p.most, o.most)
	for c, n := range o.ascii {
		p.ascii[c] += n
	}
	if p.others == nil {
		p.others = o.others
		return nil
	}
	for unit, n := range o.others {
		p.others[unit] += n
	}
	return nil
}

// shares lists the characters, the most frequent first.
func (p *stringStatsPartial) shares() []result.CharShare {
	var list []result.CharShare
	for c, n := range p.ascii {
		if n > 0 {
			list = append(list, result.CharShare{Char: string(rune(c)), Share: float64(n) / float64(p.units)})
		}
	}
	for _, unit := range slices.Sorted(maps.Keys(p.others)) {
		list = append(list, result.CharShare{Char: string(rune(unit)), Share: float64(p.others[unit]) / float64(p.units)})
	}
	slices.SortStableFunc(list, func(a, b result.CharShare) int { return cmp.Compare(b.Share, a.Share) })
	return list
}

func (p *stringStatsPartial) entropy(list []result.CharShare) float64 {
	sum := 0.0
	for _, c := range list {
		sum += c.Share * math.Log2(c.Share)
	}
	return 0 - sum
}

// value implements valued.
func (p *stringStatsPartial) value(property string) (float64, bool) {
	return p.print().Figure(property)
}

func (p *stringStatsPartial) print() *result.StringStats {
	list := p.shares()
	out := &result.StringStats{Count: p.count, MinLength: p.least, MaxLength: p.most, Entropy: p.entropy(list), Distribution: wholeChars(list), ShowDistribution: p.node.showDistribution}
	if p.count > 0 {
		out.AvgLength = float64(p.units) / float64(p.count)
	}
	return out
}

func (p *stringStatsPartial) result(*reducer) (result.Agg, error) { return p.print(), nil }

// wholeChars puts the units that are no character by themselves, being half of one, together.
func wholeChars(list []result.CharShare) []result.CharShare {
	halves := 0.0
	whole := list[:0]
	for _, c := range list {
		if c.Char == string(utf8.RuneError) {
			halves += c.Share
			continue
		}
		whole = append(whole, c)
	}
	if halves > 0 {
		whole = append(whole, result.CharShare{Char: string(utf8.RuneError), Share: halves})
	}
	return whole
}
