package exec

import (
	"math"
	"slices"
	"strconv"
	"time"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

// autoUnit is a unit of time with the numbers of it that an interval may have, as Elasticsearch has them.
type autoUnit struct {
	letter    string
	rounding  *dates.Rounding
	aboutMs   int64
	multiples []int64
}

// most is the greatest number of units in an interval.
func (u *autoUnit) most() int { return int(u.multiples[len(u.multiples)-1]) }

// autoUnits are those from a unit on, the shortest first.
func autoUnits(from string, zone *time.Location) []autoUnit {
	const second, day = 1000, 24 * 60 * 60 * 1000
	all := []autoUnit{
		{letter: "s", aboutMs: second, multiples: []int64{1, 5, 10, 30}},
		{letter: "m", aboutMs: 60 * second, multiples: []int64{1, 5, 10, 30}},
		{letter: "h", aboutMs: 60 * 60 * second, multiples: []int64{1, 3, 12}},
		{letter: "d", aboutMs: day, multiples: []int64{1, 7}},
		{letter: "M", aboutMs: 30 * day, multiples: []int64{1, 3}},
		{letter: "y", aboutMs: 365 * day, multiples: []int64{1, 5, 10, 20, 50, 100}},
	}
	for i, name := range agg.AutoUnits {
		unit, _ := dates.ParseUnit(name)
		all[i].rounding = dates.CalendarRounding(unit, 0, zone)
	}
	return all[max(slices.Index(agg.AutoUnits, from), 0):]
}

// autoDateNode makes about so many buckets of time. It collects by the shortest unit that can still be the one, and by
// longer ones as soon as it cannot; buckets of short units are joined at the end.
type autoDateNode struct {
	body   *agg.AutoDateHistogram
	field  *field // nil: the index does not have it
	units  []autoUnit
	times  []*dateHistogramNode // by unit, for keyers
	format *dates.Format
	zone   *time.Location
	subs   []*aggPlan
}

func compileAutoDateHistogram(c *compiler, b *agg.AutoDateHistogram, subs []*aggPlan) (aggNode, error) {
	n := &autoDateNode{body: b, subs: subs, format: dates.Default}
	limit := c.plan.req.MaxBuckets
	if limit == 0 {
		limit = defaultMaxBuckets
	}
	var err error
	if n.zone, err = dates.Zone(b.TimeZone); err != nil {
		return nil, err
	}
	n.units = autoUnits(b.MinimumInterval, n.zone)
	most := 0
	for i := range n.units[:max(len(n.units)-1, 1)] {
		most = max(most, n.units[i].most())
	}
	if ceiling := limit / most; b.Buckets > ceiling {
		return nil, eserr.IllegalArgument("buckets must be less than %d", ceiling)
	}
	if n.field, err = c.valuesField(b.Field); err != nil {
		return nil, err
	}
	if n.field != nil {
		if !n.field.isDate() && n.field.class != classInt {
			return nil, notSupportedOn(n.field, "auto_date_histogram")
		}
		n.format = n.field.dateFormat()
	}
	if b.Format != "" {
		if n.format, err = dates.Compile(b.Format); err != nil {
			return nil, err
		}
	}
	for i := range n.units {
		n.times = append(n.times, &dateHistogramNode{field: n.field, rounding: n.units[i].rounding, zone: n.zone, format: n.format,
			body: &agg.DateHistogram{}, hardMin: math.MinInt64, hardMax: math.MaxInt64})
	}
	if b.Missing != nil {
		ms, err := n.times[0].bound(c, *b.Missing)
		if err != nil {
			return nil, err
		}
		for i := range n.times {
			n.times[i].missing = &ms
		}
	}
	return n, nil
}

func (n *autoDateNode) collector(subs collectors, acct *account) collector {
	k := &timeKeyer{keyBuffer: keyBuffer{missing: noKey}, node: n.times[0], acct: acct, ids: map[int64]uint32{}}
	return &autoDateCollector{node: n, subs: subs, keyer: k, grid: newGrid(acct)}
}

type autoDateCollector struct {
	node  *autoDateNode
	subs  collectors
	grid  *grid
	keyer *timeKeyer
	unit  int
	from  int // keys there were when the unit was taken
	leaf  *leaf
}

func (c *autoDateCollector) bind(at *leafPlace) error {
	c.leaf = at.leaf
	if err := c.keyer.bind(at.leaf); err != nil {
		return err
	}
	return c.subs.bind(at)
}

func (c *autoDateCollector) collect(d *docs) error {
	k, err := c.keyer.keys(d)
	if err != nil || len(k.rows) == 0 {
		return err
	}
	if err := c.grid.collect(k, c.keyer.limit(), c.leaf, d.block, c.subs); err != nil {
		return err
	}
	return c.lengthen()
}

// lengthen takes a longer unit when the one at hand has made more buckets than it may. Which parent they are in is not
// known of buckets inside others, so there it is not done: what they take is accounted for.
func (c *autoDateCollector) lengthen() error {
	unit := &c.node.units[c.unit]
	if !c.grid.root || c.unit == len(c.node.units)-1 || c.keyer.limit()-c.from <= c.node.body.Buckets*unit.most() {
		return nil
	}
	c.unit++
	c.from = c.keyer.limit()
	c.keyer.node = c.node.times[c.unit]
	return c.keyer.bind(c.leaf)
}

func (c *autoDateCollector) partial(parent uint32) partial {
	p := &autoDatePartial{node: c.node, bucketList: bucketList{acct: c.grid.acct}}
	if c.node.field == nil && c.node.body.Missing == nil {
		return &unmappedPartial{p}
	}
	c.grid.children(parent, func(key, bucket uint32, count int64) {
		p.list = append(p.list, bucketPart{num: c.keyer.values[key], count: count, subs: c.subs.partials(bucket)})
	})
	return p
}

// autoDatePartial are the buckets of one parent, by whatever units they were collected.
type autoDatePartial struct {
	bucketList
	node *autoDateNode
}

func (p *autoDatePartial) merge(o partial) error {
	return p.mergeList(&o.(*autoDatePartial).bucketList)
}

func (p *autoDatePartial) result(r *reducer) (result.Agg, error) {
	slices.SortFunc(p.list, func(a, b bucketPart) int { return compareNums(&a, &b) })
	unit, err := p.lengthen(0)
	if err != nil {
		return nil, err
	}
	multiple := int64(1)
	if len(p.list) > 0 {
		unit = p.node.unitFor(p.list[0].num, p.list[len(p.list)-1].num, unit)
		if err := p.join(p.node.units[unit].rounding.Round); err != nil {
			return nil, err
		}
		if err := p.fill(r, p.node.units[unit].rounding); err != nil {
			return nil, err
		}
		if unit, err = p.lengthen(unit); err != nil {
			return nil, err
		}
		if multiple, err = p.joinNeighbours(&p.node.units[unit]); err != nil {
			return nil, err
		}
	}
	return p.print(r, strconv.FormatInt(multiple, 10)+p.node.units[unit].letter)
}

// lengthen joins buckets by longer units until there are few enough for an interval of the unit.
func (p *autoDatePartial) lengthen(unit int) (int, error) {
	for len(p.list) > p.node.body.Buckets*p.node.units[unit].most() && unit < len(p.node.units)-1 {
		unit++
		if err := p.join(p.node.units[unit].rounding.Round); err != nil {
			return unit, err
		}
	}
	return unit, nil
}

// join joins neighbours with the same key, as a function of keys has it.
func (p *autoDatePartial) join(keyOf func(key int64) int64) error {
	out := p.list[:0]
	for i := range p.list {
		if err := p.acct.stopAt(i); err != nil {
			return err
		}
		b := p.list[i]
		b.num = keyOf(b.num)
		if last := len(out) - 1; last >= 0 && out[last].num == b.num {
			out[last].count += b.count
			if err := out[last].subs.merge(b.subs); err != nil {
				return err
			}
			continue
		}
		out = append(out, b)
	}
	p.list = out
	return nil
}

// unitFor is the unit whose intervals from the first to the last key are few enough, empty ones included.
func (n *autoDateNode) unitFor(first, last int64, unit int) int {
	if unit == len(n.units)-1 {
		return unit
	}
	target := int64(n.body.Buckets)
	for i := unit + 1; i < len(n.units); i++ {
		if (last-first)/n.units[i].aboutMs < target*int64(n.units[i].most()) {
			unit = i - 1
			break
		}
	}
	for ; unit < len(n.units)-1; unit++ {
		limit, needed := target*int64(n.units[unit].most()), int64(0)
		for key := first; key < last && needed <= limit; needed++ {
			key = n.units[unit].rounding.Next(key)
		}
		if needed <= limit {
			break
		}
	}
	return unit
}

// fill adds the empty buckets in between.
func (p *autoDatePartial) fill(r *reducer, rounding *dates.Rounding) error {
	full := make([]bucketPart, 0, len(p.list))
	for i := range p.list {
		if i > 0 {
			for key := rounding.Next(p.list[i-1].num); key < p.list[i].num; key = rounding.Next(key) {
				full = append(full, bucketPart{num: key, subs: newCollectors(p.node.subs, nil).partials(noKey)})
				if r.buckets+len(full) > r.maxBuckets {
					return eserr.TooManyBuckets(r.maxBuckets)
				}
			}
		}
		full = append(full, p.list[i])
	}
	p.list = full
	return nil
}

// joinNeighbours joins so many neighbours each that there are few enough buckets.
func (p *autoDatePartial) joinNeighbours(unit *autoUnit) (multiple int64, err error) {
	n := int64(len(p.list))
	if n <= int64(p.node.body.Buckets) {
		return 1, nil
	}
	for _, multiple := range unit.multiples {
		if (n+multiple-1)/multiple > int64(p.node.body.Buckets) {
			continue
		}
		at, first := int64(-1), int64(0)
		return multiple, p.join(func(key int64) int64 {
			if at++; at%multiple == 0 {
				first = key
			}
			return first
		})
	}
	return 1, nil
}

func (p *autoDatePartial) print(r *reducer, interval string) (result.Agg, error) {
	if err := r.addBuckets(len(p.list)); err != nil {
		return nil, err
	}
	out := &result.Buckets{Kind: "auto_date_histogram", Buckets: make([]result.Bucket, 0, len(p.list)),
		Tail: []result.Member{{Name: "interval", JSON: jsonval.AppendString(nil, interval)}}}
	for i := range p.list {
		b := &p.list[i]
		subs, err := r.results(p.node.subs, b.subs)
		if err != nil {
			return nil, err
		}
		out.Buckets = append(out.Buckets, result.Bucket{Key: jsonval.Int(b.num), DocCount: b.count, Aggs: subs,
			KeyAsString: string(p.node.format.AppendMillis(nil, b.num, p.node.zone))})
	}
	return out, nil
}
