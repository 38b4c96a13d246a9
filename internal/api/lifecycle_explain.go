package api

import (
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
)

// explainLifecycle answers GET /{index}/_ilm/explain: where indices stood when their policies were looked at last. An index that no
// policy is for says when the default retention deletes it, if there is one.
func (s *Server) explainLifecycle(c *call) (answer, error) {
	indices, err := c.indices(openAndClosed)
	if err != nil {
		return answer{}, err
	}
	states, err := c.lifecycleStates()
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("indices", object(func(w *jsonval.Writer) {
			for i := range indices {
				info := &indices[i]
				st, managed := states[info.UUID], info.Settings["index.lifecycle.name"] != ""
				if !managed && c.flag("only_managed") || c.flag("only_errors") && (st == nil || st.Step != es.StepError) {
					continue
				}
				w.Raw(info.Name, object(func(w *jsonval.Writer) { s.writeExplain(w, info, st) }))
			}
		}))
	}))
}

func (s *Server) writeExplain(w *jsonval.Writer, info *es.IndexInfo, st *es.LifecycleState) {
	policy := info.Settings["index.lifecycle.name"]
	w.String("index", info.Name)
	w.Bool("managed", policy != "")
	if policy != "" {
		w.Bool("skip", false)
	}
	if policy == "" {
		if st != nil && st.DeleteMillis > 0 {
			w.Raw("default_retention", object(func(w *jsonval.Writer) {
				w.Int("delete_at_millis", st.DeleteMillis)
				w.String("delete_at", time.UnixMilli(st.DeleteMillis).UTC().Format(catTimeFormat))
			}))
		}
		return
	}
	created := info.Created.UnixMilli()
	if st == nil || st.Policy != policy {
		st = &es.LifecycleState{Phase: "new", Action: "complete", Step: "complete", PhaseMillis: created, ActionMillis: created, StepMillis: created}
	}
	clock := st.ClockMillis
	if clock == 0 {
		clock = created
	}
	w.String("policy", policy)
	w.Int("index_creation_date_millis", created)
	w.String("time_since_index_creation", ageText(s.now().Sub(info.Created)))
	w.Int("lifecycle_date_millis", clock)
	w.String("age", ageText(max(s.now().Sub(time.UnixMilli(clock)), 0)))
	w.String("phase", st.Phase)
	w.Int("phase_time_millis", st.PhaseMillis)
	w.String("action", st.Action)
	w.Int("action_time_millis", st.ActionMillis)
	w.String("step", st.Step)
	w.Int("step_time_millis", st.StepMillis)
	if st.Step == es.StepError {
		w.String("failed_step", st.FailedStep)
		w.Bool("is_auto_retryable_error", true)
		w.Int("failed_step_retry_count", int64(st.Retries))
		w.Raw("step_info", object(func(w *jsonval.Writer) {
			w.String("type", "illegal_argument_exception")
			w.String("reason", st.Reason)
		}))
	}
	if st.PhaseJSON == nil {
		return
	}
	w.Raw("phase_execution", object(func(w *jsonval.Writer) {
		w.String("policy", policy)
		w.Raw("phase_definition", st.PhaseJSON)
		w.Int("version", st.PolicyVersion)
		w.Int("modified_date_in_millis", st.PolicyMillis)
	}))
}
