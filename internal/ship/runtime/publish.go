package runtime

import (
	"context"
	"sync/atomic"

	"elkhorn/internal/event"
	"elkhorn/internal/ship"
	"elkhorn/internal/ship/harvest"
	"elkhorn/internal/ship/processor"
)

const (
	// compatVersion is the version of Beats whose events ours look like; receivers put it in index names.
	compatVersion = "8.19.0"
	ecsVersion    = "8.0.0"
)

// publisher takes the events of one input: it adds what all of them have in common, processes, encodes and queues them.
type publisher struct {
	queue    *queue
	counters *counters
	common   event.Value // members every event gets, where it has none of its own
	share    bool        // nothing changes members of common, so events need no copies of them
	sets     []fieldSet
	tags     []string
	chain    processor.Chain
	metadata event.Value
	encoded  []byte       // metadata, for events that have none of their own
	size     atomic.Int64 // bytes of the last event encoded: the next one is much the same
	bulk     *bulkEncoder // nil for Lumberjack
}

// fieldSet is configured fields and where they go.
type fieldSet struct {
	below  string
	fields event.Value
}

// counters count events since the start.
type counters struct {
	published atomic.Int64
	dropped   atomic.Int64
	acked     atomic.Int64
	resent    atomic.Int64
}

func newPublisher(q *queue, c *counters, cfg *ship.Config, in *ship.Input, host string, chain processor.Chain) *publisher {
	p := &publisher{queue: q, counters: c, chain: chain, share: len(chain) == 0, common: event.NewObject(), metadata: event.NewObject()}
	name := cfg.Name
	if name == "" {
		name = host
	}
	agent := event.NewObject()
	agent.SetMember("type", event.StringOf("filebeat"))
	agent.SetMember("name", event.StringOf(name))
	agent.SetMember("version", event.StringOf(compatVersion))
	p.common.SetMember("agent", agent)
	ecs := event.NewObject()
	ecs.SetMember("version", event.StringOf(ecsVersion))
	p.common.SetMember("ecs", ecs)
	if !in.DisableHost {
		hostField := event.NewObject()
		hostField.SetMember("name", event.StringOf(name))
		p.common.SetMember("host", hostField)
	}
	// The input's fields are added last: they win.
	for _, set := range []struct {
		fields event.Value
		root   bool
	}{{cfg.Fields, cfg.FieldsRoot}, {in.Fields, in.FieldsRoot}} {
		below := "fields"
		if set.root {
			below = ""
		}
		if set.fields.Len() > 0 {
			p.sets = append(p.sets, fieldSet{below, set.fields})
			p.share = p.share && below != ""
		}
	}
	p.tags = append(append(p.tags, cfg.Tags...), in.Tags...)
	p.metadata.SetMember("beat", event.StringOf(cfg.Output.Beat))
	p.metadata.SetMember("type", event.StringOf("_doc"))
	p.metadata.SetMember("version", event.StringOf(compatVersion))
	if in.Pipeline != "" {
		p.metadata.SetMember("pipeline", event.StringOf(in.Pipeline))
	}
	p.encoded = p.metadata.AppendJSON(nil)
	if e := cfg.Output.Elasticsearch; e != nil {
		p.bulk = &bulkEncoder{index: e.Index, pipeline: e.Pipeline, inputPipeline: in.Pipeline}
	}
	return p
}

// Publish implements harvest.Publisher.
func (p *publisher) Publish(ctx context.Context, ev *event.Event, source *harvest.Tracker, end int64) error {
	for i := range p.common.Len() {
		name := p.common.NameAt(i)
		if _, ok := ev.Fields().Member(name); ok {
			continue
		}
		member := p.common.At(i)
		if !p.share {
			member = member.Clone()
		}
		ev.Fields().SetMember(name, member)
	}
	for _, set := range p.sets {
		processor.MergeFields(ev, set.below, set.fields)
	}
	for _, tag := range p.tags {
		ev.Tag(tag)
	}
	p.counters.published.Add(1)
	number := source.Add(end)
	if !p.chain.Process(ev) {
		p.counters.dropped.Add(1)
		source.Done(number)
		return nil
	}
	return p.queue.put(ctx, entry{json: p.encode(ev), source: source, number: number})
}

// encode prints an event as Beats send it, with its metadata, or as two lines of a bulk request.
func (p *publisher) encode(ev *event.Event) []byte {
	last := p.size.Load()
	buf := make([]byte, 0, last+last/8)
	if p.bulk != nil {
		buf = p.bulk.append(buf, ev)
		p.size.Store(int64(len(buf)))
		return buf
	}
	buf = append(buf, `{"@metadata":`...)
	if own := ev.Metadata(); own.Kind() == event.Object {
		all := p.metadata.Clone()
		for i := range own.Len() {
			all.SetMember(own.NameAt(i), own.At(i))
		}
		buf = all.AppendJSON(buf)
	} else {
		buf = append(buf, p.encoded...)
	}
	// The event's own opening brace becomes the comma between.
	brace := len(buf)
	buf = ev.AppendJSON(buf)
	buf[brace] = ','
	p.size.Store(int64(len(buf)))
	return buf
}
