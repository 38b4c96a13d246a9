package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// GapPolicy says what a pipeline aggregation does with buckets that have no number.
type GapPolicy uint8

// The policies: leave the bucket out, take it as zero, or leave out only what has no number although it has no documents.
const (
	GapSkip GapPolicy = iota
	GapZeros
	GapKeep
)

// String returns the name in a request.
func (g GapPolicy) String() string {
	return [...]string{"skip", "insert_zeros", "keep_values"}[g]
}

// Skippable says that buckets without a number are left out.
func (g GapPolicy) Skippable() bool { return g != GapZeros }

// Pipe is what pipeline aggregations have in common: where the numbers stand, and how results are printed.
type Pipe struct {
	// Path leads to the numbers, relative to the level of the aggregation.
	Path   string
	Gap    GapPolicy
	Format string
}

// Piped is a modelled pipeline aggregation.
type Piped interface {
	Body
	// Paths are the ways to the numbers.
	Paths() []string
	// Sibling says that the aggregation stands beside the buckets it reads and yields one result; others stand inside
	// the buckets and yield one per bucket.
	Sibling() bool
	// check adds what is wrong with the options to the errors of the request.
	check(v *pipeValidation, name string)
}

// Paths implements Piped.
func (p *Pipe) Paths() []string { return []string{p.Path} }

func (p *Pipe) write(w *jsonval.Writer) {
	w.String("buckets_path", p.Path)
	p.writeRest(w)
}

func (p *Pipe) writeRest(w *jsonval.Writer) {
	if p.Gap != GapSkip {
		w.String("gap_policy", p.Gap.String())
	}
	w.StringIf("format", p.Format)
}

// pipe adds the options all have; a kind without a gap policy takes it out again.
func (p *parser) pipe(b *Pipe, more options) options {
	more["buckets_path"] = p.bucketsPath(&b.Path)
	more["gap_policy"] = p.gapPolicy(&b.Gap)
	more["format"] = p.text(&b.Format)
	return more
}

// pipeOnly reads a body and looks that there is a path.
func (p *parser) pipeOnly(n *jsonval.Node, b *Pipe, more options) error {
	if err := p.options(n, p.pipe(b, more)); err != nil {
		return err
	}
	return p.needPath(n, b.Path)
}

// needPath refuses a body without a path.
func (p *parser) needPath(n *jsonval.Node, path string) error {
	if path == "" {
		return p.fail(n, "Missing required field [buckets_path] for %s aggregation [%s]", p.kind, p.name)
	}
	return nil
}

// bucketsPath reads one path, which may stand in an array.
func (p *parser) bucketsPath(target *string) option {
	return func(at place, n *jsonval.Node) error {
		items := elements(n)
		if len(items) != 1 {
			return eserr.Validation("Validation Failed: 1: buckets_path must contain a single entry for aggregation [%s];", p.name)
		}
		if items[0].Kind != jsonval.String || items[0].Text == "" {
			return at.unknownToken(&items[0])
		}
		*target = items[0].Text
		return nil
	}
}

func (p *parser) gapPolicy(target *GapPolicy) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.String {
			return at.unknownToken(n)
		}
		for policy := GapSkip; policy <= GapKeep; policy++ {
			if n.Text == policy.String() {
				*target = policy
				return nil
			}
		}
		return p.fail(n, "Invalid gap policy: [%s], accepted values: [insert_zeros, skip, keep_values]", n.Text)
	}
}
