package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Sampler makes one bucket of the documents with the best scores.
type Sampler struct {
	// ShardSize is how many documents each shard takes.
	ShardSize int
}

// Kind returns "sampler".
func (*Sampler) Kind() string { return "sampler" }

// Family returns Bucket.
func (*Sampler) Family() Family { return Bucket }

func (b *Sampler) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Int("shard_size", int64(b.ShardSize))
	return w.End()
}

func parseSampler(p *parser, n *jsonval.Node) (Body, error) {
	b := &Sampler{ShardSize: 100}
	if err := p.options(n, options{"shard_size": p.count(&b.ShardSize)}); err != nil {
		return nil, err
	}
	return b, p.checkShardSize(b.ShardSize)
}

func (p *parser) checkShardSize(size int) error {
	if size == 0 {
		return eserr.IllegalArgument("[shardSize] must be greater than 0. Found [0] in [%s]", p.name)
	}
	return nil
}

// DiversifiedSampler is a sampler that takes only so many documents with the same value.
type DiversifiedSampler struct {
	Source
	ShardSize int
	// MaxDocsPerValue is how many documents with the same value are taken.
	MaxDocsPerValue int
	// ExecutionHint chooses a strategy, not an answer.
	ExecutionHint string
}

// Kind returns "diversified_sampler".
func (*DiversifiedSampler) Kind() string { return "diversified_sampler" }

// Family returns Bucket.
func (*DiversifiedSampler) Family() Family { return Bucket }

func (b *DiversifiedSampler) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.Int("shard_size", int64(b.ShardSize))
	w.Int("max_docs_per_value", int64(b.MaxDocsPerValue))
	w.StringIf("execution_hint", b.ExecutionHint)
	return w.End()
}

func parseDiversifiedSampler(p *parser, n *jsonval.Node) (Body, error) {
	b := &DiversifiedSampler{ShardSize: 100, MaxDocsPerValue: 1}
	err := p.options(n, p.source(&b.Source, options{
		"shard_size":         p.count(&b.ShardSize),
		"max_docs_per_value": p.count(&b.MaxDocsPerValue),
		"execution_hint":     p.oneOf(&b.ExecutionHint, "map", "global_ordinals", "bytes_hash"),
	}))
	switch {
	case err != nil:
		return nil, err
	case b.Field == "":
		return nil, p.noField()
	case b.MaxDocsPerValue == 0:
		return nil, eserr.IllegalArgument("[maxDocsPerValue] must be greater than 0. Found [0] in [%s]", p.name)
	}
	return b, p.checkShardSize(b.ShardSize)
}

// RandomSampler makes one bucket of a random part of the documents, whose results stand for all of them. It stands at
// the top only.
type RandomSampler struct {
	// Probability is that of a document to be taken: up to a half, or 1.
	Probability float64
	// Seed chooses the part; nil lets the store choose.
	Seed, ShardSeed *int64
}

// Kind returns "random_sampler".
func (*RandomSampler) Kind() string { return "random_sampler" }

// Family returns Bucket.
func (*RandomSampler) Family() Family { return Bucket }

func (b *RandomSampler) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Float("probability", b.Probability)
	if b.Seed != nil {
		w.Int("seed", *b.Seed)
	}
	if b.ShardSeed != nil {
		w.Int("shard_seed", *b.ShardSeed)
	}
	return w.End()
}

func parseRandomSampler(p *parser, n *jsonval.Node) (Body, error) {
	b := &RandomSampler{}
	whole := func(target **int64) option {
		return func(at place, n *jsonval.Node) error {
			v, ok := n.Scalar().Int64()
			if !n.IsScalar() || !ok {
				return at.malformed(n, "a whole number")
			}
			*target = &v
			return nil
		}
	}
	err := p.options(n, options{"probability": p.float(&b.Probability), "seed": whole(&b.Seed), "shard_seed": whole(&b.ShardSeed)})
	switch {
	case err != nil:
		return nil, err
	case !(b.Probability > 0 && b.Probability <= 0.5) && b.Probability != 1:
		return nil, p.inField(n.Get("probability"), "probability", eserr.IllegalArgument("[probability] must be between 0.0 and 0.5 or exactly 1.0, was [%s]", javaDouble(b.Probability)))
	}
	return b, nil
}
