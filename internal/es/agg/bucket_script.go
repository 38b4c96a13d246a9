package agg

import (
	"strconv"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
)

// BucketScript adds to each bucket what a script makes of its numbers.
type BucketScript struct {
	Inputs
	Script *painless.Spec
	Gap    GapPolicy
	Format string
}

// BucketSelector keeps the buckets for which a script says true.
type BucketSelector struct {
	Inputs
	Script *painless.Spec
	Gap    GapPolicy
}

// Inputs are paths to numbers under the names that a script has them by.
type Inputs []Input

// Input is one of them.
type Input struct{ Name, Path string }

// Paths implements Piped.
func (in Inputs) Paths() []string {
	list := make([]string, len(in))
	for i := range in {
		list[i] = in[i].Path
	}
	return list
}

// Kind returns "bucket_script".
func (*BucketScript) Kind() string { return "bucket_script" }

// Kind returns "bucket_selector".
func (*BucketSelector) Kind() string { return "bucket_selector" }

// Family returns Pipeline.
func (*BucketScript) Family() Family { return Pipeline }

// Family returns Pipeline.
func (*BucketSelector) Family() Family { return Pipeline }

// Sibling returns false.
func (*BucketScript) Sibling() bool { return false }

// Sibling returns false.
func (*BucketSelector) Sibling() bool { return false }

func (b *BucketScript) check(v *pipeValidation, name string)   { v.hasParent(b.Kind(), name) }
func (b *BucketSelector) check(v *pipeValidation, name string) { v.hasParent(b.Kind(), name) }

func (b *BucketScript) appendBody(dst []byte) []byte {
	return b.append(dst, b.Script, b.Gap, b.Format)
}

func (b *BucketSelector) appendBody(dst []byte) []byte { return b.append(dst, b.Script, b.Gap, "") }

func (in Inputs) append(dst []byte, s *painless.Spec, gap GapPolicy, format string) []byte {
	w := jsonval.Begin(dst)
	w.Key("buckets_path")
	w.Value(func(dst []byte) []byte {
		o := jsonval.Begin(dst)
		for _, one := range in {
			o.String(one.Name, one.Path)
		}
		return o.End()
	})
	w.Raw("script", s.Raw)
	if gap != GapSkip {
		w.String("gap_policy", gap.String())
	}
	w.StringIf("format", format)
	return w.End()
}

func parseBucketScript(p *parser, n *jsonval.Node) (Body, error) {
	b := &BucketScript{}
	err := p.options(n, options{"buckets_path": p.inputs(&b.Inputs), "script": p.bucketScript(&b.Script), "gap_policy": p.gapPolicy(&b.Gap), "format": p.text(&b.Format)})
	if err != nil {
		return nil, err
	}
	return b, p.needInputs(n, b.Inputs, b.Script)
}

func parseBucketSelector(p *parser, n *jsonval.Node) (Body, error) {
	b := &BucketSelector{}
	err := p.options(n, options{"buckets_path": p.inputs(&b.Inputs), "script": p.bucketScript(&b.Script), "gap_policy": p.gapPolicy(&b.Gap)})
	if err != nil {
		return nil, err
	}
	return b, p.needInputs(n, b.Inputs, b.Script)
}

func (p *parser) needInputs(n *jsonval.Node, in Inputs, s *painless.Spec) error {
	if in == nil {
		return p.needPath(n, "")
	}
	return p.needScript(n, s)
}

// inputs reads paths by name; one alone is _value, those of an array _value0, _value1 and so on.
func (p *parser) inputs(target *Inputs) option {
	return func(at place, n *jsonval.Node) error {
		*target = Inputs{}
		switch n.Kind {
		case jsonval.String:
			*target = Inputs{{"_value", n.Text}}
		case jsonval.Array:
			for i, item := range n.Items {
				if item.Kind != jsonval.String {
					return at.unknownToken(&item)
				}
				*target = append(*target, Input{"_value" + strconv.Itoa(i), item.Text})
			}
		case jsonval.Object:
			for i, name := range n.Keys {
				if n.Items[i].Kind != jsonval.String {
					return at.unknownToken(&n.Items[i])
				}
				*target = append(*target, Input{name, n.Items[i].Text})
			}
		default:
			return at.unknownToken(n)
		}
		for _, one := range *target {
			if one.Path == "" {
				return eserr.IllegalArgument("[buckets_path] of aggregation [%s] has an empty path", p.name)
			}
		}
		return nil
	}
}
