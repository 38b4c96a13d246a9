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
)

// A task is a request that may take long: a search, a delete by query. It is listed and can be cancelled
// while it runs; nothing is kept of it afterwards.
type task struct {
	id          int64
	action      string
	description string // guarded by tasks.mu
	opaqueID    string
	started     time.Time
	cancel      context.CancelCauseFunc
	cancelled   bool // guarded by tasks.mu
}

// tasks are the tasks that run.
type tasks struct {
	mu      sync.Mutex
	last    int64
	running map[int64]*task
}

// maxDescription bounds what is kept of a request's body to show it.
const maxDescription = 4 << 10

// startTask lists the request and makes it one that can be cancelled; end takes it off the list.
func (c *call) startTask() (end func()) {
	ctx, cancel := context.WithCancelCause(c.ctx())
	t := &task{action: c.route.action, description: c.req.Method + " " + c.req.URL.Path, opaqueID: c.req.Header.Get("X-Opaque-Id"), started: c.now(), cancel: cancel}
	c.tasks.mu.Lock()
	c.tasks.last++
	t.id = c.tasks.last
	if c.tasks.running == nil {
		c.tasks.running = map[int64]*task{}
	}
	c.tasks.running[t.id] = t
	c.tasks.mu.Unlock()
	own := c.req
	c.task, c.req = t, c.req.WithContext(ctx)
	return func() {
		c.req = own
		c.tasks.mu.Lock()
		delete(c.tasks.running, t.id)
		c.tasks.mu.Unlock()
		cancel(nil)
	}
}

// describe says what the call's task does, once its body has been read.
func (c *call) describe(body *jsonval.Node) {
	if c.task == nil || body == nil {
		return
	}
	raw := body.Raw[:min(len(body.Raw), maxDescription)]
	text := "indices[" + c.path("index") + "], search_type[QUERY_THEN_FETCH], source[" + string(raw) + "]"
	c.tasks.mu.Lock()
	c.task.description = text
	c.tasks.mu.Unlock()
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
	return s.printTasks(c, s.tasks.matching(c, func(*task) bool { return true }))
}

// getTask answers GET /_tasks/{task_id}: a task that runs.
func (s *Server) getTask(c *call) (answer, error) {
	id, err := s.taskID(c)
	if err != nil {
		return answer{}, err
	}
	found := s.tasks.matching(c, func(t *task) bool { return t.id == id })
	if len(found) == 0 {
		return answer{}, eserr.New(http.StatusNotFound, "resource_not_found_exception", "task [%s] isn't running and hasn't stored its results", c.path("task_id"))
	}
	node, err := s.taskNode(c)
	return answer{body: object(func(w *jsonval.Writer) {
		w.Bool("completed", false)
		w.Raw("task", s.taskJSON(&found[0], node))
	})}, err
}

// cancelTasks answers POST /_tasks/_cancel and POST /_tasks/{task_id}/_cancel.
func (s *Server) cancelTasks(c *call) (answer, error) {
	pick := func(*task) bool { return true }
	if c.path("task_id") != "" {
		id, err := s.taskID(c)
		if err != nil {
			return answer{}, err
		}
		pick = func(t *task) bool { return t.id == id }
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
	return s.printTasks(c, found)
}

// taskID reads the task of the path: node:number.
func (s *Server) taskID(c *call) (int64, error) {
	text := c.path("task_id")
	_, number, found := strings.Cut(text, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if !found || err != nil {
		return 0, eserr.IllegalArgument("malformed task id %s", text)
	}
	return id, nil
}

// matching returns copies of the tasks whose actions are asked for and that pick takes, oldest first.
func (l *tasks) matching(c *call, pick func(*task) bool) []task {
	actions := splitList(c.text("actions"))
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []task
	for _, id := range slices.Sorted(maps.Keys(l.running)) {
		t := l.running[id]
		wanted := len(actions) == 0 || slices.ContainsFunc(actions, func(pattern string) bool { return matchGlob(pattern, t.action) })
		if wanted && pick(t) {
			found = append(found, *t)
		}
	}
	return found
}

// taskNode is this node's id.
func (s *Server) taskNode(c *call) (string, error) {
	info, err := s.info(c)
	if err != nil {
		return "", err
	}
	return nodeID(&info), nil
}

// printTasks prints tasks below their node.
func (s *Server) printTasks(c *call, found []task) (answer, error) {
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	node := nodeID(&info)
	byID := func(w *jsonval.Writer) {
		for i := range found {
			w.Raw(node+":"+strconv.FormatInt(found[i].id, 10), s.taskJSON(&found[i], node))
		}
	}
	if c.text("group_by") == "none" {
		return ok(object(func(w *jsonval.Writer) {
			w.Raw("tasks", list(len(found), func(dst []byte, i int) []byte { return append(dst, s.taskJSON(&found[i], node)...) }))
		}))
	}
	if c.text("group_by") == "parents" {
		return ok(object(func(w *jsonval.Writer) { w.Raw("tasks", object(byID)) }))
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("nodes", object(func(w *jsonval.Writer) {
			if len(found) > 0 {
				w.Raw(node, s.tasksOfNode(c, &info, byID))
			}
		}))
	}))
}

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

func (s *Server) taskJSON(t *task, node string) []byte {
	return object(func(w *jsonval.Writer) {
		w.String("node", node)
		w.Int("id", t.id)
		w.String("type", "transport")
		w.String("action", t.action)
		w.String("description", t.description)
		w.Int("start_time_in_millis", t.started.UnixMilli())
		w.Int("running_time_in_nanos", s.now().Sub(t.started).Nanoseconds())
		w.Bool("cancellable", true)
		w.Bool("cancelled", t.cancelled)
		w.Raw("headers", object(func(w *jsonval.Writer) { w.StringIf("X-Opaque-Id", t.opaqueID) }))
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
