package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

const (
	// kindTaskResult is the kind of metadata that keeps what background tasks came to, by their name.
	kindTaskResult es.ObjectKind = "task_result"
	// maxBackground bounds the tasks that run without anyone waiting.
	maxBackground = 64
	// maxTaskResults bounds how many results are kept; the oldest go first. trimEvery is after how many new ones that is looked at.
	maxTaskResults, trimEvery = 1000, 50
	// maxTaskResultBytes bounds one result; of one that is longer the error says so.
	maxTaskResultBytes = 256 << 10
)

// background carries out the rest of a call after its answer, as a task of its own, and answers with the task's name. run gets a
// call that lives as long as the task; it prints the response that is kept. w is the sweep that it carries out, for whoever asks
// how far that is.
func (s *Server) background(c *call, w *sweep, run func(c *call) ([]byte, error)) (answer, error) {
	node, err := s.taskNode(c)
	if err != nil {
		return answer{}, err
	}
	s.tasks.mu.Lock()
	full := s.tasks.background >= maxBackground || s.closing.Err() != nil
	if !full {
		s.tasks.background++
		s.work.Add(1)
	}
	s.tasks.mu.Unlock()
	if full {
		return answer{}, eserr.Rejected("rejected execution of a background task: there are [%d] already", maxBackground)
	}
	ctx, cancel := context.WithCancelCause(s.closing)
	t := &task{action: c.route.action, description: c.task.description, opaqueID: c.task.opaqueID, started: c.now(), cancel: cancel, sweep: w}
	s.tasks.start(t)
	bg := &call{Server: s, req: c.req.WithContext(ctx), route: c.route, values: c.values, query: c.query, reserved: c.reserved, task: t}
	c.reserved = 0
	go func() {
		defer s.work.Done()
		defer bg.release()
		s.finish(bg, node, run)
	}()
	return ok(object(func(w *jsonval.Writer) { w.String("task", taskName(node, t.id)) }))
}

// finish runs a background task to its end and keeps what it came to.
func (s *Server) finish(c *call, node string, run func(c *call) ([]byte, error)) {
	var response []byte
	_, err := safely(s, func() (answer, error) {
		var err error
		response, err = run(c)
		return answer{}, err
	})
	if err != nil {
		s.log.Warn("background task failed", "action", c.task.action, "error", err)
	}
	if len(response) > maxTaskResultBytes {
		response, err = nil, eserr.New(http.StatusInternalServerError, "exception", "the response is [%d] bytes long and was not kept", len(response))
	}
	t, _ := s.tasks.byID(c.task.id)
	s.keepResult(taskName(node, t.id), object(func(w *jsonval.Writer) {
		w.Bool("completed", true)
		w.Raw("task", s.taskJSON(&t, node, true, nil))
		if err != nil {
			w.Raw("error", eserr.From(err).Append(nil))
		} else {
			w.Raw("response", response)
		}
	}))
	s.tasks.mu.Lock()
	s.tasks.background--
	s.tasks.mu.Unlock()
	s.tasks.end(c.task)
}

// keepResult stores what a task came to, and drops old results from time to time.
func (s *Server) keepResult(name string, result []byte) {
	ctx := context.WithoutCancel(s.closing)
	if _, err := s.store.Apply(ctx, &es.PutObject{Kind: kindTaskResult, Name: name, JSON: result}); err != nil {
		s.log.Error("the result of a background task was not kept", "task", name, "error", err)
		return
	}
	if s.results.Add(1)%trimEvery != 1 {
		return
	}
	kept, err := s.store.Apply(ctx, &es.GetObjects{Kind: kindTaskResult})
	objects, _ := kept.([]es.Object)
	if err != nil || len(objects) <= maxTaskResults {
		return
	}
	slices.SortFunc(objects, func(a, b es.Object) int { return a.Modified.Compare(b.Modified) })
	var names []string
	for _, o := range objects[:len(objects)-maxTaskResults] {
		names = append(names, o.Name)
	}
	if _, err := s.store.Apply(ctx, &es.DeleteObjects{Kind: kindTaskResult, Names: names}); err != nil {
		s.log.Warn("old results of background tasks were not dropped", "error", err)
	}
}

// getTask answers GET /_tasks/{task_id}: a task that runs, or what one in the background came to.
func (s *Server) getTask(c *call) (answer, error) {
	id, err := s.taskID(c)
	if err != nil {
		return answer{}, err
	}
	node, err := s.taskNode(c)
	if err != nil {
		return answer{}, err
	}
	t, running := s.tasks.byID(id)
	if running && c.flag("wait_for_completion") {
		if err := c.awaitTasks([]task{t}); err != nil {
			return answer{}, err
		}
		running = false
	}
	if running {
		return answer{body: taskState(false, s.taskJSON(&t, node, true, nil))}, nil
	}
	name := c.path("task_id")
	if !strings.Contains(name, "*") {
		objects, err := apply[[]es.Object](c, &es.GetObjects{Kind: kindTaskResult, Names: []string{name}})
		if err == nil && len(objects) == 1 {
			return ok(objects[0].JSON)
		}
		if e := eserr.From(err); e != nil && e.Status != http.StatusNotFound {
			return answer{}, err
		}
	}
	if t.done != nil { // nothing is kept of one that someone waited for
		return answer{body: taskState(true, s.taskJSON(&t, node, true, nil))}, nil
	}
	unknown := eserr.ResourceNotFound("task [%s] isn't running and hasn't stored its results", name)
	if of, _, _ := strings.Cut(name, ":"); of != node {
		return answer{}, eserr.ResourceNotFound("task [%s] belongs to the node [%s] which isn't part of the cluster and there is no record of the task", name, of).Because(unknown)
	}
	return answer{}, unknown
}

func taskState(completed bool, task []byte) []byte {
	return object(func(w *jsonval.Writer) {
		w.Bool("completed", completed)
		w.Raw("task", task)
	})
}
