package runtime

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"elkhorn/internal/event"
	"elkhorn/internal/vfs"
)

// try runs lines through a configuration's filters.
func try(t *testing.T, conf, lines string) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := Test(t.Context(), Source{Inline: conf, Lookup: noVariables}, tables, false, strings.NewReader(lines), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const taskFilters = `filter {
	grok { match => { "message" => "%{LOGLEVEL:level} - %{NOTSPACE:task} - %{NOTSPACE:logger} - %{WORD:label}( - %{INT:duration:int})?" } }
	if [logger] == "TASK_START" {
		aggregate { task_id => "%{task}" code => "map['sql'] = 0" map_action => "create" }
	}
	if [logger] == "SQL" {
		aggregate { task_id => "%{task}" code => "map['sql'] += event.get('duration')" map_action => "update" }
	}
	if [logger] == "TASK_END" {
		aggregate { task_id => "%{task}" code => "event.set('sql', map['sql'])" map_action => "update" end_of_task => true timeout => 120 }
	}
}`

// TestTaskOfSeveralFilters gathers two interlaced tasks over three filters with conditions.
func TestTaskOfSeveralFilters(t *testing.T) {
	out := try(t, taskFilters, `INFO - 1 - TASK_START - start
INFO - 2 - TASK_START - start
INFO - 1 - SQL - q1 - 12
INFO - 3 - SQL - no_start - 1
INFO - 2 - SQL - q1 - 7
INFO - 1 - SQL - q2 - 34
INFO - 1 - TASK_END - end
INFO - 2 - TASK_END - end
INFO - 1 - SQL - after_the_end - 1
`)
	if !strings.Contains(out, `"task":"1","logger":"TASK_END","label":"end","sql":46}`) || !strings.Contains(out, `"task":"2","logger":"TASK_END","label":"end","sql":7}`) {
		t.Errorf("got %s", out)
	}
	if strings.Contains(out, "_aggregateexception") {
		t.Errorf("a program failed: %s", out)
	}
}

func TestTimeoutOptionsAreForOneFilter(t *testing.T) {
	conf := `filter {
		aggregate { task_id => "%{a}" code => "1" timeout => 5 }
		aggregate { task_id => "%{b}" code => "1" timeout => 5 }
		aggregate { task_id => "%{a}" code => "1" end_of_task => true }
		aggregate { task_id => "%{a}" code => "1" push_map_as_event_on_timeout => true }
	}`
	_, err := Test(t.Context(), Source{Inline: conf, Lookup: noVariables}, tables, false, strings.NewReader(""), &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), `:5:77: aggregate: option "push_map_as_event_on_timeout": is for one filter only`) {
		t.Errorf("got %v", err)
	}
}

// TestTasksOutliveThePipeline stops a pipeline in the middle of a task, and starts another.
func TestTasksOutliveThePipeline(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tasks")
	conf := `input { stdin { codec => json } } filter { aggregate { task_id => "%{id}" aggregate_maps_path => "` + filepath.ToSlash(file) + `"
		code => "map[:n] = (map[:n] || 0) + event.get('n'); map['at'] ||= event.timestamp; event.set('sum', map[:n]); event.set('class', map['at'].class.to_s)" } }
		output { stdout { codec => json_lines } }`
	run := func(lines string) string {
		h := newHarness(t, conf, func(o *Options) {
			stdin(lines)(o)
			o.Env.FS = vfs.Default
		})
		h.run()
		return h.stdout.String()
	}
	run(`{"id":"a","n":1}` + "\n" + `{"id":"b","n":5}` + "\n")
	if _, err := vfs.Default.Stat(file); err != nil {
		t.Fatal(err)
	}
	// Checking and trying a configuration leaves the file alone.
	var offline bytes.Buffer
	if _, err := Test(t.Context(), Source{Inline: conf, Lookup: noVariables}, tables, false, strings.NewReader(`{"id":"a","n":1}`+"\n"), &offline); err != nil {
		t.Fatal(err)
	}
	if out := run(`{"id":"a","n":2}` + "\n"); !strings.Contains(out, `"sum":3,"class":"LogStash::Timestamp"`) {
		t.Errorf("the second run begins anew: %s", out)
	}
	if out := run(`{"id":"b","n":2}` + "\n"); !strings.Contains(out, `"sum":7`) {
		t.Errorf("the third run does not know the first: %s", out)
	}
	if err := vfs.WriteFileAtomic(vfs.Default, file, []byte("\x04\x08{\x06I\"")); err != nil {
		t.Fatal(err)
	}
	if out := run(`{"id":"a","n":2}` + "\n"); !strings.Contains(out, `"sum":2`) {
		t.Errorf("a file of Logstash's stops the pipeline: %s", out)
	}
}

// TestEventsOfProgramsAreAcknowledged makes events in a program, of which some are never given away.
func TestEventsOfProgramsAreAcknowledged(t *testing.T) {
	h := newHarness(t, `filter { ruby { code => "
		@kept = event.clone
		new_event_block.call(event.clone)
		new_event_block.call(LogStash::Event.new('a' => 1))
		event.cancel
	" } } output { stdout { codec => json_lines } }`, nil)
	ev := event.New(arrival)
	done := 0
	ev.SetReceipt(event.NewReceipt(1, func() { done++ }))
	h.pipeline.newWorker().batch(t.Context(), []*event.Event{ev})
	if done != 1 || strings.Count(h.stdout.String(), "\n") != 2 {
		t.Errorf("acknowledged %d times, written: %s", done, h.stdout)
	}
}
