package api

import (
	"elkhorn/internal/es"
)

// stuckIndex is an index whose lifecycle stands still.
type stuckIndex struct{ index, reason string }

// lifecycleStates reads where indices stand in their policies, by index UUID.
func (c *call) lifecycleStates() (map[string]*es.LifecycleState, error) {
	objects, err := apply[[]es.Object](c, &es.GetObjects{Kind: es.KindLifecycleState})
	if err != nil {
		return nil, err
	}
	states := make(map[string]*es.LifecycleState, len(objects))
	for i := range objects {
		st, err := es.ParseLifecycleState(objects[i].JSON)
		if err != nil {
			return nil, err
		}
		states[objects[i].Name] = st
	}
	return states, nil
}

// stuckIndices are the indices whose last action failed.
func (s *Server) stuckIndices(c *call) ([]stuckIndex, error) {
	states, err := c.lifecycleStates()
	if err != nil {
		return nil, err
	}
	indices, err := s.store.Indices(c.ctx(), everyIndex)
	if err != nil {
		return nil, err
	}
	var stuck []stuckIndex
	for i := range indices {
		if st := states[indices[i].UUID]; st != nil && st.Step == es.StepError {
			stuck = append(stuck, stuckIndex{indices[i].Name, st.Reason})
		}
	}
	return stuck, nil
}
