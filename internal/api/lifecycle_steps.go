package api

import (
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// lifecycleRoutes are the endpoints about the work on lifecycle policies; policies themselves are stored beside templates.
func lifecycleRoutes() []route {
	return []route{
		{methods: "GET", path: "/{index}/_ilm/explain", handler: (*Server).explainLifecycle, params: ofIndices + ofMaster + " only_errors only_managed ", help: "where indices stand in their policies", note: "as of the last look; every error is tried again"},
		{methods: "POST", path: "/{index}/_ilm/retry", handler: (*Server).retryLifecycle, params: ofIndices + ofMaster, help: "try a failed step again", note: "with the next look, as without it"},
		{methods: "POST", path: "/{index}/_ilm/remove", handler: (*Server).removeLifecycle, params: ofIndices + ofMaster, help: "take indices out of their policies"},
		{methods: "POST", path: "/_ilm/move/{index}", handler: (*Server).moveLifecycle, params: ofMaster, help: "send an index to a phase", note: "to the beginning of the phase: its actions that are done already are not done again"},
		{methods: "POST", path: "/_ilm/start", handler: (*Server).startLifecycle, params: ofMaster, help: "go on with policies"},
		{methods: "POST", path: "/_ilm/stop", handler: (*Server).stopLifecycle, params: ofMaster, help: "stop the work on policies"},
		{methods: "GET", path: "/_ilm/status", handler: (*Server).lifecycleStatus, params: ofMaster, help: "whether policies are carried out"},
	}
}

// lifecycleMode is whether policies are carried out.
func (c *call) lifecycleMode() (string, error) {
	objects, err := apply[[]es.Object](c, &es.GetObjects{Kind: es.KindLifecycleMode, Names: []string{"mode"}})
	if err != nil || len(objects) == 0 {
		return "RUNNING", err
	}
	n, err := jsonval.Parse(objects[0].JSON)
	if err != nil || n.Get("mode") == nil {
		return "RUNNING", err
	}
	return n.Get("mode").Text, nil
}

// lifecycleStatus answers GET /_ilm/status.
func (s *Server) lifecycleStatus(c *call) (answer, error) {
	mode, err := c.lifecycleMode()
	return answer{body: object(func(w *jsonval.Writer) { w.String("operation_mode", mode) })}, err
}

func (s *Server) startLifecycle(c *call) (answer, error) { return s.setLifecycleMode(c, "RUNNING") }

func (s *Server) stopLifecycle(c *call) (answer, error) { return s.setLifecycleMode(c, "STOPPED") }

func (s *Server) setLifecycleMode(c *call, mode string) (answer, error) {
	body := object(func(w *jsonval.Writer) { w.String("mode", mode) })
	if _, err := s.store.Apply(c.ctx(), &es.PutObject{Kind: es.KindLifecycleMode, Name: "mode", JSON: body}); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// retryLifecycle answers POST /{index}/_ilm/retry. Errors are tried again at every look; this begins the count of tries anew.
func (s *Server) retryLifecycle(c *call) (answer, error) {
	indices, err := c.indices(openAndClosed)
	if err != nil {
		return answer{}, err
	}
	states, err := c.lifecycleStates()
	if err != nil {
		return answer{}, err
	}
	for i := range indices {
		st := states[indices[i].UUID]
		if st == nil || st.Step != es.StepError {
			return answer{}, eserr.IllegalArgument("cannot retry an action for an index [%s] that has not encountered an error when running a Lifecycle Policy", indices[i].Name)
		}
	}
	for i := range indices {
		st := states[indices[i].UUID]
		st.Step, st.FailedStep, st.Reason, st.Retries, st.StepMillis = st.FailedStep, "", "", 0, s.now().UnixMilli()
		if err := c.putLifecycleState(indices[i].UUID, st); err != nil {
			return answer{}, err
		}
	}
	return acknowledged()
}

func (c *call) putLifecycleState(uuid string, st *es.LifecycleState) error {
	body, err := st.JSON()
	if err != nil {
		return err
	}
	_, err = c.store.Apply(c.ctx(), &es.PutObject{Kind: es.KindLifecycleState, Name: uuid, JSON: body})
	return err
}

// removeLifecycle answers POST /{index}/_ilm/remove.
func (s *Server) removeLifecycle(c *call) (answer, error) {
	target, err := c.target(openAndClosed)
	if err != nil {
		return answer{}, err
	}
	settings := []byte(`{"index.lifecycle.name":null,"index.lifecycle.rollover_alias":null,"index.lifecycle.indexing_complete":null,"index.lifecycle.origination_date":null,"index.lifecycle.parse_origination_date":null}`)
	if _, err := s.store.Apply(c.ctx(), &es.PutSettings{Target: target, Settings: settings}); err != nil {
		return answer{}, err
	}
	return ok([]byte(`{"has_failures":false,"failed_indexes":[]}`))
}

// stepKey names a place in a policy; of the place to go to the phase is enough.
type stepKey struct{ phase, action, name string }

func (k stepKey) String() string {
	return `{"phase":"` + k.phase + `","action":"` + k.action + `","name":"` + k.name + `"}`
}

func readStep(n *jsonval.Node) (stepKey, error) {
	k := stepKey{}
	err := members(n, "lifecycle step", []string{"phase", "action", "name"}, func(key string, v *jsonval.Node) (bool, error) {
		switch key {
		case "phase":
			k.phase = v.Text
		case "action":
			k.action = v.Text
		case "name":
			k.name = v.Text
		default:
			return false, nil
		}
		return true, nil
	})
	if err == nil && k.phase == "" {
		err = eserr.IllegalArgument("[phase] is required in a lifecycle step")
	}
	return k, err
}

// moveLifecycle answers POST /_ilm/move/{index}.
func (s *Server) moveLifecycle(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	if body.Get("current_step") == nil || body.Get("next_step") == nil || len(body.Keys) != 2 {
		return answer{}, eserr.IllegalArgument("[move_to_step] takes the members [current_step] and [next_step]")
	}
	from, err := readStep(body.Get("current_step"))
	if err != nil {
		return answer{}, err
	}
	to, err := readStep(body.Get("next_step"))
	if err != nil {
		return answer{}, err
	}
	name, err := c.oneIndex()
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), es.Target{Names: []string{name}, Closed: true, NoWildcards: true})
	if err != nil {
		return answer{}, err
	}
	st, err := c.movable(&indices[0], from)
	if err != nil {
		return answer{}, err
	}
	if err := c.checkPhase(&indices[0], to); err != nil {
		return answer{}, err
	}
	now := s.now().UnixMilli()
	st.Forced, st.Phase, st.Action, st.Step = to.phase, to.phase, to.action, to.name
	st.PhaseMillis, st.ActionMillis, st.StepMillis, st.FailedStep, st.Reason, st.Retries = now, now, now, "", "", 0
	if err := c.putLifecycleState(indices[0].UUID, st); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// movable is the state of an index that is where a request says it is.
func (c *call) movable(info *es.IndexInfo, from stepKey) (*es.LifecycleState, error) {
	policy := info.Settings["index.lifecycle.name"]
	if policy == "" {
		return nil, eserr.IllegalArgument("index [%s] is not associated with an Index Lifecycle Policy", info.Name)
	}
	states, err := c.lifecycleStates()
	if err != nil {
		return nil, err
	}
	st := states[info.UUID]
	if st == nil || st.Policy != policy {
		created := info.Created.UnixMilli()
		st = &es.LifecycleState{Index: info.Name, Policy: policy, Phase: "new", Action: "complete", Step: "complete", PhaseMillis: created, ActionMillis: created, StepMillis: created}
	}
	now := stepKey{st.Phase, st.Action, st.Step}
	if from.phase != now.phase || from.action != "" && from.action != now.action || from.name != "" && !strings.EqualFold(from.name, now.name) {
		return nil, eserr.IllegalArgument("index [%s] is not on current step [%s], currently: [%s]", info.Name, from, now)
	}
	return st, nil
}

// checkPhase refuses a step whose phase or action an index's policy does not have.
func (c *call) checkPhase(info *es.IndexInfo, to stepKey) error {
	policy := info.Settings["index.lifecycle.name"]
	missing := eserr.IllegalArgument("step [%s] for index [%s] with policy [%s] does not exist", to, info.Name, policy)
	objects, err := apply[[]es.Object](c, &es.GetObjects{Kind: es.KindLifecyclePolicy, Names: []string{policy}})
	if err != nil {
		return err
	}
	if len(objects) == 0 {
		return missing
	}
	n, err := jsonval.Parse(objects[0].JSON)
	if err != nil {
		return err
	}
	phase := n.Get("phases").Get(to.phase)
	if phase == nil {
		return missing
	}
	if to.action != "" && to.action != "complete" && (phase.Get("actions") == nil || phase.Get("actions").Get(to.action) == nil) {
		return missing
	}
	return nil
}
