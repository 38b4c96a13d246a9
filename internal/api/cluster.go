package api

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// info is what the store says of itself, with the names that the options override.
func (s *Server) info(c *call) (es.Info, error) {
	info, err := s.store.Info(c.ctx())
	if s.opts.NodeName != "" {
		info.Name = s.opts.NodeName
	}
	if s.opts.ClusterName != "" {
		info.ClusterName = s.opts.ClusterName
	}
	return info, err
}

// clusterHealth is the answer to _cluster/health.
type clusterHealth struct {
	cluster            string
	status             string
	active, unassigned int
	indices            []es.IndexInfo
	timedOut           bool
}

// percent is the share of shards that are there.
func (h *clusterHealth) percent() float64 {
	if h.active+h.unassigned == 0 {
		return 100
	}
	return 100 * float64(h.active) / float64(h.active+h.unassigned)
}

// severity orders the statuses.
var severity = map[string]int{"green": 0, "yellow": 1, "red": 2}

// health sums up the store's health and that of the indices a request is about.
func (s *Server) health(c *call, otherwise es.Target) (*clusterHealth, error) {
	info, err := s.info(c)
	if err != nil {
		return nil, err
	}
	h := &clusterHealth{cluster: info.ClusterName, status: "green"}
	h.add(info.Health.Status)
	if h.indices, err = c.indices(otherwise); err != nil {
		return nil, err
	}
	for i := range h.indices {
		h.add(h.indices[i].Health.Status)
		if h.indices[i].Health.Status == "red" {
			h.unassigned++
		} else {
			h.active++
		}
	}
	if len(info.Unopened) == 0 {
		return h, nil
	}
	target, err := c.target(otherwise)
	if err != nil {
		return nil, err
	}
	for _, name := range info.Unopened {
		if target.Covers(name) {
			h.unassigned++
		}
	}
	return h, nil
}

func (h *clusterHealth) add(status string) {
	if severity[status] > severity[h.status] {
		h.status = status
	}
}

const (
	// defaultHealthWait is how long a health request waits for what it asks when it does not say.
	defaultHealthWait = 30 * time.Second
	// healthPoll is how often it looks again.
	healthPoll = 100 * time.Millisecond
)

// getHealth answers GET /_cluster/health[/{index}].
func (s *Server) getHealth(c *call) (answer, error) {
	wanted := c.text("wait_for_status")
	if _, known := severity[wanted]; wanted != "" && !known {
		return answer{}, eserr.IllegalArgument("unknown cluster health status [%s]", wanted)
	}
	nodes, err := enoughNodes(c.text("wait_for_nodes"))
	if err != nil {
		return answer{}, err
	}
	h, err := s.health(c, everyIndex)
	shards := c.number("wait_for_active_shards", 0)
	met := func() bool {
		return err == nil && nodes && int64(h.active) >= shards && (wanted == "" || severity[h.status] <= severity[wanted])
	}
	if e := eserr.From(err); e != nil && e.Status != http.StatusNotFound {
		return answer{}, err
	}
	timeout := time.NewTimer(c.span("timeout", defaultHealthWait))
	defer timeout.Stop()
	poll := time.NewTicker(healthPoll)
	defer poll.Stop()
	for !met() {
		select {
		case <-poll.C:
			h, err = s.health(c, everyIndex)
		case <-c.ctx().Done():
			return answer{}, c.ctx().Err()
		case <-timeout.C:
			return c.lateHealth(h, err)
		}
	}
	return ok(c.healthJSON(h))
}

// lateHealth answers a health request whose wish did not come true in time.
func (c *call) lateHealth(h *clusterHealth, err error) (answer, error) {
	if err != nil { // an index that does not exist
		info, failed := c.info(c)
		if failed != nil {
			return answer{}, failed
		}
		h = &clusterHealth{cluster: info.ClusterName, status: "red"}
	}
	h.timedOut = true
	return answer{status: http.StatusRequestTimeout, body: c.healthJSON(h)}, nil
}

// enoughNodes evaluates wait_for_nodes, such as >=1 or ge(1), for one node.
func enoughNodes(text string) (bool, error) {
	const nodes = 1
	if text == "" {
		return true, nil
	}
	compare := map[string]func(n int) bool{
		">=": func(n int) bool { return nodes >= n }, "<=": func(n int) bool { return nodes <= n },
		">": func(n int) bool { return nodes > n }, "<": func(n int) bool { return nodes < n },
		"": func(n int) bool { return nodes == n },
	}
	for word, op := range map[string]string{"ge(": ">=", "le(": "<=", "gt(": ">", "lt(": "<"} {
		if rest, found := strings.CutPrefix(text, word); found {
			text = op + strings.TrimSuffix(rest, ")")
		}
	}
	for _, op := range []string{">=", "<=", ">", "<", ""} {
		if rest, found := strings.CutPrefix(text, op); found {
			n, err := strconv.Atoi(rest)
			if err != nil {
				return false, eserr.IllegalArgument("[wait_for_nodes] cannot be [%s]", text)
			}
			return compare[op](n), nil
		}
	}
	return false, nil
}

func (c *call) healthJSON(h *clusterHealth) []byte {
	return object(func(w *jsonval.Writer) {
		w.String("cluster_name", h.cluster)
		w.String("status", h.status)
		w.Bool("timed_out", h.timedOut)
		w.Int("number_of_nodes", 1)
		w.Int("number_of_data_nodes", 1)
		writeHealthShards(w, h.active, h.unassigned)
		w.Int("delayed_unassigned_shards", 0)
		w.Int("number_of_pending_tasks", 0)
		w.Int("number_of_in_flight_fetch", 0)
		w.Int("task_max_waiting_in_queue_millis", 0)
		w.Raw("active_shards_percent_as_number", strconv.AppendFloat(nil, h.percent(), 'f', 1, 64))
		if level := c.text("level"); level == "indices" || level == "shards" {
			w.Raw("indices", object(func(w *jsonval.Writer) {
				for i := range h.indices {
					writeIndexHealth(w, &h.indices[i], level == "shards")
				}
			}))
		}
	})
}

func writeHealthShards(w *jsonval.Writer, active, unassigned int) {
	w.Int("active_primary_shards", int64(active))
	w.Int("active_shards", int64(active))
	w.Int("relocating_shards", 0)
	w.Int("initializing_shards", 0)
	w.Int("unassigned_shards", int64(unassigned))
	w.Int("unassigned_primary_shards", int64(unassigned))
}

func writeIndexHealth(w *jsonval.Writer, info *es.IndexInfo, shards bool) {
	active, unassigned := 1, 0
	if info.Health.Status == "red" {
		active, unassigned = 0, 1
	}
	w.Raw(info.Name, object(func(w *jsonval.Writer) {
		w.String("status", info.Health.Status)
		w.StringIf("reason", info.Health.Reason)
		w.Int("number_of_shards", 1)
		w.Int("number_of_replicas", 0)
		writeHealthShards(w, active, unassigned)
		if !shards {
			return
		}
		w.Raw("shards", object(func(w *jsonval.Writer) {
			w.Raw("0", object(func(w *jsonval.Writer) {
				w.String("status", info.Health.Status)
				w.Bool("primary_active", active == 1)
				writeHealthShards(w, active, unassigned)
			}))
		}))
	}))
}

// pendingTasks answers GET /_cluster/pending_tasks: changes are carried out at once.
func (s *Server) pendingTasks(*call) (answer, error) { return ok([]byte(`{"tasks":[]}`)) }
