package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"elkhorn/internal/pipeline/queue"
	"elkhorn/internal/pipeline/runtime"
	"elkhorn/internal/vfs"
)

// backlogEvents of the printed ML configuration take somewhat more than 1 GB in a persisted queue.
const backlogEvents = 1_150_000

// backlog is what a pipeline took whose output did not answer until everything was in its persisted queue. Peaks are the most
// memory that the process ever had, as the system counts it.
type backlog struct {
	Events                  int
	QueueBytes              int64
	FilledPeak, DrainedPeak int64 // bytes
	CPUSeconds              float64
}

// backlogGoal is the most memory that such a backlog may cost.
const backlogGoal = 150 << 20

// measureBacklog runs a backlog in a process of its own, so that the peak is that of nothing else.
func measureBacklog() (*backlog, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "-backlog")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("backlog: %w", err)
	}
	b := &backlog{}
	return b, json.Unmarshal(out, b)
}

// runBacklog is that process: it prints what it measured.
func runBacklog(out io.Writer) error {
	cases, err := pipeCases(os.Getenv("ELKHORN_TESTDATA"), "/nowhere.mmdb")
	if err != nil {
		return err
	}
	var c *pipeCase
	for i := range cases {
		if cases[i].name == "ml" {
			c = &cases[i]
		}
	}
	if c == nil {
		return errors.New("the printed ML configuration is not there: ELKHORN_TESTDATA names the folder that has it")
	}
	dir, err := os.MkdirTemp("", "bench-backlog")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var q *queue.Persisted
	answers := make(chan struct{})
	p, err := newPipeline(c, dir, newLineSource(c.lines, backlogEvents), &store{sink: &bulkSink{}, gate: answers}, func() (runtime.Queue, error) {
		var err error
		q, err = queue.Open(vfs.Default, filepath.Join(dir, "queue"), queue.Options{MaxBytes: 2 << 30, CheckpointWrites: 1024, CheckpointAcks: 1024,
			CheckpointInterval: time.Second, Logger: slog.New(slog.DiscardHandler)})
		return q, err
	})
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- p.Run(context.Background()) }()
	for p.Stats().In < backlogEvents {
		select {
		case err := <-ended:
			return fmt.Errorf("the pipeline ended early: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
	b := backlog{Events: backlogEvents, QueueBytes: q.Stats().Bytes, FilledPeak: peakMemory()}
	close(answers)
	if err := <-ended; err != nil {
		return err
	}
	b.DrainedPeak, b.CPUSeconds = peakMemory(), processorTime().Seconds()
	return json.NewEncoder(out).Encode(b)
}

// peakMemory is the most memory that this process has had, in bytes; 0 where the system does not tell. What getrusage tells is
// not asked: that of a new process begins with its parent's.
func peakMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes int64
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		return 0
	}
	return kilobytes << 10
}

func (b *backlog) String() string {
	const mega = 1 << 20
	return fmt.Sprintf(`
## A backlog in the persisted queue

The printed ML configuration with queue.type persisted in a process of its own, the output's store not answering until all events are in the
queue. Memory is the most that the process ever had (VmHWM).

| | |
| --- | ---: |
| events | %s |
| queue on disk | %d MB |
| memory, peak while it fills | %d MB |
| memory, peak with emptying it | %d MB |
| goal | %d MB |
| CPU s/million, in and out of the queue | %.1f |
`, thousands(float64(b.Events)), b.QueueBytes/mega, b.FilledPeak/mega, b.DrainedPeak/mega, backlogGoal/mega, b.CPUSeconds/float64(b.Events)*1e6)
}
