package exec

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

// categorizeNode makes a bucket per kind of message. Messages are grouped by their words first, which for stored
// templates is done without reading a message; the groups are put into categories when all are known, the fullest
// first, so that the answer does not depend on the order of work.
type categorizeNode struct {
	body     *agg.CategorizeText
	field    *field // nil: the index does not have it
	filters  []*regexp.Regexp
	analyzer Analyzer // nil for the words of categoryTokens
	subs     []*aggPlan
}

func compileCategorizeText(c *compiler, b *agg.CategorizeText, subs []*aggPlan) (aggNode, error) {
	n := &categorizeNode{body: b, field: c.fields.lookup(b.Field), subs: subs}
	if n.field != nil && n.field.class != classText && n.field.class != classKeyword {
		return nil, eserr.IllegalArgument("categorize_text agg [%s] only works on text and keyword fields. Cannot aggregate field type [%s]", b.Field, n.field.typ)
	}
	for _, pattern := range b.Filters {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return nil, eserr.IllegalArgument("categorization_filters contains invalid regular expression '%s'", pattern)
		}
		n.filters = append(n.filters, re)
	}
	if b.Analyzer != "" {
		var ok bool
		if c.fields.index.Analyzers != nil {
			n.analyzer, ok = c.fields.index.Analyzers.Analyzer(b.Analyzer)
		}
		if !ok {
			return nil, eserr.IllegalArgument("Failed to find global analyzer [%s]", b.Analyzer)
		}
	}
	return n, nil
}

func (n *categorizeNode) collector(subs collectors, acct *account) collector {
	return &categorizeCollector{node: n, subs: subs, acct: acct, grid: newGrid(acct), ids: map[string]uint32{}}
}

type categorizeCollector struct {
	node *categorizeNode
	subs collectors
	acct *account
	grid *grid

	ids     map[string]uint32 // words of a message → key
	words   []string          // by key
	longest []int             // by key

	leaf *leaf
	col  *leafColumn
	// Where messages are stored as templates: the keys of the templates plus one, 0 where not known yet.
	templated column.Templated
	templates *column.Templates
	known     []uint32
	rows      column.TemplateRows
	local     []uint32

	out    keyed
	joined []byte
}

func (c *categorizeCollector) bind(at *leafPlace) error {
	c.leaf, c.col, c.templated, c.templates, c.known = at.leaf, nil, nil, nil, nil
	if c.node.field != nil {
		c.col = at.leaf.column(c.node.field.view.column)
	}
	if c.col != nil && len(c.node.filters) == 0 && c.node.analyzer == nil && c.node.field.view.plain() {
		if t, ok := c.col.col.(column.Templated); ok {
			dictionary, err := t.Templates()
			if err != nil {
				return err
			}
			if dictionary != nil {
				c.templated, c.templates, c.known = t, dictionary, make([]uint32, dictionary.Len())
				if err := c.acct.grow(4 * dictionary.Len()); err != nil {
					return err
				}
			}
		}
	}
	return c.subs.bind(at)
}

func (c *categorizeCollector) collect(d *docs) error {
	if c.col == nil {
		return nil
	}
	c.out.rows, c.out.keys, c.out.parents = c.out.rows[:0], c.out.keys[:0], c.out.parents[:0]
	byTemplate := false
	if c.templated != nil {
		var err error
		if byTemplate, err = c.templated.ReadTemplates(d.block, &c.rows); err != nil {
			return err
		}
	}
	var err error
	if byTemplate {
		err = c.collectTemplates(d)
	} else {
		err = c.collectTexts(d)
	}
	if err != nil || len(c.out.rows) == 0 {
		return err
	}
	k := c.out
	if d.buckets == nil {
		k.parents = nil
	}
	return c.grid.collect(k, len(c.words), c.leaf, d.block, c.subs)
}

// put notes the key of position i of d.
func (c *categorizeCollector) put(d *docs, i int, key uint32) {
	c.out.rows = append(c.out.rows, d.rows[i])
	c.out.keys = append(c.out.keys, key)
	if d.buckets != nil {
		c.out.parents = append(c.out.parents, d.buckets[i])
	}
}

func (c *categorizeCollector) collectTemplates(d *docs) error {
	c.local = c.local[:0]
	for _, template := range c.rows.Used {
		c.local = append(c.local, c.known[template])
	}
	for i, r := range d.rows {
		if c.rows.Present != nil && !c.rows.Present.Has(int(r)) {
			continue
		}
		at := c.rows.Of[r]
		if key := c.local[at]; key != 0 {
			c.put(d, i, key-1)
			continue
		}
		text, ok, err := c.textOf(d.block, int(r))
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		template := c.rows.Used[at]
		if template == column.LiteralTemplate {
			key, err := c.keyOf(text, len(text))
			if err != nil {
				return err
			}
			c.put(d, i, key)
			continue
		}
		key, err := c.keyOf(c.render(int(template)), len(text))
		if err != nil {
			return err
		}
		c.known[template], c.local[at] = key+1, key+1
		c.put(d, i, key)
	}
	return nil
}

// render is a template's text with a mark in place of each variable.
func (c *categorizeCollector) render(template int) []byte {
	var text []byte
	for _, e := range c.templates.Elements(template) {
		text = append(text, c.templates.Text(e.String())...)
		if e.Kind() == column.ElementSlot {
			text = append(text, variablePart)
		}
	}
	return text
}

// textOf reads one message.
func (c *categorizeCollector) textOf(block, row int) ([]byte, bool, error) {
	b, err := c.col.granule(block, row/column.GranuleRows)
	if err != nil {
		return nil, false, err
	}
	lo, hi := b.Range(row % column.GranuleRows)
	if lo == hi {
		return nil, false, nil
	}
	text, ok := c.node.field.view.see(c.col.text(b, lo))
	return text, ok, nil
}

func (c *categorizeCollector) collectTexts(d *docs) error {
	for i, r := range d.rows {
		text, ok, err := c.textOf(d.block, int(r))
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		length := len(text)
		for _, re := range c.node.filters {
			text = re.ReplaceAll(text, nil)
		}
		key, err := c.keyOf(text, length)
		if err != nil {
			return err
		}
		c.put(d, i, key)
	}
	return nil
}

// keyOf numbers messages by their words.
func (c *categorizeCollector) keyOf(text []byte, length int) (uint32, error) {
	c.joined = c.joined[:0]
	add := func(token []byte) {
		if len(c.joined) > 0 {
			c.joined = append(c.joined, ' ')
		}
		c.joined = append(c.joined, token...)
	}
	if c.node.analyzer != nil {
		n := 0
		c.node.analyzer.Tokens(text, func(token []byte, _ int) bool {
			add(token)
			n++
			return n < maxCategoryTokens
		})
	} else {
		categoryTokens(text, add)
	}
	key, ok := c.ids[string(c.joined)]
	if !ok {
		if err := c.acct.grow(2*len(c.joined) + 80); err != nil {
			return 0, err
		}
		key = uint32(len(c.words))
		words := string(c.joined)
		c.ids[words] = key
		c.words, c.longest = append(c.words, words), append(c.longest, 0)
	}
	c.longest[key] = max(c.longest[key], length)
	return key, nil
}

func (c *categorizeCollector) partial(parent uint32) partial {
	p := &categorizePartial{node: c.node, acct: c.acct, groups: map[string]*messageGroup{}}
	if c.node.field == nil {
		return &unmappedPartial{p}
	}
	c.grid.children(parent, func(key, bucket uint32, count int64) {
		p.groups[c.words[key]] = &messageGroup{count, c.longest[key], c.subs.partials(bucket)}
	})
	return p
}

// messageGroup are messages with the same words.
type messageGroup struct {
	count   int64
	longest int
	subs    partials
}

type categorizePartial struct {
	node   *categorizeNode
	acct   *account
	groups map[string]*messageGroup // by words
}

func (p *categorizePartial) merge(other partial) error {
	for words, o := range other.(*categorizePartial).groups {
		g, ok := p.groups[words]
		if !ok {
			if err := p.acct.grow(mergedBytes); err != nil {
				return err
			}
			p.groups[words] = o
			continue
		}
		g.count += o.count
		g.longest = max(g.longest, o.longest)
		if err := g.subs.merge(o.subs); err != nil {
			return err
		}
	}
	return nil
}

// categories puts the groups into categories, the fullest first.
func (p *categorizePartial) categories() (*categorizer, error) {
	type item struct {
		words string
		*messageGroup
	}
	list := make([]item, 0, len(p.groups))
	for words, g := range p.groups {
		if words != "" { // nothing tells the kind of such a message
			list = append(list, item{words, g})
		}
	}
	slices.SortFunc(list, func(a, b item) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.words, b.words)) })
	c := newCategorizer(float64(p.node.body.SimilarityThreshold) / 100)
	for i, g := range list {
		if err := p.acct.stopAt(i); err != nil {
			return nil, err
		}
		if err := p.acct.grow(categoryBytes + 24*strings.Count(g.words, " ")); err != nil {
			return nil, err
		}
		one := c.add(strings.Split(g.words, " "), g.longest, g.count)
		if one.subs == nil {
			one.subs = g.subs
		} else if err := one.subs.merge(g.subs); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// categoryBytes is about what a category takes besides its words.
const categoryBytes = 240

func (p *categorizePartial) result(r *reducer) (result.Agg, error) {
	c, err := p.categories()
	if err != nil {
		return nil, err
	}
	out := &result.Buckets{Kind: "categorize_text", Buckets: []result.Bucket{}}
	for _, one := range c.list {
		if len(out.Buckets) == p.node.body.Size || one.count < p.node.body.MinDocCount {
			break
		}
		subs, err := r.results(p.node.subs, one.subs)
		if err != nil {
			return nil, err
		}
		out.Buckets = append(out.Buckets, result.Bucket{Key: jsonval.Str(c.name(one)), DocCount: one.count, Aggs: subs, Tail: []result.Member{
			{Name: "regex", JSON: jsonval.AppendString(nil, c.regex(one))},
			{Name: "max_matching_length", JSON: strconv.AppendInt(nil, int64(one.reach()), 10)},
		}})
	}
	return out, r.addBuckets(len(out.Buckets))
}
