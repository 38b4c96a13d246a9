package filter

import (
	"errors"
	"log/slog"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/ruby"
)

var aggregate = pipeline.FilterSpec{
	Name: "aggregate",
	Summary: "Gathers what events with the same id, those of one task, have to tell: a Ruby program puts it into the task's map, and from there into " +
		"the last event or into an event of its own. Filters with the same task_id share their tasks. The common options are applied where the program ran without error.",
	Options: []plugin.Option{
		{Name: "task_id", Kind: plugin.String, Required: true, Help: "The id, with %{references}. An event in which none of them resolves passes."},
		{Name: "code", Kind: plugin.String, Required: true, Help: "The program. It reaches the event as event, the task's map, a hash, as map, and its times and timeouts as map_meta; new_event_block.call(…) makes another event. An error gets the tag _aggregateexception."},
		{Name: "map_action", Kind: plugin.String, Default: "create_or_update", Allowed: []string{"create", "update", "create_or_update"}, Help: "create: the program runs for the first event of a task only; update: not for that."},
		{Name: "end_of_task", Kind: plugin.Boolean, Help: "The task ends with this event."},
		{Name: "timeout", Kind: plugin.Seconds, Default: 1800, Help: "How long a task lasts at most, from its first event. It is looked at every 5 seconds."},
		{Name: "inactivity_timeout", Kind: plugin.Seconds, Help: "How long a task lasts without events; at most timeout, which is the default."},
		{Name: "push_map_as_event_on_timeout", Kind: plugin.Boolean, Help: "Make an event of the map of a task that has timed out."},
		{Name: "push_previous_map_as_event", Kind: plugin.Boolean, Help: "Make an event of a task's map when the next task begins, and at the end: for tasks that come one after the other."},
		{Name: "timeout_code", Kind: plugin.String, Help: "Program for events that are made of maps; it reaches them as event."},
		{Name: "timeout_tags", Kind: plugin.Strings, Help: "Tags for them."},
		{Name: "timeout_task_id_field", Kind: plugin.Field, Help: "Field of theirs for the task's id."},
		{Name: "timeout_timestamp_field", Kind: plugin.Field, Help: "Field of events, such as @timestamp, that timeouts go by when a task's next event comes, in place of the clock: for old logs."},
		{Name: "aggregate_maps_path", Kind: plugin.Path, Help: "File that keeps the tasks of the pipeline while it does not run; one filter of a pipeline names it. Files of Logstash's cannot be read."},
		{Name: "map_count_warning_threshold", Kind: plugin.Integer, Default: 5000, Unit: "tasks", Help: "Warn in the log from so many tasks at once; 0 for never."},
	},
	New: newAggregate,
}

// timeoutOptions are for one filter of those with the same task_id.
var timeoutOptions = []string{"timeout", "inactivity_timeout", "timeout_code", "push_map_as_event_on_timeout", "push_previous_map_as_event",
	"timeout_timestamp_field", "timeout_task_id_field", "timeout_tags"}

type aggregateFilter struct {
	id                    *event.Template
	code, timeoutCode     *ruby.Program // timeoutCode nil for none
	createOnly, noCreate  bool
	endOfTask             bool
	timeout, inactivity   time.Duration
	pushOnTimeout         bool
	pushPrevious          bool
	tags                  []*event.Template
	idField, timestamp    *event.Path
	warnFrom, sinceWarned int64 // sinceWarned under tasks.mu: events since the last warning, -1 before the first
	pattern               string
	tasks                 *taskTable
	env                   *pipeline.Env
	logger                *slog.Logger
	failed                failures
}

func newAggregate(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &aggregateFilter{env: env, logger: loggerOf(env), pattern: s.String("task_id"), endOfTask: s.Bool("end_of_task"),
		createOnly: s.String("map_action") == "create", noCreate: s.String("map_action") == "update",
		timeout: s.Duration("timeout"), inactivity: s.Duration("timeout"), pushOnTimeout: s.Bool("push_map_as_event_on_timeout"),
		pushPrevious: s.Bool("push_previous_map_as_event"), warnFrom: s.Int("map_count_warning_threshold"), sinceWarned: -1}
	f.failed.tellOf("an aggregate filter's program fails; its events get the tag "+aggregateErrorTag, env, s)
	if s.Has("inactivity_timeout") {
		if f.inactivity = s.Duration("inactivity_timeout"); f.inactivity > f.timeout {
			return nil, s.Errorf("inactivity_timeout", "must not be greater than timeout, which is %v", f.timeout)
		}
	}
	var err error
	if f.id, err = templateOption(s, "task_id"); err != nil {
		return nil, err
	}
	if _, constant := f.id.Constant(); constant {
		return nil, s.Errorf("task_id", "must hold a reference such as %%{field}: tasks are told apart by it")
	}
	if f.tags, err = templatesOption(s, "timeout_tags"); err != nil {
		return nil, err
	}
	if f.idField, err = pathOption(s, "timeout_task_id_field"); err != nil {
		return nil, err
	}
	if f.timestamp, err = pathOption(s, "timeout_timestamp_field"); err != nil {
		return nil, err
	}
	host, state := newRubyHost(env), ruby.NewState()
	if f.code, err = ruby.Compile(s.String("code"), host, state, "map", "map_meta", "new_event_block"); err != nil {
		return nil, rubyError(s, "code", err)
	}
	if s.Has("timeout_code") {
		if f.timeoutCode, err = ruby.Compile(s.String("timeout_code"), host, state); err != nil {
			return nil, rubyError(s, "timeout_code", err)
		}
	}
	return f, f.share(s)
}

// share finds the tasks that this filter has in common with others of the pipeline.
func (f *aggregateFilter) share(s *plugin.Settings) error {
	all := pipelineTasks(f.env)
	f.tasks = all.table(f.pattern)
	for _, option := range timeoutOptions {
		if !s.Has(option) || s.String(option) == "false" {
			continue
		}
		if f.tasks.owner != nil {
			return s.Errorf(option, "is for one filter only of those with this task_id, and another one has such options already: %s", strings.Join(timeoutOptions, ", "))
		}
		f.tasks.owner = f
		break
	}
	if s.Has("aggregate_maps_path") {
		if all.path != "" {
			return s.Errorf("aggregate_maps_path", "is for one filter of the pipeline, and another one has it already")
		}
		all.path = f.env.ResolvePath(s.String("aggregate_maps_path"))
	}
	return nil
}

// Sequential says that the events of a task must come in order.
func (f *aggregateFilter) Sequential() {}

func (f *aggregateFilter) Filter(ev *event.Event, emit func(*event.Event)) pipeline.Outcome {
	id := f.id.Expand(ev)
	if id == "" || id == f.pattern {
		return pipeline.Unmatched
	}
	t := f.tasks
	t.all.mu.Lock()
	defer t.all.mu.Unlock()
	t.all.loadLocked(f.logger)
	f.warnLocked()
	now, reference := f.env.Now(), f.reference(ev)
	if f.timestamp != nil {
		f.expireByEventLocked(id, reference, emit)
	}
	task, running := t.tasks.get(id)
	switch {
	case running && f.createOnly, !running && f.noCreate:
		return pipeline.Unmatched
	case !running:
		if f.pushPrevious {
			f.pushPreviousLocked(emit)
		}
		task = &aggregateTask{Task: ruby.Task{ID: strings.Clone(id), Created: reference}, fields: ruby.NewHash(), began: now}
		t.tasks.put(task.ID, task)
	}
	task.LastEvent, task.heard = reference, now
	outcome := f.runLocked(ev, task, emit)
	if f.endOfTask {
		t.removeLocked(id)
	}
	if zeroSeconds(task.Timeout) || zeroSeconds(task.InactivityTimeout) {
		t.removeLocked(id)
		if t.ownerLocked(f).pushOnTimeout {
			emit(f.eventOf(task))
		}
	}
	return outcome
}

// runLocked runs the program for an event of a task.
func (f *aggregateFilter) runLocked(ev *event.Event, task *aggregateTask, emit func(*event.Event)) pipeline.Outcome {
	run := newRubyRun(true)
	run.begin(ev, emit)
	_, took, err := f.code.RunWith(&run.event, task.fields, &task.Task, &run.newEvent)
	run.end()
	if err == nil {
		err = f.tasks.all.accountLocked(task, took)
	}
	if err != nil {
		ev.Tag(aggregateErrorTag)
		f.failed.add(err)
		return pipeline.Unmatched
	}
	return pipeline.MatchedAlone
}

const aggregateErrorTag = "_aggregateexception"

// reference is the time of an event that timeouts go by.
func (f *aggregateFilter) reference(ev *event.Event) time.Time {
	if f.timestamp != nil {
		v, _ := ev.Get(f.timestamp)
		if v.Kind() == event.Time {
			return v.Time()
		}
		if t, err := time.Parse(time.RFC3339Nano, v.Str()); err == nil {
			return t
		}
	}
	return f.env.Now()
}

// warnLocked says now and then that there are many tasks.
func (f *aggregateFilter) warnLocked() {
	n := int64(f.tasks.tasks.len())
	if f.warnFrom <= 0 || n < f.warnFrom {
		return
	}
	const perThreshold = 5 // warnings for as many events as the threshold has tasks
	if f.sinceWarned++; f.sinceWarned%max(f.warnFrom/perThreshold, 1) == 0 {
		f.logger.Warn("an aggregate filter has many tasks at once; is one ever ended?", "pipeline", f.env.Pipeline, "task_id", f.pattern, "tasks", n)
	}
}

// expireByEventLocked ends a task whose next event comes too late, and tells of it when that is wanted.
func (f *aggregateFilter) expireByEventLocked(id string, at time.Time, emit func(*event.Event)) {
	task, ok := f.tasks.tasks.get(id)
	if !ok {
		return
	}
	owner := f.tasks.ownerLocked(f)
	if !at.After(task.Created.Add(secondsOr(task.Timeout, owner.timeout))) && !at.After(task.LastEvent.Add(secondsOr(task.InactivityTimeout, owner.inactivity))) {
		return
	}
	f.tasks.removeLocked(id)
	if f.pushPrevious || f.pushOnTimeout {
		emit(f.eventOf(task))
	}
}

func (f *aggregateFilter) pushPreviousLocked(emit func(*event.Event)) {
	if id, task, ok := f.tasks.tasks.oldest(); ok {
		f.tasks.removeLocked(id)
		emit(f.eventOf(task))
	}
}

// eventOf makes an event of a task's map.
func (f *aggregateFilter) eventOf(task *aggregateTask) *event.Event {
	ev, err := eventOfHash(task.fields, f.env.Now())
	if err != nil {
		ev = event.New(f.env.Now())
	}
	if f.idField != nil && !ev.Set(f.idField, event.StringOf(task.ID)) {
		err = errors.Join(err, errNotATimestamp)
	}
	for _, t := range f.tags {
		ev.Tag(t.Expand(ev))
	}
	if err == nil && f.timeoutCode != nil {
		reached := &rubyEvent{Event: ev}
		_, err = f.timeoutCode.Run(reached)
		reached.Event = nil
	}
	if err != nil {
		ev.Tag(aggregateErrorTag)
		f.failed.add(err)
	}
	return ev
}

// Flush ends the tasks that have timed out. At the end, it keeps the others in their file.
func (f *aggregateFilter) Flush(now time.Time, final bool, emit func(*event.Event, pipeline.Outcome)) {
	t := f.tasks
	t.all.mu.Lock()
	defer t.all.mu.Unlock()
	if t.ownerLocked(f) == f {
		t.all.loadLocked(f.logger)
		push := func(ev *event.Event) {
			if final {
				ev.Tag("_aggregatefinalflush")
			}
			emit(ev, pipeline.Unmatched)
		}
		t.tasks.each(func(id string, task *aggregateTask) {
			if !now.After(task.began.Add(secondsOr(task.Timeout, f.timeout))) && !now.After(task.heard.Add(secondsOr(task.InactivityTimeout, f.inactivity))) {
				return
			}
			t.removeLocked(id)
			if f.pushPrevious || f.pushOnTimeout {
				push(f.eventOf(task))
			}
		})
		if final && f.pushPrevious {
			f.pushPreviousLocked(push)
		}
	}
	if final {
		t.all.endLocked(f.logger)
	}
}
