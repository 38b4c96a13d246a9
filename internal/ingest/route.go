package ingest

import (
	"context"
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/ingest/processor"
)

// slot is a pipeline that a document is to pass yet. After a final one it has to stay in its index.
type slot struct {
	name  string
	final bool
}

func (r roles) slots() []slot {
	var slots []slot
	if r.first != "" {
		slots = append(slots, slot{name: r.first})
	}
	return append(slots, r.finalSlots()...)
}

func (r roles) finalSlots() []slot {
	if r.last == "" {
		return nil
	}
	return []slot{{name: r.last, final: true}}
}

// pass runs a document through the pipelines of its roles and, when one sends it to another index, through that index's
// final pipeline, after a reroute its default pipeline too.
func (s *Store) pass(ctx context.Context, d *processor.Document, of roles) error {
	index := d.Index()
	visited := []string{index}
	for queue := of.slots(); len(queue) > 0; {
		at := queue[0]
		queue = queue[1:]
		p := s.find(at.name)
		if p == nil {
			return eserr.IllegalArgument("pipeline with id [%s] does not exist", at.name)
		}
		if err := p.Run(d); err != nil {
			return err
		}
		to, rerouted := d.Index(), d.Rerouted()
		if to == index {
			continue
		}
		switch visited = append(visited, to); {
		case at.final:
			return illegalState("final pipeline [%s] can't change the target index (from [%s] to [%s]) for document [%s]", at.name, index, to, d.Metadata().ID)
		case slices.Contains(visited[:len(visited)-1], to):
			return illegalState("index cycle detected while processing pipeline [%s] for document [%s]: [%s]", at.name, d.Metadata().ID, strings.Join(visited, ", "))
		}
		index = to
		name, err := s.resolveName(to)
		if err != nil {
			return err
		}
		next, err := s.targets.of(ctx, name)
		if err != nil {
			return err
		}
		if queue = next.finalSlots(); rerouted {
			queue = next.slots()
		}
	}
	return nil
}

func illegalState(format string, args ...any) error {
	return eserr.New(500, "illegal_state_exception", format, args...)
}

// resolveName works out date math in the name of an index.
func (s *Store) resolveName(name string) (string, error) {
	return dates.ResolveName(name, dates.FromTime(s.now()))
}

// metadataOf is what processors see of an operation.
func metadataOf(op *es.BulkOp) processor.Metadata {
	m := processor.Metadata{
		Index: op.Index, ID: op.ID, HasID: op.ID != "", Routing: op.Routing, HasRouting: op.Routing != "",
		Version: processor.AnyVersion, VersionType: "internal",
	}
	if op.Guard.VersionType != "" {
		m.Version, m.VersionType = op.Guard.Version, op.Guard.VersionType
	}
	return m
}

// applyMetadata puts what processors made of the metadata into the operation.
func (s *Store) applyMetadata(op *es.BulkOp, m processor.Metadata) error {
	if m.Index == "" {
		return eserr.IllegalArgument("index is missing: a processor took [_index] away")
	}
	if m.DynamicTemplates.Len() > 0 {
		return eserr.Unsupported("[_dynamic_templates] set by a processor")
	}
	var err error
	if op.Index, err = s.resolveName(m.Index); err != nil {
		return err
	}
	op.ID, op.Routing = m.ID, m.Routing
	switch {
	case m.Version != processor.AnyVersion || m.VersionType != "internal" && m.VersionType != "":
		op.Guard = es.Guard{Version: m.Version, VersionType: m.VersionType}
	case m.HasSeqNo:
		op.Guard = es.Guard{HasSeqNo: true, SeqNo: m.IfSeqNo, PrimaryTerm: m.IfPrimaryTerm}
	}
	return nil
}
