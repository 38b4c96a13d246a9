package server

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"elkhorn/internal/api"
	"elkhorn/internal/pipeline/monitor"
	"elkhorn/internal/vfs"
)

// openMonitor serves the monitoring API of pipelines behind the UI's port and at the first free port of those that the settings name.
func (s *Server) openMonitor(ctx context.Context) error {
	set := s.opts.Node.API
	if !set.Enabled && !s.opts.Node.Monitoring.Enabled() && s.opts.UI.HostPort == "" {
		return nil
	}
	id, err := s.nodeID()
	if err != nil {
		return err
	}
	source := &monitored{server: s, id: id, run: randomID(), started: s.opts.Now()}
	if s.opts.LogLevel != nil {
		source.level = s.opts.LogLevel.Level()
	}
	flows := &monitor.Flows{}
	s.goPart(&s.receivers, "rates", func(ctx context.Context) error { return source.sample(ctx, flows) })
	s.openPipelinesAPI(source, flows)
	if err := s.listenMonitor(ctx, source, flows); err != nil {
		return err
	}
	return s.startMonitoring(ctx, source)
}

func (s *Server) listenMonitor(ctx context.Context, source *monitored, flows *monitor.Flows) error {
	set := s.opts.Node.API
	if !set.Enabled {
		return nil
	}
	for port := set.First; port <= set.Last; port++ {
		at := Address{HostPort: net.JoinHostPort(set.Host, strconv.Itoa(port)), Explicit: true}
		l, err := listen(ctx, "monitoring api", at, s.opts.Insecure, s.logger)
		if errors.Is(err, syscall.EADDRINUSE) && (port < set.Last || !set.Explicit) {
			continue
		}
		if err != nil {
			return err
		}
		s.monitorAddr = l.Addr()
		guard := api.Guard{AllowedHosts: s.opts.AllowedHosts}
		s.serve("monitoring api", api.HTTPServer(guard.Wrap(monitor.Handler(source, flows)), s.logger), l)
		return nil
	}
	s.logger.Warn("ports are taken: this listener is left out", "listener", "monitoring api", "first", set.First, "last", set.Last)
	return nil
}

// MonitorAddr is where the monitoring API listens, "" when it does not.
func (s *Server) MonitorAddr() string { return addrText(s.monitorAddr) }

// nodeID is the process's id, which stays the same from run to run.
func (s *Server) nodeID() (string, error) {
	path := filepath.Join(s.opts.DataDir, "uuid")
	text, err := vfs.ReadFile(vfs.Default, path, 1<<10)
	if err == nil && len(text) > 0 {
		return strings.TrimSpace(string(text)), nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("read the id of this node: %w", err)
	}
	id := randomID()
	if err := vfs.MkdirAllSync(vfs.Default, s.opts.DataDir); err != nil {
		return "", err
	}
	return id, vfs.WriteFileAtomic(vfs.Default, path, []byte(id+"\n"))
}

// randomID is a UUID of version 4.
func randomID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// monitored is what the API shows.
type monitored struct {
	server  *Server
	id, run string
	started time.Time
	level   slog.Level // of the log when the process started
}

// Node describes the process.
func (m *monitored) Node() monitor.Node {
	s := m.server
	set := s.opts.Node
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	n := monitor.Node{Name: cmp.Or(set.Name, host), Version: api.DefaultVersion, Address: s.MonitorAddr(), ID: m.id, EphemeralID: m.run, LogLevel: cmp.Or(set.LogLevel, "info"),
		Started: m.started, Now: s.opts.Now(), Workers: workers(set.Pipeline), BatchSize: cmp.Or(set.Pipeline.BatchSize, 250), BatchDelay: set.Pipeline.BatchDelay}
	if s.opts.LogLevel != nil {
		n.LogLevel = levelName(s.opts.LogLevel.Level())
	}
	s.fleet.mu.Lock()
	n.Reloads = monitor.Reloads(s.fleet.mu.reloads)
	s.fleet.mu.Unlock()
	tables := Tables()
	for _, p := range tables.Inputs.Specs() {
		n.Plugins = append(n.Plugins, monitor.Plugin{Kind: "input", Name: p.Name})
	}
	for _, p := range tables.Filters.Specs() {
		n.Plugins = append(n.Plugins, monitor.Plugin{Kind: "filter", Name: p.Name})
	}
	for _, p := range tables.Outputs.Specs() {
		n.Plugins = append(n.Plugins, monitor.Plugin{Kind: "output", Name: p.Name})
	}
	for _, p := range tables.Codecs.Specs() {
		n.Plugins = append(n.Plugins, monitor.Plugin{Kind: "codec", Name: p.Name})
	}
	return n
}

// Pipelines are those that run or have ended.
func (m *monitored) Pipelines() []monitor.Pipeline {
	f := m.server.fleet
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]monitor.Pipeline, 0, len(f.mu.members))
	for _, one := range f.mu.members {
		p := monitor.Pipeline{Stats: one.current.Stats(), Graph: one.current.Graph(), EphemeralID: one.run, Hash: hex.EncodeToString(one.plan.sum[:]), Started: one.started,
			BatchDelay: one.plan.pc.Settings.BatchDelay, Ended: one.hasEnded(), Err: one.err, Reloadable: one.plan.pc.Settings.Reloadable, Reloads: monitor.Reloads(one.reloads)}
		if q := one.queue; q != nil {
			st := q.Stats()
			p.Queue = &monitor.Queue{Events: st.Events, Bytes: st.Bytes, MaxBytes: st.MaxBytes, PageBytes: st.PageBytes, MaxEvents: st.MaxEvents, Dir: st.Dir, Full: st.Full, Err: st.Err}
			if usage, err := vfs.Default.DiskUsage(st.Dir); err == nil {
				p.Queue.FreeBytes = usage.FreeBytes
			}
		}
		if box := m.server.box(one.plan.pc); box != nil {
			st := box.Stats()
			p.DeadLetters = &monitor.DeadLetters{Letters: st.Letters, Bytes: st.Bytes, MaxBytes: st.MaxBytes, Dropped: st.Dropped,
				Policy: cmp.Or(string(st.Full), "wait"), LastError: cmp.Or(st.LastDrop, "no errors"), Err: st.Err}
			if st.Err != nil {
				p.DeadLetters.LastError = st.Err.Error()
			}
		}
		all = append(all, p)
	}
	return all
}

// logLevels are the levels of Logstash's log by the name that the API gives them; those that this log does not have are the nearest ones.
var logLevels = map[string]slog.Level{"all": slog.LevelDebug, "trace": slog.LevelDebug, "debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn,
	"error": slog.LevelError, "fatal": slog.LevelError, "off": slog.LevelError + 4}

// SetLogLevel changes the level of the process's log; "" is the one that it started with.
func (m *monitored) SetLogLevel(name string) error {
	now := m.server.opts.LogLevel
	level, known := logLevels[strings.ToLower(name)]
	switch {
	case now == nil:
		return errors.New("the level of this log cannot be changed")
	case name == "":
		level = m.level
	case !known:
		return fmt.Errorf("there is no level %q; there are %s", name, strings.ToUpper(strings.Join(slices.Sorted(maps.Keys(logLevels)), ", ")))
	}
	if now.Level() != level {
		now.Set(level)
		m.server.logger.Info("the level of the log was changed by the monitoring api", "level", levelName(level))
	}
	return nil
}

// levelName is a level as the API shows it.
func levelName(level slog.Level) string {
	if level > slog.LevelError {
		return "off"
	}
	return strings.ToLower(level.String())
}

// Reload reads the configurations again.
func (m *monitored) Reload(ctx context.Context) (any, error) { return m.server.Reload(ctx) }

// sample notes the counters until ctx ends.
func (m *monitored) sample(ctx context.Context, flows *monitor.Flows) error {
	ticker := time.NewTicker(monitor.SampleInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		now := m.server.opts.Now()
		var sum monitor.Counts
		for _, p := range m.Pipelines() {
			c := monitor.CountsOf(p)
			flows.Note(p.Stats.ID, now, c)
			flows.NotePlugins(p.Stats.ID, now, p.Stats.Plugins)
			sum.Add(c)
		}
		flows.Note("", now, sum)
	}
}
