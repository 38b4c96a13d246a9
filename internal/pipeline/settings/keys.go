package settings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/plugin"
)

// Key describes one setting.
type Key struct {
	Name string
	// Pipeline settings may stand in pipelines.yml too.
	Pipeline bool
	Help     string
	// Ignored: taken without effect; the text says why.
	Ignored string
	// Unsupported: the original has it; the text says what to do instead. Off is the value that asks for nothing and is taken.
	Unsupported string
	Off         string
	set         func(n *Node, p *Pipeline, text string) error
}

const (
	noJVM        = "it tunes the Java process, and there is none"
	noManagement = "there is no central pipeline management; keep pipelines in files, which are reloaded"
)

// Keys lists the settings in alphabetical order. A name that ends in .* stands for all below it.
var Keys = allKeys()

func allKeys() []Key {
	all := slices.Clone(keys)
	for _, family := range monitoringFamilies {
		all = append(all, monitoringKeys(family)...)
	}
	slices.SortStableFunc(all, func(a, b Key) int { return strings.Compare(a.Name, b.Name) })
	return all
}

var keys = []Key{
	{Name: "allow_superuser", Ignored: "the program does not mind who runs it"},
	{Name: "api.auth.*", Unsupported: "the API has no login; it listens on this machine only", Off: "none"},
	{Name: "api.enabled", Help: "Whether the monitoring API listens.", set: boolean(func(n *Node, _ *Pipeline) *bool { return &n.API.Enabled })},
	{Name: "api.environment", Ignored: "it is a label that the API does not show"},
	{Name: "api.http.host", Help: "Address of the monitoring API.", set: text(func(n *Node, _ *Pipeline) *string { return &n.API.Host })},
	{Name: "api.http.port", Help: "Port of the monitoring API, or a range of which the first free one is taken.", set: setPorts},
	{Name: "api.ssl.*", Unsupported: "the API has no TLS; it listens on this machine only", Off: "false"},
	{Name: "config.debug", Pipeline: true, Ignored: "`elkhorn pipeline check` and --log-level debug show what a configuration becomes"},
	{Name: "config.field_reference.escape_style", Unsupported: "names with brackets cannot be escaped", Off: "none"},
	{Name: "config.reload.automatic", Help: "Whether changed configurations are found and loaded.", set: boolean(func(n *Node, _ *Pipeline) *bool { return &n.Reload.Automatic })},
	{Name: "config.reload.interval", Help: "How often to look, such as 3s.", set: duration(func(n *Node, _ *Pipeline) *time.Duration { return &n.Reload.Interval })},
	{Name: "config.string", Pipeline: true, Help: "The configuration itself.", set: text(func(_ *Node, p *Pipeline) *string { return &p.Text })},
	{Name: "config.support_escapes", Pipeline: true, Help: "Whether \\n and the like mean something in quoted texts.", set: boolean(func(_ *Node, p *Pipeline) *bool { return &p.Escapes })},
	{Name: "config.test_and_exit", Help: "Check the pipelines and end.", set: boolean(func(n *Node, _ *Pipeline) *bool { return &n.Check })},
	{Name: "dead_letter_queue.enable", Pipeline: true, Help: "false throws away what outputs refuse.", set: setDeadLetters},
	{Name: "dead_letter_queue.flush_check_interval", Pipeline: true, Ignored: "letters are on the disk before the event is acknowledged"},
	{Name: "dead_letter_queue.flush_interval", Pipeline: true, Ignored: "letters are on the disk before the event is acknowledged"},
	{Name: "dead_letter_queue.max_bytes", Pipeline: true, Help: "Most bytes of one pipeline's letters.", set: size(func(_ *Node, p *Pipeline) *int64 { return &p.DeadLetters.MaxBytes })},
	{Name: "dead_letter_queue.retain.age", Pipeline: true, Help: "How long letters are kept, such as 5d.", set: duration(func(_ *Node, p *Pipeline) *time.Duration { return &p.DeadLetters.RetainAge })},
	{Name: "dead_letter_queue.storage_policy", Pipeline: true, Help: "What goes when the queue is full: drop_newer or drop_older. Without it outputs wait and nothing goes.",
		set: oneOf(map[string]func(*Pipeline){"drop_newer": policy("drop_newer"), "drop_older": policy("drop_older")})},
	{Name: "http.enabled", Help: "Old name of api.enabled.", set: boolean(func(n *Node, _ *Pipeline) *bool { return &n.API.Enabled })},
	{Name: "http.environment", Ignored: "it is a label that the API does not show"},
	{Name: "http.host", Help: "Old name of api.http.host.", set: text(func(n *Node, _ *Pipeline) *string { return &n.API.Host })},
	{Name: "http.port", Help: "Old name of api.http.port.", set: setPorts},
	{Name: "log.format", Help: "plain or json.", set: oneOfNode(map[string]func(*Node){"plain": func(n *Node) { n.LogJSON = false }, "json": func(n *Node) { n.LogJSON = true }})},
	{Name: "log.format.json.fix_duplicate_message_fields", Ignored: "the log never writes a field twice"},
	{Name: "log.level", Help: "fatal, error, warn, info, debug or trace.", set: oneOfNode(map[string]func(*Node){
		"fatal": level("error"), "error": level("error"), "warn": level("warn"), "info": level("info"), "debug": level("debug"), "trace": level("debug")})},
	{Name: "metric.collect", Pipeline: true, Ignored: "counters cost nothing and are always kept"},
	{Name: "modules", Unsupported: "Logstash modules are not there; write the pipeline they would make"},
	{Name: "node.name", Help: "Name of this process in the API.", set: text(func(n *Node, _ *Pipeline) *string { return &n.Name })},
	{Name: "path.config", Pipeline: true, Help: "File, folder or glob of the configuration.", set: text(func(_ *Node, p *Pipeline) *string { return &p.Path })},
	{Name: "path.data", Help: "Folder for queues, dead letters and file positions.", set: text(func(n *Node, _ *Pipeline) *string { return &n.DataDir })},
	{Name: "path.dead_letter_queue", Pipeline: true, Help: "Folder of the dead letters, one below it per pipeline.", set: text(func(_ *Node, p *Pipeline) *string { return &p.DeadLetters.Dir })},
	{Name: "path.logs", Ignored: "the log goes to standard error"},
	{Name: "path.plugins", Unsupported: "plugins cannot be added: they are part of the program"},
	{Name: "path.queue", Pipeline: true, Help: "Folder of the persisted queues, one below it per pipeline.", set: text(func(_ *Node, p *Pipeline) *string { return &p.Queue.Dir })},
	{Name: "pipeline.batch.delay", Pipeline: true, Help: "Milliseconds that a batch waits for company.", set: millis(func(_ *Node, p *Pipeline) *time.Duration { return &p.BatchDelay })},
	{Name: "pipeline.batch.metrics.sampling_mode", Pipeline: true, Ignored: "sizes of batches are not sampled"},
	{Name: "pipeline.batch.output_chunking.growth_threshold_factor", Pipeline: true, Ignored: "outputs cut their requests by size"},
	{Name: "pipeline.batch.size", Pipeline: true, Help: "Most events that a worker takes at once.", set: count(1, func(_ *Node, p *Pipeline) *int { return &p.BatchSize })},
	{Name: "pipeline.buffer.type", Ignored: noJVM},
	{Name: "pipeline.ecs_compatibility", Pipeline: true, Help: "disabled, v1 or v8, for plugins that do not say themselves.",
		set: oneOf(map[string]func(*Pipeline){"disabled": ecs("disabled"), "v1": ecs("v1"), "v8": ecs("v8")})},
	{Name: "pipeline.id", Pipeline: true, Help: "Name of the pipeline.", set: text(func(_ *Node, p *Pipeline) *string { return &p.ID })},
	{Name: "pipeline.ordered", Pipeline: true, Help: "true keeps each input's order with several workers too; auto does with one.",
		set: oneOf(map[string]func(*Pipeline){"auto": ordered(false), "false": ordered(false), "true": ordered(true)})},
	{Name: "pipeline.plugin_classloaders", Pipeline: true, Ignored: noJVM},
	{Name: "pipeline.recoverable", Pipeline: true, Unsupported: "a pipeline that ended by itself is started again by a reload only", Off: "false"},
	{Name: "pipeline.reloadable", Pipeline: true, Help: "false keeps a pipeline as it is until the process ends.", set: boolean(func(_ *Node, p *Pipeline) *bool { return &p.Reloadable })},
	{Name: "pipeline.separate_logs", Ignored: "each line of the log names its pipeline"},
	{Name: "pipeline.system", Pipeline: true, Ignored: "it hides a pipeline in the original's own tools"},
	{Name: "pipeline.unsafe_shutdown", Ignored: "a stop waits 30 seconds at most for events that nobody keeps, and a second signal ends the process at once"},
	{Name: "pipeline.workers", Pipeline: true, Help: "How many batches are worked on at the same time.", set: count(1, func(_ *Node, p *Pipeline) *int { return &p.Workers })},
	{Name: "queue.checkpoint.acks", Pipeline: true, Help: "Most acknowledged events before the queue notes them; 0 is no limit.", set: count(0, func(_ *Node, p *Pipeline) *int { return &p.Queue.CheckpointAcks })},
	{Name: "queue.checkpoint.interval", Pipeline: true, Help: "Milliseconds after which what was written or acknowledged is noted; 0 never.", set: millis(func(_ *Node, p *Pipeline) *time.Duration { return &p.Queue.CheckpointInterval })},
	{Name: "queue.checkpoint.retry", Pipeline: true, Ignored: "a checkpoint that failed is written again with the next one"},
	{Name: "queue.checkpoint.writes", Pipeline: true, Help: "Most events written before the disk must have them; 1 is every event, 0 no limit.", set: count(0, func(_ *Node, p *Pipeline) *int { return &p.Queue.CheckpointWrites })},
	{Name: "queue.compression", Pipeline: true, Unsupported: "pages are not compressed", Off: "none"},
	{Name: "queue.drain", Pipeline: true, Help: "true empties the queue before the process ends.", set: boolean(func(_ *Node, p *Pipeline) *bool { return &p.Queue.Drain })},
	{Name: "queue.max_bytes", Pipeline: true, Help: "Most bytes of the queue on the disk.", set: size(func(_ *Node, p *Pipeline) *int64 { return &p.Queue.MaxBytes })},
	{Name: "queue.max_events", Pipeline: true, Help: "Most events that wait; 0 is no limit.", set: long(func(_ *Node, p *Pipeline) *int64 { return &p.Queue.MaxEvents })},
	{Name: "queue.page_capacity", Pipeline: true, Help: "Bytes of one file of the queue.", set: size(func(_ *Node, p *Pipeline) *int64 { return &p.Queue.PageBytes })},
	{Name: "queue.type", Pipeline: true, Help: "memory or persisted.",
		set: oneOf(map[string]func(*Pipeline){"memory": func(p *Pipeline) { p.Queue.Persisted = false }, "persisted": func(p *Pipeline) { p.Queue.Persisted = true }})},
	{Name: "shadow.config", Pipeline: true, Help: "A configuration on trial, as file, folder or glob: it runs beside the pipeline on the same events and writes nothing; the log tells how the outcomes differ.",
		set: text(func(_ *Node, p *Pipeline) *string { return &p.Shadow.Path })},
	{Name: "shadow.ignore", Pipeline: true, Help: "Fields in which the outcomes may differ, as a list.", set: list(func(_ *Node, p *Pipeline) *[]string { return &p.Shadow.Ignore })},
	{Name: "slowlog.threshold.*", Unsupported: "there is no slow log; the time of each plugin is in the monitoring API", Off: "-1"},
	{Name: "ssl.reload.automatic", Unsupported: "certificates are read when a pipeline starts; reload it", Off: "false"},
	{Name: "xpack.management.*", Unsupported: noManagement, Off: "false"},
}

// find returns the key of that name, or nil.
func find(name string) *Key {
	for i := range Keys {
		k := &Keys[i]
		if below, ok := strings.CutSuffix(k.Name, "*"); k.Name == name || ok && strings.HasPrefix(name, below) {
			return k
		}
	}
	return nil
}

// apply sets one setting. Errors are *plugin.Error at the place; a warning is noted in the node.
func apply(n *Node, p *Pipeline, name, value string, at plugin.Pos, inPipeline bool) error {
	fail := func(format string, args ...any) error {
		return &plugin.Error{Pos: at, Option: name, Reason: fmt.Sprintf(format, args...)}
	}
	k := find(name)
	switch {
	case k == nil:
		return fail("%s", unknown(name, inPipeline))
	case inPipeline && !k.Pipeline:
		return fail("it is a setting of the whole process and belongs in logstash.yml")
	case k.Unsupported != "" && (k.Off == "" || value != k.Off):
		return fail("%s", k.Unsupported)
	case k.Unsupported != "":
		return nil
	case k.Ignored != "":
		n.Warnings = append(n.Warnings, &plugin.Error{Pos: at, Option: name, Reason: "has no effect: " + k.Ignored})
		return nil
	}
	if err := k.set(n, p, value); err != nil {
		return fail("%v", err)
	}
	return nil
}

func unknown(name string, inPipeline bool) string {
	var names []string
	for _, k := range Keys {
		if k.Pipeline || !inPipeline {
			names = append(names, strings.TrimSuffix(k.Name, ".*"))
		}
	}
	if near := plugin.Nearest(name, names); near != "" {
		return fmt.Sprintf("there is no setting of this name; did you mean %q?", near)
	}
	return "there is no setting of this name"
}

type setter = func(n *Node, p *Pipeline, text string) error

func text(at func(*Node, *Pipeline) *string) setter {
	return func(n *Node, p *Pipeline, text string) error {
		*at(n, p) = text
		return nil
	}
}

// list sets a list, which comes joined by commas.
func list(at func(*Node, *Pipeline) *[]string) setter {
	return func(n *Node, p *Pipeline, text string) error {
		*at(n, p) = nil
		for item := range strings.SplitSeq(text, ",") {
			if item = strings.TrimSpace(item); item != "" {
				*at(n, p) = append(*at(n, p), item)
			}
		}
		return nil
	}
}

func boolean(at func(*Node, *Pipeline) *bool) setter {
	return func(n *Node, p *Pipeline, text string) error {
		b, err := parseBool(text)
		if err == nil {
			*at(n, p) = b
		}
		return err
	}
}

func parseBool(text string) (bool, error) {
	switch text {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, fmt.Errorf("wants true or false, not %q", text)
}

func setDeadLetters(_ *Node, p *Pipeline, text string) error {
	on, err := parseBool(text)
	if err == nil {
		p.DeadLetters.Disabled = !on
	}
	return err
}

func count(least int, at func(*Node, *Pipeline) *int) setter {
	return func(n *Node, p *Pipeline, text string) error {
		v, err := strconv.Atoi(text)
		if err != nil || v < least {
			return fmt.Errorf("wants a whole number from %d, not %q", least, text)
		}
		*at(n, p) = v
		return nil
	}
}

func long(at func(*Node, *Pipeline) *int64) setter {
	return func(n *Node, p *Pipeline, text string) error {
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil || v < 0 {
			return fmt.Errorf("wants a whole number from 0, not %q", text)
		}
		*at(n, p) = v
		return nil
	}
}

func size(at func(*Node, *Pipeline) *int64) setter {
	return func(n *Node, p *Pipeline, text string) error {
		v, err := plugin.ParseBytes(text)
		if err == nil && v <= 0 {
			err = fmt.Errorf("wants a size above 0, not %q", text)
		}
		if err == nil {
			*at(n, p) = v
		}
		return err
	}
}

func millis(at func(*Node, *Pipeline) *time.Duration) setter {
	return func(n *Node, p *Pipeline, text string) error {
		v, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			return fmt.Errorf("wants a whole number of milliseconds, not %q", text)
		}
		*at(n, p) = time.Duration(v) * time.Millisecond
		return nil
	}
}

func duration(at func(*Node, *Pipeline) *time.Duration) setter {
	return func(n *Node, p *Pipeline, text string) error {
		v, err := ParseDuration(text)
		if err == nil {
			*at(n, p) = v
		}
		return err
	}
}

var units = []struct {
	suffix string
	unit   time.Duration
}{{"nanos", time.Nanosecond}, {"micros", time.Microsecond}, {"ms", time.Millisecond}, {"s", time.Second}, {"m", time.Minute}, {"h", time.Hour}, {"d", 24 * time.Hour}}

// ParseDuration reads a time as logstash.yml has it: a whole number and its unit, such as 3s or 5d.
func ParseDuration(text string) (time.Duration, error) {
	for _, u := range units {
		digits, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n <= 0 || n > int64(1<<62)/int64(u.unit) {
			break
		}
		return time.Duration(n) * u.unit, nil
	}
	return 0, fmt.Errorf("wants a time with its unit, such as 3s, 500ms or 5d, not %q", text)
}

func oneOf(values map[string]func(*Pipeline)) setter {
	return func(_ *Node, p *Pipeline, text string) error {
		set := values[text]
		if set == nil {
			return fmt.Errorf("wants one of %s, not %q", names(values), text)
		}
		set(p)
		return nil
	}
}

func oneOfNode(values map[string]func(*Node)) setter {
	return func(n *Node, _ *Pipeline, text string) error {
		set := values[strings.ToLower(text)]
		if set == nil {
			return fmt.Errorf("wants one of %s, not %q", names(values), text)
		}
		set(n)
		return nil
	}
}

func names[T any](values map[string]T) string {
	var all []string
	for name := range values {
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func policy(name string) func(*Pipeline) { return func(p *Pipeline) { p.DeadLetters.Policy = name } }
func level(name string) func(*Node)      { return func(n *Node) { n.LogLevel = name } }
func ecs(mode string) func(*Pipeline)    { return func(p *Pipeline) { p.ECS = mode } }
func ordered(yes bool) func(*Pipeline)   { return func(p *Pipeline) { p.Ordered = yes } }

func setPorts(n *Node, _ *Pipeline, text string) error {
	first, last, isRange := strings.Cut(text, "-")
	a, err := strconv.ParseUint(first, 10, 16)
	b := a
	if isRange && err == nil {
		b, err = strconv.ParseUint(last, 10, 16)
	}
	if err != nil || b < a {
		return fmt.Errorf("wants a port such as 9600 or a range such as 9600-9700, not %q", text)
	}
	n.API.First, n.API.Last, n.API.Explicit = int(a), int(b), true
	return nil
}
