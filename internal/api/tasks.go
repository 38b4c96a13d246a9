package api

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/wildcard"
)

// A task is a request that may take long: a search, a delete by query. It is listed and can be cancelled
// while it runs. What one in the background came to is kept; see background.go.
type task struct {
	id          int64
	parent      int64 // 0 for none
	action      string
	description string // guarded by tasks.mu
	opaqueID    string
	started     time.Time
	cancel      context.CancelCauseFunc
	cancelled   bool          // guarded by tasks.mu
	done        chan struct{} // closed when it has ended
	sweep       *sweep        // guarded by tasks.mu; nil unless it is a request by query that has begun
	slice       *sweepWorker  // one slice of a sweep, nil otherwise
}

// tasks are the tasks that run.
type tasks struct {
	mu      sync.Mutex
	last    int64
	running map[int64]*task
	// background counts those that no request waits for.
	background int
}

// maxDescription bounds what is kept of a request's body to show it.
const maxDescription = 4 << 10

// start lists a task under the next number.
func (l *tasks) start(t *task) {
	t.done = make(chan struct{})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	t.id = l.last
	if l.running == nil {
		l.running = map[int64]*task{}
	}
	l.running[t.id] = t
}

// end takes a task off the list.
func (l *tasks) end(t *task) {
	l.mu.Lock()
	delete(l.running, t.id)
	l.mu.Unlock()
	close(t.done)
	t.cancel(nil)
}

// startTask lists the request and makes it one that can be cancelled; end takes it off the list.
func (c *call) startTask() (end func()) {
	ctx, cancel := context.WithCancelCause(c.ctx())
	t := &task{action: c.route.action, description: c.req.Method + " " + c.req.URL.Path, opaqueID: c.req.Header.Get("X-Opaque-Id"), started: c.now(), cancel: cancel}
	c.tasks.start(t)
	own := c.req
	c.task, c.req = t, c.req.WithContext(ctx)
	return func() {
		c.req = own
		c.tasks.end(t)
	}
}

// describe says what the call's task does, once its body has been read.
func (c *call) describe(body *jsonval.Node) {
	if c.task == nil || body == nil {
		return
	}
	raw := body.Raw[:min(len(body.Raw), maxDescription)]
	c.describeAs("indices[" + c.path("index") + "], search_type[QUERY_THEN_FETCH], source[" + string(raw) + "]")
}

func (c *call) describeAs(text string) {
	c.tasks.mu.Lock()
	defer c.tasks.mu.Unlock()
	c.task.description = text
}

// taskCancelled is what the requester of a cancelled task is told.
func taskCancelled() *eserr.Error {
	return eserr.New(http.StatusBadRequest, "task_cancelled_exception", "task cancelled [by user request]")
}

// cancelledTask is the error of a call whose task was cancelled, else nil.
func (c *call) cancelledTask() error {
	var e *eserr.Error
	if cause := context.Cause(c.ctx()); cause != nil && c.task != nil {
		if e = eserr.From(cause); e.Type == "task_cancelled_exception" {
			return e
		}
	}
	return nil
}

// listTasks answers GET /_tasks.
func (s *Server) listTasks(c *call) (answer, error) {
	every := func(*task) bool { return true }
	if c.flag("wait_for_completion") {
		if err := c.awaitTasks(s.tasks.matching(c, func(t *task) bool { return t != c.task })); err != nil {
			return answer{}, err
		}
	}
	return s.printTasks(c, s.tasks.matching(c, every), c.flag("detailed"))
}

// defaultTaskWait is how long a request waits for tasks when it does not say.
const defaultTaskWait = 30 * time.Second

// awaitTasks waits for tasks to end, for as long as the request says.
func (c *call) awaitTasks(found []task) error {
	timer := time.NewTimer(c.span("timeout", defaultTaskWait))
	defer timer.Stop()
	for i := range found {
		select {
		case <-found[i].done:
		case <-timer.C:
			return eserr.New(http.StatusTooManyRequests, "timeout_exception", "Timed out waiting for completion of [%s]", found[i].action)
		case <-c.ctx().Done():
			return c.ctx().Err()
		}
	}
	return nil
}

// cancelTasks answers POST /_tasks/_cancel and POST /_tasks/{task_id}/_cancel.
func (s *Server) cancelTasks(c *call) (answer, error) {
	pick := func(*task) bool { return true }
	if c.path("task_id") != "" {
		id, err := s.taskID(c)
		if err != nil {
			return answer{}, err
		}
		pick = func(t *task) bool { return t.id == id || t.parent == id }
	}
	found := s.tasks.matching(c, func(t *task) bool {
		if !pick(t) {
			return false
		}
		t.cancelled = true
		t.cancel(taskCancelled())
		return true
	})
	if len(found) == 0 && c.path("task_id") != "" {
		return answer{}, eserr.New(http.StatusNotFound, "resource_not_found_exception", "task [%s] is not found", c.path("task_id"))
	}
	if c.flag("wait_for_completion") {
		if err := c.awaitTasks(found); err != nil {
			return answer{}, err
		}
	}
	return s.printTasks(c, found, false)
}

// taskID reads the task of the path: node:number.
func (s *Server) taskID(c *call) (int64, error) { return parseTaskID(c.path("task_id")) }

func parseTaskID(text string) (int64, error) {
	_, number, found := strings.Cut(text, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if !found || err != nil {
		return 0, eserr.IllegalArgument("malformed task id %s", text)
	}
	return id, nil
}

// matching returns copies of the tasks whose actions and parent are asked for and that pick takes, oldest first.
func (l *tasks) matching(c *call, pick func(*task) bool) []task {
	actions := splitList(c.text("actions"))
	parent, err := parseTaskID(c.text("parent_task_id"))
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []task
	for _, id := range slices.Sorted(maps.Keys(l.running)) {
		t := l.running[id]
		wanted := len(actions) == 0 || slices.ContainsFunc(actions, func(pattern string) bool { return wildcard.Match(pattern, t.action) })
		if err == nil && parent != t.parent {
			wanted = false
		}
		if wanted && pick(t) {
			found = append(found, *t)
		}
	}
	return found
}

// byID returns a copy of a task that runs.
func (l *tasks) byID(id int64) (t task, found bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if running := l.running[id]; running != nil {
		return *running, true
	}
	return task{}, false
}

// taskNode is this node's id.
func (s *Server) taskNode(c *call) (string, error) {
	info, err := s.info(c)
	if err != nil {
		return "", err
	}
	return nodeID(&info), nil
}

// printTasks prints tasks below their node, below their parents, or as a list. What they do and how far they are is part of the
// details.
func (s *Server) printTasks(c *call, found []task, detailed bool) (answer, error) {
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	node := nodeID(&info)
	switch group := c.text("group_by"); group {
	case "none":
		return ok(object(func(w *jsonval.Writer) {
			w.Raw("tasks", list(len(found), func(dst []byte, i int) []byte {
				return append(dst, s.taskJSON(&found[i], node, detailed, nil)...)
			}))
		}))
	case "parents":
		return ok(object(func(w *jsonval.Writer) {
			w.Raw("tasks", object(func(w *jsonval.Writer) { s.tasksByParent(w, found, node, detailed) }))
		}))
	case "", "nodes":
	default:
		return answer{}, eserr.IllegalArgument("[group_by] must be one of [nodes], [parents] or [none] but was [%s]", group)
	}
	byID := func(w *jsonval.Writer) {
		for i := range found {
			w.Raw(taskName(node, found[i].id), s.taskJSON(&found[i], node, detailed, nil))
		}
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("nodes", object(func(w *jsonval.Writer) {
			if len(found) > 0 {
				w.Raw(node, s.tasksOfNode(c, &info, byID))
			}
		}))
	}))
}

// tasksByParent prints tasks with those that they started inside them.
func (s *Server) tasksByParent(w *jsonval.Writer, found []task, node string, detailed bool) {
	listed := map[int64]bool{}
	for i := range found {
		listed[found[i].id] = true
	}
	for i := range found {
		if listed[found[i].parent] {
			continue
		}
		var children []task
		for j := range found {
			if found[j].parent == found[i].id {
				children = append(children, found[j])
			}
		}
		w.Raw(taskName(node, found[i].id), s.taskJSON(&found[i], node, detailed, children))
	}
}

func taskName(node string, id int64) string { return node + ":" + strconv.FormatInt(id, 10) }

func (s *Server) tasksOfNode(c *call, info *es.Info, byID func(w *jsonval.Writer)) []byte {
	return object(func(w *jsonval.Writer) {
		w.String("name", info.Name)
		w.String("transport_address", c.publishAddress())
		w.String("host", nodeIP)
		w.String("ip", nodeIP)
		w.Strings("roles", nodeRoles)
		w.Raw("tasks", object(byID))
	})
}

// status is how far a task is, as JSON; nil where that is not told.
func (l *tasks) status(t *task) []byte {
	switch {
	case t.slice != nil:
		return t.slice.snapshot().json()
	case t.sweep != nil:
		return t.sweep.status(l).json()
	}
	return nil
}

func (s *Server) taskJSON(t *task, node string, detailed bool, children []task) []byte {
	return object(func(w *jsonval.Writer) {
		w.String("node", node)
		w.Int("id", t.id)
		w.String("type", "transport")
		w.String("action", t.action)
		if detailed {
			if status := s.tasks.status(t); status != nil {
				w.Raw("status", status)
			}
			w.String("description", t.description)
		}
		w.Int("start_time_in_millis", t.started.UnixMilli())
		w.Int("running_time_in_nanos", s.now().Sub(t.started).Nanoseconds())
		w.Bool("cancellable", true)
		w.Bool("cancelled", t.cancelled)
		if t.parent != 0 {
			w.String("parent_task_id", taskName(node, t.parent))
		}
		w.Raw("headers", object(func(w *jsonval.Writer) { w.StringIf("X-Opaque-Id", t.opaqueID) }))
		if len(children) > 0 {
			w.Raw("children", list(len(children), func(dst []byte, i int) []byte {
				return append(dst, s.taskJSON(&children[i], node, detailed, nil)...)
			}))
		}
	})
}

// taskRows are the rows of _cat/tasks.
func (s *Server) taskRows(c *call, info *es.Info) [][]catCell {
	node := nodeID(info)
	_, port := hostAndPort(c.publishAddress())
	var rows [][]catCell
	for _, t := range s.tasks.matching(c, func(*task) bool { return true }) {
		ran := s.now().Sub(t.started)
		rows = append(rows, []catCell{
			cell(node), cell(t.action), cell(node + ":" + strconv.FormatInt(t.id, 10)), cell("-"), cell("transport"),
			cellInt(t.started.UnixMilli()), cell(t.started.UTC().Format("15:04:05")), cellInt(ran.Nanoseconds()), cellSpan(ran.Milliseconds()),
			cell(node), cell(nodeIP), cell(port), cell(info.Name), cell(s.opts.Version), cell(t.opaqueID), cell(t.description),
		})
	}
	return rows
}
