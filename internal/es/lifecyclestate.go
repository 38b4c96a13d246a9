package es

import "encoding/json"

// LifecycleState is where an index stands in its lifecycle policy, as it was found at the last look. It is kept as an object of
// KindLifecycleState under the index's UUID.
type LifecycleState struct {
	Index         string `json:"index"`
	Policy        string `json:"policy"`
	PolicyVersion int64  `json:"policy_version"`
	// PolicyMillis is when the policy was changed last; Phase's definition is PhaseJSON.
	PolicyMillis int64           `json:"policy_millis"`
	Phase        string          `json:"phase"`
	Action       string          `json:"action"`
	Step         string          `json:"step"` // "ERROR" when FailedStep went wrong
	PhaseMillis  int64           `json:"phase_millis"`
	ActionMillis int64           `json:"action_millis"`
	StepMillis   int64           `json:"step_millis"`
	FailedStep   string          `json:"failed_step,omitempty"`
	Reason       string          `json:"reason,omitempty"`
	Retries      int             `json:"retries,omitempty"`
	PhaseJSON    json.RawMessage `json:"phase_json,omitempty"`
	// ClockMillis is the time from which ages are counted, 0 while that is not known.
	ClockMillis int64 `json:"clock_millis,omitempty"`
	// Forced is the phase that somebody moved the index to, "" for none: it counts as reached whatever the age.
	Forced string `json:"forced,omitempty"`
	// DeleteMillis is when the default retention deletes an index that follows no policy; the rest is empty then.
	DeleteMillis int64 `json:"delete_millis,omitempty"`
}

// StepError is the step of an index whose action failed.
const StepError = "ERROR"

// ParseLifecycleState reads a stored state.
func ParseLifecycleState(data []byte) (*LifecycleState, error) {
	st := &LifecycleState{}
	return st, json.Unmarshal(data, st)
}

// JSON is the state as it is stored.
func (st *LifecycleState) JSON() ([]byte, error) { return json.Marshal(st) }

// The kinds of metadata that lifecycle policies keep: states by index UUID, and under the name "mode" whether policies are
// carried out ({"mode": "STOPPED"}).
const (
	KindLifecycleState ObjectKind = "ilm_state"
	KindLifecycleMode  ObjectKind = "ilm_mode"
)
