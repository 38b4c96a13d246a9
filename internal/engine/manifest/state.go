package manifest

import (
	"fmt"
	"maps"
	"slices"
)

// State is what the edits so far add up to. Byte slices in it are never changed in place and may be kept.
type State struct {
	Segments       []Segment // in the order in which they were added
	NextSegmentID  uint64    // above every id there ever was
	MappingVersion uint64    // 0 while there is no mapping
	Mapping        []byte
	Checkpoint     Checkpoint
	Properties     map[string][]byte
}

// Segment is a live segment.
type Segment struct {
	ID               uint64
	Meta             []byte
	DeleteGeneration uint64 // 0 means no deletes
}

func newState() State {
	return State{NextSegmentID: 1, Properties: make(map[string][]byte)}
}

func (s *State) clone() State {
	c := *s
	c.Segments = slices.Clone(s.Segments)
	c.Properties = maps.Clone(s.Properties)
	return c
}

func (s *State) segment(id uint64) (int, error) {
	i := slices.IndexFunc(s.Segments, func(seg Segment) bool { return seg.ID == id })
	if i < 0 {
		return 0, fmt.Errorf("segment %d is not there", id)
	}
	return i, nil
}

func (s *State) applyAll(edits []Edit) error {
	for _, e := range edits {
		if err := e.apply(s); err != nil {
			return err
		}
	}
	return nil
}

func (e AddSegment) apply(s *State) error {
	if e.ID < s.NextSegmentID {
		return fmt.Errorf("add segment %d: ids below %d are used up", e.ID, s.NextSegmentID)
	}
	s.Segments = append(s.Segments, Segment{ID: e.ID, Meta: e.Meta})
	s.NextSegmentID = e.ID + 1
	return nil
}

func (e RemoveSegment) apply(s *State) error {
	i, err := s.segment(e.ID)
	if err != nil {
		return fmt.Errorf("remove segment: %w", err)
	}
	s.Segments = slices.Delete(s.Segments, i, i+1)
	return nil
}

func (e SetDeletes) apply(s *State) error {
	i, err := s.segment(e.ID)
	if err != nil {
		return fmt.Errorf("set deletes: %w", err)
	}
	if e.Generation < s.Segments[i].DeleteGeneration {
		return fmt.Errorf("set deletes of segment %d: generation %d after %d", e.ID, e.Generation, s.Segments[i].DeleteGeneration)
	}
	s.Segments[i].DeleteGeneration = e.Generation
	return nil
}

func (e SetMapping) apply(s *State) error {
	if e.Version <= s.MappingVersion {
		return fmt.Errorf("set mapping: version %d after %d", e.Version, s.MappingVersion)
	}
	s.MappingVersion, s.Mapping = e.Version, e.JSON
	return nil
}

func (e Checkpoint) apply(s *State) error {
	if e.Position < s.Checkpoint.Position || e.NextSequence < s.Checkpoint.NextSequence {
		return fmt.Errorf("checkpoint %d, sequence %d after %d, sequence %d",
			e.Position, e.NextSequence, s.Checkpoint.Position, s.Checkpoint.NextSequence)
	}
	s.Checkpoint = e
	return nil
}

func (e SetProperty) apply(s *State) error {
	if len(e.Value) == 0 {
		delete(s.Properties, e.Name)
		return nil
	}
	s.Properties[e.Name] = e.Value
	return nil
}

func (e nextSegment) apply(s *State) error {
	if e.id < s.NextSegmentID {
		return fmt.Errorf("next segment id %d after %d", e.id, s.NextSegmentID)
	}
	s.NextSegmentID = e.id
	return nil
}

// snapshot returns the edits that lead from newState to s. Segments are in order of their ids, since ids only grow.
func (s *State) snapshot() []Edit {
	var edits []Edit
	for _, seg := range s.Segments {
		edits = append(edits, AddSegment{ID: seg.ID, Meta: seg.Meta})
		if seg.DeleteGeneration > 0 {
			edits = append(edits, SetDeletes{ID: seg.ID, Generation: seg.DeleteGeneration})
		}
	}
	edits = append(edits, nextSegment{s.NextSegmentID})
	if s.MappingVersion > 0 {
		edits = append(edits, SetMapping{Version: s.MappingVersion, JSON: s.Mapping})
	}
	if s.Checkpoint != (Checkpoint{}) {
		edits = append(edits, s.Checkpoint)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		edits = append(edits, SetProperty{Name: name, Value: s.Properties[name]})
	}
	return edits
}
