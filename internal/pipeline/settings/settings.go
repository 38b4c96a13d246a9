package settings

import (
	"time"

	"elkhorn/internal/plugin"
)

// Node is what one process does.
type Node struct {
	Name     string // node.name; "" is the host's name
	DataDir  string // path.data; "" is the command's default
	LogLevel string // "debug", "info", "warn" or "error"; "" is the command's default
	LogJSON  bool
	API      API
	Reload   Reload
	// Monitoring writes statistics into a store.
	Monitoring Monitoring
	// Check ends the process after the check of its pipelines (config.test_and_exit).
	Check bool
	// Pipeline holds what every pipeline begins with.
	Pipeline Pipeline
	// Warnings are settings without effect.
	Warnings []*plugin.Error
}

// API is the monitoring API.
type API struct {
	Enabled bool
	Host    string
	// Ports from First to Last are tried in turn.
	First, Last int
	// Explicit says that somebody asked for the port.
	Explicit bool
}

// Reload is how changed configurations are found.
type Reload struct {
	Automatic bool
	Interval  time.Duration
}

// Pipeline is one pipeline's settings.
type Pipeline struct {
	ID          string
	Path        string // path.config: a file, folder or glob
	Text        string // config.string
	Escapes     bool   // config.support_escapes
	Workers     int    // 0: as many as the process has processors
	BatchSize   int    // events; 0 is the runtime's default
	BatchDelay  time.Duration
	Ordered     bool // pipeline.ordered: true
	Reloadable  bool
	ECS         string // pipeline.ecs_compatibility; "" leaves every plugin its own default
	Queue       Queue
	DeadLetters DeadLetters
	Shadow      Shadow
}

// Shadow is a configuration on trial: it runs beside the pipeline and writes nothing.
type Shadow struct {
	Path   string   // shadow.config: a file, folder or glob; "" is none
	Ignore []string // shadow.ignore: fields that may differ
}

// Queue is where events wait between inputs and workers.
type Queue struct {
	Persisted          bool
	Dir                string // path.queue; "" is below the data folder
	PageBytes          int64
	MaxBytes           int64
	MaxEvents          int64 // unread; 0 is no limit
	CheckpointWrites   int   // 0 is no limit
	CheckpointAcks     int   // 0 is no limit
	CheckpointInterval time.Duration
	Drain              bool
}

// DeadLetters is where events go that no output takes.
type DeadLetters struct {
	Disabled  bool
	Dir       string // path.dead_letter_queue; "" is below the data folder
	MaxBytes  int64
	Policy    string        // drop_newer or drop_older; "" makes outputs wait when the queue is full
	RetainAge time.Duration // 0 is for ever
}

// Defaults are Logstash's, but for the dead-letter queue, which is on: nothing is thrown away unless somebody says so.
func Defaults() *Node {
	return &Node{
		API:        API{Enabled: true, Host: "127.0.0.1", First: 9600, Last: 9700},
		Reload:     Reload{Interval: 3 * time.Second},
		Monitoring: Monitoring{Interval: 10 * time.Second, Vertices: true, Graphs: true},
		Pipeline: Pipeline{
			ID: "main", Reloadable: true,
			Queue: Queue{PageBytes: 64 << 20, MaxBytes: 1 << 30, CheckpointWrites: 1024, CheckpointAcks: 1024,
				CheckpointInterval: time.Second},
			DeadLetters: DeadLetters{MaxBytes: 1 << 30},
		},
	}
}

// check refuses what no single key shows to be wrong.
func (p *Pipeline) check(at plugin.Pos) error {
	switch {
	case p.Path != "" && p.Text != "":
		return &plugin.Error{Pos: at, Option: "config.string", Reason: "path.config and config.string exclude each other"}
	case p.Queue.Persisted && p.Queue.PageBytes > p.Queue.MaxBytes:
		return &plugin.Error{Pos: at, Option: "queue.page_capacity", Reason: "a page must not be larger than the queue (queue.max_bytes)"}
	}
	return nil
}
