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
	"elkhorn/internal/ship/module"
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
	Fileset     *module.Fileset // of the module that the input is of; nil for none
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
	Only12      bool   // TLS 1.2 alone; without Only13 too, TLS 1.2 and 1.3
	Only13      bool
}

// maxConfigBytes bounds a configuration file.
const maxConfigBytes = 16 << 20

// LoadFile reads a configuration file; see Load.
func LoadFile(fsys vfs.FS, path string) (*Config, []Finding, error) {
	data, err := vfs.ReadFile(fsys, path, maxConfigBytes)
	if err != nil {
		return nil, nil, err
	}
	return load(filepath.Base(path), data, os.LookupEnv, files{fs: fsys, dir: filepath.Dir(path)})
}

// Load reads a filebeat.yml that stands alone: files that it names are not read. The error joins all faults; findings hold them too, and what is worth a warning.
func Load(file string, data []byte, lookup func(name string) (string, bool)) (*Config, []Finding, error) {
	return load(file, data, lookup, files{})
}

func load(file string, data []byte, lookup func(name string) (string, bool), others files) (*Config, []Finding, error) {
	root, err := parseTree(file, data, treeMap)
	if err != nil {
		return nil, nil, err
	}
	others.setConfigDir(root)
	l := &loader{lookup: others.lookup(lookup), files: others}
	c := &Config{Queue: DefaultQueue(), Output: DefaultOutput()}
	l.general(c, root)
	l.inputs(c, root)
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
	l.unknown(root, "", []string{"filebeat.inputs", "filebeat.config.inputs", "filebeat.modules", "filebeat.config.modules", "filebeat.autodiscover", "output", "queue", "processors", "name", "tags", "fields", "fields_under_root"})
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
