package exec

import (
	"cmp"
	"slices"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

// geoGridNode makes a bucket per cell of a grid over the earth.
type geoGridNode struct {
	body  *agg.GeoGrid
	cells geoCells
	field *field // nil: the index does not have it
	subs  []*aggPlan
}

func compileGeoGrid(c *compiler, b *agg.GeoGrid, subs []*aggPlan) (aggNode, error) {
	f, err := c.geoPoints(b.Field, b.Name)
	return &geoGridNode{body: b, cells: geoCells{tiles: b.Name == "geotile_grid", precision: b.Precision}, field: f, subs: subs}, err
}

// geoPoints finds a field of positions; nil when the index does not have it.
func (c *compiler) geoPoints(name, kind string) (*field, error) {
	f, err := c.valuesField(name)
	if err == nil && f != nil && f.class != classGeo {
		err = notSupportedOn(f, kind)
	}
	return f, err
}

// accepts says whether a cell reaches into the bounds that were asked for.
func (n *geoGridNode) accepts(cell int64) bool {
	return n.body.Bounds == nil || n.body.Bounds.Meets(n.cells.box(cell))
}

func (n *geoGridNode) collector(subs collectors, acct *account) collector {
	g := &geoGridCollector{node: n, subs: subs, grid: newGrid(acct)}
	g.keyer = newNumberKeyer("", n.accepts, acct)
	return g
}

type geoGridCollector struct {
	node  *geoGridNode
	subs  collectors
	grid  *grid
	keyer *numberKeyer
	leaf  *leaf
	col   *leafColumn
}

func (g *geoGridCollector) bind(at *leafPlace) error {
	g.leaf, g.col = at.leaf, nil
	if g.node.field != nil {
		g.col = at.leaf.column(g.node.field.view.column)
	}
	return g.subs.bind(at)
}

func (g *geoGridCollector) collect(d *docs) error {
	if g.col == nil {
		return nil
	}
	b, err := g.col.rows(d.block, d.rows)
	if err != nil {
		return err
	}
	if b.Kind != column.Fixed16 {
		return errKind(g.col, column.Fixed16)
	}
	k, err := gather(&g.keyer.keyBuffer, d, b, cellLookup{g, b})
	if err != nil || len(k.rows) == 0 {
		return err
	}
	return g.grid.collect(k, g.keyer.limit(), g.leaf, d.block, g.subs)
}

// cellLookup finds the keys of positions.
type cellLookup struct {
	g *geoGridCollector
	b *column.Block
}

func (l cellLookup) keyAt(i int) (uint32, error) {
	return l.g.keyer.intern(l.g.node.cells.cell(segment.GeoPoint(l.b.Bytes(i))))
}

func (g *geoGridCollector) partial(parent uint32) partial {
	p := &geoGridPartial{node: g.node, bucketList: bucketList{acct: g.grid.acct}}
	if g.node.field == nil {
		return &unmappedPartial{p}
	}
	g.grid.children(parent, func(key, bucket uint32, count int64) {
		p.list = append(p.list, bucketPart{num: g.keyer.values[key], count: count, subs: g.subs.partials(bucket)})
	})
	return p
}

type geoGridPartial struct {
	bucketList
	node *geoGridNode
}

func (p *geoGridPartial) merge(o partial) error { return p.mergeList(&o.(*geoGridPartial).bucketList) }

// result prints the fullest cells; of equal ones those with the greater number.
func (p *geoGridPartial) result(r *reducer) (result.Agg, error) {
	slices.SortFunc(p.list, func(a, b bucketPart) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(b.num, a.num)) })
	list := p.list[:min(len(p.list), p.node.body.Size)]
	if err := r.addBuckets(len(list)); err != nil {
		return nil, err
	}
	out := &result.Buckets{Kind: p.node.body.Name, Buckets: make([]result.Bucket, len(list))}
	for i := range list {
		subs, err := r.results(p.node.subs, list[i].subs)
		if err != nil {
			return nil, err
		}
		out.Buckets[i] = result.Bucket{Key: jsonval.Str(p.node.cells.name(list[i].num)), DocCount: list[i].count, Aggs: subs}
	}
	return out, nil
}
