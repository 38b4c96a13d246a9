package ship

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
	"elkhorn/internal/ship/harvest"
	"elkhorn/internal/ship/processor"
	"elkhorn/internal/vfs"
)

// Config is what a shipper does.
type Config struct {
	Name       string // of the shipper; the host's name when empty
	Inputs     []Input
	Fields     event.Value // for every event
	FieldsRoot bool        // at the root instead of below fields
	Tags       []string
	Processors []*plugin.BlockConfig // for every event, behind those of its input
	Queue      Queue
	Output     Output
}

// Input is one configured and enabled input.
type Input struct {
	Block       *plugin.BlockConfig // checked against harvest.Table
	Fields      event.Value
	FieldsRoot  bool
	Tags        []string
	Pipeline    string // for @metadata.pipeline
	DisableHost bool
	Processors  []*plugin.BlockConfig
}

// Queue bounds what is between inputs and output.
type Queue struct {
	Events       int           // at most
	MinEvents    int           // a batch is sent when there are so many …
	FlushTimeout time.Duration // … or the oldest has waited so long
}

// Output is where events go: to receivers of Lumberjack, or to stores when Elasticsearch is there.
type Output struct {
	Hosts            []string // host:port, or URLs of stores
	LoadBalance      bool     // all hosts at once instead of one at a time
	Workers          int      // connections to each host in use
	BulkMaxSize      int      // events of a window
	CompressionLevel int      // 0 is none
	SlowStart        bool
	Pipelining       int // windows on their way at once, at least 1
	Timeout          time.Duration
	BackoffInit      time.Duration
	BackoffMax       time.Duration
	Beat             string // @metadata.beat
	TLS              *TLS   // nil for connections in the clear
	Elasticsearch    *Elasticsearch
}

// TLS is how connections to receivers are encrypted. Authorities, Certificate and Key are paths of PEM files or PEM itself.
type TLS struct {
	Authorities []string // whose certificates are trusted; the system's when empty
	Certificate string   // shown to receivers that ask for one
	Key         string
	Mode        string // full, certificate (any host name) or none (anybody)
}

// maxConfigBytes bounds a configuration file.
const maxConfigBytes = 16 << 20

// LoadFile reads a configuration file; see Load.
func LoadFile(fsys vfs.FS, path string) (*Config, []Finding, error) {
	data, err := vfs.ReadFile(fsys, path, maxConfigBytes)
	if err != nil {
		return nil, nil, err
	}
	return Load(filepath.Base(path), data, os.LookupEnv)
}

// Load reads a filebeat.yml. The error joins all faults; findings hold them too, and what is worth a warning.
func Load(file string, data []byte, lookup func(name string) (string, bool)) (*Config, []Finding, error) {
	root, err := parseTree(file, data)
	if err != nil {
		return nil, nil, err
	}
	l := &loader{lookup: lookup}
	c := &Config{Queue: DefaultQueue(), Output: DefaultOutput()}
	l.general(c, root)
	l.inputs(c, root.at("filebeat.inputs"))
	l.queue(c, root.at("queue"))
	l.output(c, root.at("output"))
	l.unbuilt(root)
	slices.SortStableFunc(l.all, func(a, b Finding) int { return a.Pos.Line - b.Pos.Line })
	if err := l.err(); err != nil {
		return nil, l.all, err
	}
	return c, l.all, nil
}

// DefaultQueue is Filebeat's, except that a lone line goes out after a second instead of ten: people wait for it.
func DefaultQueue() Queue { return Queue{Events: 3200, MinEvents: 1600, FlushTimeout: time.Second} }

// DefaultOutput is Filebeat's.
func DefaultOutput() Output {
	return Output{
		Workers: 1, BulkMaxSize: 2048, CompressionLevel: 3, Pipelining: 2,
		Timeout: 30 * time.Second, BackoffInit: time.Second, BackoffMax: time.Minute, Beat: "filebeat",
	}
}

var generalOptions = []plugin.Option{
	{Name: "name", Kind: plugin.String, Help: "Name of the shipper in its events."},
	{Name: "tags", Kind: plugin.Strings, Help: "Tags for every event."},
	{Name: "fields", Kind: plugin.Hash, Help: "Fields for every event, below fields."},
	{Name: "fields_under_root", Kind: plugin.Boolean, Help: "Puts fields at the root of the event."},
}

func (l *loader) general(c *Config, root *tree) {
	t := &tree{pos: root.pos, kind: treeMap, named: root.named}
	for _, o := range generalOptions {
		if root.named[o.Name] != nil {
			t.keys = append(t.keys, o.Name)
		}
	}
	b, err := l.block("", t, generalOptions)
	if err != nil {
		l.fault(root.pos, "", err)
		return
	}
	s, err := plugin.NewSettings(b, generalOptions)
	if err != nil {
		l.fault(root.pos, "", err)
		return
	}
	c.Name, c.Tags = s.String("name"), s.Strings("tags")
	c.Fields, c.FieldsRoot = processor.ObjectOf(s.Pairs("fields")), s.Bool("fields_under_root")
	c.Processors = l.processors("processors", root.at("processors"))
}

func (l *loader) inputs(c *Config, list *tree) {
	if list == nil || list.kind != treeList {
		l.add(Fault, plugin.Pos{}, "filebeat.inputs", "is missing: a list of inputs")
		return
	}
	readBy := make(map[string]string)
	for i, t := range list.items {
		key := fmt.Sprintf("filebeat.inputs.%d", i)
		input := l.input(key, t)
		if input == nil {
			continue
		}
		c.Inputs = append(c.Inputs, *input)
		l.checkShared(key, input.Block, readBy)
	}
	if len(c.Inputs) == 0 && l.err() == nil {
		l.add(Fault, list.pos, "filebeat.inputs", "no input is enabled")
	}
}

// checkShared warns of paths that two inputs read: there is one offset per file, and each would move it.
func (l *loader) checkShared(key string, block *plugin.BlockConfig, readBy map[string]string) {
	for _, pair := range block.Options {
		if pair.Key != "paths" {
			continue
		}
		for _, path := range append(pair.Value.List, pair.Value) {
			if path.Kind != plugin.Text {
				continue
			}
			if other := readBy[path.Str]; other != "" && other != key {
				l.add(Warning, path.Pos, key+".paths", "%s is read by %s as well: lines can be missed or sent twice, leave it to one input", path.Str, other)
			}
			readBy[path.Str] = key
		}
	}
}

// input reads one input; nil when it is disabled or at fault. The rest of a disabled one is not looked at: its variables need
// not be set.
func (l *loader) input(key string, t *tree) *Input {
	kind := t.at("type")
	if kind == nil || kind.kind != treeScalar {
		l.add(Fault, t.pos, key+".type", "is missing")
		return nil
	}
	if enabled := t.at("enabled"); enabled != nil {
		v, err := l.scalar(enabled, plugin.Boolean, false)
		if err != nil {
			l.fault(enabled.pos, key+".enabled", err)
			return nil
		}
		if v.Str == "false" {
			return nil
		}
	}
	spec := harvest.Table.Find(kind.text)
	if spec == nil {
		_, err := harvest.Table.Check(&plugin.BlockConfig{Name: kind.text, Pos: kind.pos})
		l.fault(kind.pos, key, err)
		return nil
	}
	block, err := l.block(kind.text, t.without("processors"), spec.Options, harvest.CommonOptions)
	if err != nil {
		l.fault(t.pos, key, err)
		return nil
	}
	// Making the input checks more than the options: patterns, time spans, what must go together.
	env := &harvest.Env{Logger: slog.New(slog.DiscardHandler)}
	_, settings, err := harvest.Table.Build(env, block)
	if err != nil {
		l.fault(t.pos, key, err)
		return nil
	}
	for _, w := range settings.Warnings {
		l.addPluginError(Warning, key, w)
	}
	l.checkMultiline(key, settings)
	return &Input{
		Block:       block,
		Fields:      processor.ObjectOf(settings.Pairs("fields")),
		FieldsRoot:  settings.Bool("fields_under_root"),
		Tags:        settings.Strings("tags"),
		Pipeline:    settings.String("pipeline"),
		DisableHost: settings.Bool("publisher_pipeline.disable_host"),
		Processors:  l.processors(key+".processors", t.at("processors")),
	}
}

// processors reads a list of processors. Those we lack are warned about and left out.
func (l *loader) processors(key string, list *tree) []*plugin.BlockConfig {
	if list == nil || list.kind == treeNull {
		return nil
	}
	if list.kind != treeList {
		l.add(Fault, list.pos, key, "wants a list")
		return nil
	}
	var blocks []*plugin.BlockConfig
	env := &processor.Env{Logger: slog.New(slog.DiscardHandler)}
	for i, t := range list.items {
		key := fmt.Sprintf("%s.%d", key, i)
		if t.kind != treeMap || len(t.keys) != 1 {
			l.add(Fault, t.pos, key, "wants one processor with its options; if/then/else is not supported, use when")
			continue
		}
		name := t.keys[0]
		if missing, ok := processor.Unbuilt(name); ok {
			l.add(Warning, t.pos, key+"."+name, "is not built yet: %s", missing)
			continue
		}
		var options []plugin.Option
		if spec := processor.Table.Find(name); spec != nil {
			options = spec.Options
		}
		block, err := l.block(name, t.named[name], options, processor.CommonOptions)
		if err != nil {
			l.fault(t.pos, key+"."+name, err)
			continue
		}
		_, warnings, err := processor.Build(env, block)
		if err != nil {
			l.fault(t.pos, key+"."+name, err)
			continue
		}
		for _, w := range warnings {
			l.addPluginError(Warning, key+"."+name, w)
		}
		blocks = append(blocks, block)
	}
	return blocks
}

var queueOptions = []plugin.Option{
	{Name: "events", Kind: plugin.Integer, Default: 3200, Help: "Events between inputs and output."},
	{Name: "flush.min_events", Kind: plugin.Integer, Default: 1600, Help: "A batch is sent when there are so many."},
	{Name: "flush.timeout", Kind: plugin.String, Default: "1s", Help: "… or when the oldest has waited so long."},
}

func (l *loader) queue(c *Config, t *tree) {
	if t == nil || t.kind != treeMap {
		return
	}
	for _, name := range t.keys {
		if name != "mem" {
			l.add(Warning, t.named[name].pos, "queue."+name, "is not built yet: the queue is in memory, and the registry keeps what is not delivered")
		}
	}
	mem := t.named["mem"]
	if mem == nil {
		return
	}
	s := l.settings("queue.mem", mem, queueOptions)
	if s == nil {
		return
	}
	timeout, err := harvest.Duration(s.String("flush.timeout"))
	if err != nil {
		l.fault(mem.pos, "queue.mem.flush.timeout", err)
		return
	}
	c.Queue = Queue{Events: int(s.Int("events")), MinEvents: int(s.Int("flush.min_events")), FlushTimeout: timeout}
	if c.Queue.Events < 1 || c.Queue.MinEvents < 0 || timeout < 0 {
		l.add(Fault, mem.pos, "queue.mem", "events must be at least 1, and the others not below 0")
	}
}

// settings reads and checks a section; nil after a fault.
func (l *loader) settings(key string, t *tree, options []plugin.Option) *plugin.Settings {
	block, err := l.block(key, t, options)
	if err != nil {
		l.fault(t.pos, key, err)
		return nil
	}
	s, err := plugin.NewSettings(block, options)
	if err != nil {
		l.fault(t.pos, key, err)
		return nil
	}
	for _, w := range s.Warnings {
		l.addPluginError(Warning, key, w)
	}
	return s
}

// section is a part of the file that is not ours to act on.
type section struct {
	key      string
	severity Severity
	reason   string
}

// sections are what a filebeat.yml may hold beside what is read above, longest key first where one begins another.
var sections = []section{
	{"filebeat.modules", Warning, "modules are not built yet: read their files with an input of type log"},
	{"filebeat.config.modules", Warning, "modules are not built yet"},
	{"filebeat.config.inputs", Warning, "inputs in files of their own are not built yet: put them in this file"},
	{"filebeat.autodiscover", Warning, "discovery is not built yet: name the paths in an input"},
	{"filebeat.registry", Note, "the registry is kept in the data folder and written once a second"},
	{"filebeat.shutdown_timeout", Note, "events that are not acknowledged at the end are sent again at the next start"},
	{"filebeat.overwrite_pipelines", Note, "there are no module pipelines to overwrite"},
	{"monitoring", Warning, "the shipper's own counters are not sent yet"},
	{"xpack.monitoring", Warning, "the shipper's own counters are not sent yet"},
	{"http", Warning, "the shipper has no HTTP endpoint yet"},
	{"logging", Note, "logging follows the program's own options and goes to standard error"},
	{"path", Note, "folders follow the program's own options"},
	{"setup", Warning, "templates, dashboards and policies are not set up by the shipper"},
	{"cloud", Warning, "there is no cloud to send to: name hosts in output.elasticsearch or output.logstash"},
	{"max_procs", Note, "the number of processors is that of the machine"},
	{"seccomp", Note, "system calls are not filtered"},
	{"timestamp", Note, "times keep their precision"},
	{"features", Warning, "feature switches have no effect"},
	{"keystore", Warning, "the keystore is not built yet: use environment variables"},
}

// unbuilt names what the file holds and nobody acts on.
func (l *loader) unbuilt(root *tree) {
	for _, s := range sections {
		if t := root.at(s.key); t != nil && t.kind != treeNull {
			l.add(s.severity, t.pos, s.key, "%s", s.reason)
		}
	}
	l.unknown(root, "", []string{"filebeat.inputs", "output", "queue", "processors", "name", "tags", "fields", "fields_under_root"})
}

// unknown faults keys that nobody knows: most are misspelt.
func (l *loader) unknown(t *tree, prefix string, known []string) {
	for _, s := range sections {
		known = append(known, s.key)
	}
	for _, key := range t.keys {
		name := prefix + key
		switch {
		case slices.Contains(known, name):
		case slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(k, name+".") }) && t.named[key].kind == treeMap:
			l.unknown(t.named[key], name+".", known)
		default:
			reason := "is not known"
			if near := plugin.Nearest(name, known); near != "" {
				reason = fmt.Sprintf("is not known; did you mean %q?", near)
			}
			l.add(Fault, t.named[key].pos, name, "%s", reason)
		}
	}
}
