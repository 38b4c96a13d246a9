package agg

import (
	"slices"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// AutoDateHistogram makes about so many buckets of time: the shortest interval is taken that makes no more.
type AutoDateHistogram struct {
	Source
	Buckets int
	// MinimumInterval is the shortest unit to take, "" for a second.
	MinimumInterval string
	// TimeZone is an offset or a zone's name; empty is UTC.
	TimeZone string
}

// Kind returns "auto_date_histogram".
func (*AutoDateHistogram) Kind() string { return "auto_date_histogram" }

// Family returns Bucket.
func (*AutoDateHistogram) Family() Family { return Bucket }

func (b *AutoDateHistogram) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.Int("buckets", int64(b.Buckets))
	w.StringIf("minimum_interval", b.MinimumInterval)
	w.StringIf("time_zone", b.TimeZone)
	return w.End()
}

// AutoUnits are the units that an auto_date_histogram may take, the shortest first.
var AutoUnits = []string{"second", "minute", "hour", "day", "month", "year"}

func parseAutoDateHistogram(p *parser, n *jsonval.Node) (Body, error) {
	b := &AutoDateHistogram{Buckets: 10}
	err := p.options(n, p.source(&b.Source, options{
		"buckets":          p.count(&b.Buckets),
		"minimum_interval": p.text(&b.MinimumInterval),
		"time_zone":        p.text(&b.TimeZone),
	}))
	switch {
	case err != nil:
		return nil, err
	case b.Field == "":
		return nil, p.noField()
	case b.Buckets == 0:
		return nil, eserr.IllegalArgument("buckets must be greater than 0 for [%s]", p.name)
	case b.MinimumInterval != "" && !slices.Contains(AutoUnits, b.MinimumInterval):
		return nil, p.inField(n.Get("minimum_interval"), "minimum_interval", eserr.IllegalArgument("minimum_interval must be one of [[minute, month, year, day, hour, second]]"))
	}
	_, err = dates.Zone(b.TimeZone)
	return b, err
}

// VariableWidthHistogram makes about so many buckets of numbers that lie close together.
type VariableWidthHistogram struct {
	Source
	Buckets int
	// ShardSize and InitialBuffer are how many groups of values and how many values are kept while collecting.
	ShardSize, InitialBuffer int
}

// Kind returns "variable_width_histogram".
func (*VariableWidthHistogram) Kind() string { return "variable_width_histogram" }

// Family returns Bucket.
func (*VariableWidthHistogram) Family() Family { return Bucket }

func (b *VariableWidthHistogram) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.Int("buckets", int64(b.Buckets))
	if b.ShardSize != 50*b.Buckets {
		w.Int("shard_size", int64(b.ShardSize))
	}
	if b.InitialBuffer != min(10*b.ShardSize, maxInitialBuffer) {
		w.Int("initial_buffer", int64(b.InitialBuffer))
	}
	return w.End()
}

// maxInitialBuffer is how many values are kept at most where the request does not say.
const maxInitialBuffer = 50_000

func parseVariableWidthHistogram(p *parser, n *jsonval.Node) (Body, error) {
	b := &VariableWidthHistogram{Buckets: 10, ShardSize: -1, InitialBuffer: -1}
	err := p.options(n, p.source(&b.Source, options{
		"buckets":        p.count(&b.Buckets),
		"shard_size":     p.count(&b.ShardSize),
		"initial_buffer": p.count(&b.InitialBuffer),
	}))
	if b.ShardSize < 0 {
		b.ShardSize = 50 * b.Buckets
	}
	if b.InitialBuffer < 0 {
		b.InitialBuffer = min(10*b.ShardSize, maxInitialBuffer)
	}
	switch {
	case err != nil:
		return nil, err
	case b.Field == "":
		return nil, p.noField()
	case b.Buckets == 0:
		return nil, eserr.IllegalArgument("buckets must be greater than [0] for [%s]", p.name)
	case b.Buckets > maxInitialBuffer:
		return nil, eserr.IllegalArgument("buckets must be less than or equal to %d for [%s]", maxInitialBuffer, p.name)
	case b.ShardSize <= 1:
		return nil, eserr.IllegalArgument("shard_size must be greater than [1] for [%s]", p.name)
	case b.ShardSize < b.Buckets:
		return nil, eserr.IllegalArgument("[shard_size] must be greater than or equal to [buckets] for [%s]", p.name)
	case b.InitialBuffer < b.Buckets:
		return nil, eserr.IllegalArgument("initial_buffer must be at least buckets but was [%d<%d] for [%s]", b.InitialBuffer, b.Buckets, p.name)
	}
	return b, nil
}
