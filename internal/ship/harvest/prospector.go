package harvest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"regexp"
	"sync"
	"time"
)

// prospector is an input that finds files by their paths and reads each in a goroutine of its own.
type prospector struct {
	env    *Env
	logger *slog.Logger
	events eventMaker

	paths         []string
	exclude       []*regexp.Regexp
	scanEvery     time.Duration
	ignoreOlder   time.Duration
	cleanRemoved  bool
	limit         int // of files read at once; 0 for none
	tail          bool
	closeInactive time.Duration
	closeRemoved  bool
	closeRenamed  bool
	closeEOF      bool
	pause         time.Duration // at the end of a file, doubled up to maxPause
	maxPause      time.Duration

	mu struct {
		sync.Mutex // guards what follows and source.running
		sources    map[fileKey]*source
		current    map[*source]*content
		running    int
	}
	reading sync.WaitGroup
}

// orError finishes construction.
func (p *prospector) orError(o *optionReader) (Input, error) {
	if o.err != nil {
		return nil, o.err
	}
	if p.scanEvery <= 0 || p.pause <= 0 || p.maxPause < p.pause {
		return nil, errors.New("scan interval and pauses must be longer than 0, and the longest pause not below the shortest")
	}
	for i, path := range p.paths {
		absolute, err := filepath.Abs(path) // the registry outlives the working folder
		if err != nil {
			return nil, fmt.Errorf("path %s: %w", path, err)
		}
		p.paths[i] = absolute
	}
	p.mu.sources = make(map[fileKey]*source)
	return p, nil
}

// Run looks for files until ctx ends, and waits for those being read.
func (p *prospector) Run(ctx context.Context, pub Publisher) error {
	defer p.reading.Wait()
	watch := p.newWatcher()
	defer watch.close()
	tick := time.NewTicker(p.scanEvery)
	defer tick.Stop()
	for first := true; ; first = false {
		p.scan(ctx, pub, watch, first)
		if !p.untilNextScan(ctx, watch, tick.C) {
			return nil
		}
	}
}

// untilNextScan waits, and wakes sources whose files the system says have changed. It is false when ctx ended.
func (p *prospector) untilNextScan(ctx context.Context, watch *watcher, tick <-chan time.Time) bool {
	for {
		select {
		case <-tick:
			return true
		case path := <-watch.written:
			p.wakePath(path)
		case <-watch.renamed:
			p.wakePath("")
			return true
		case <-ctx.Done():
			return false
		}
	}
}

// wakePath wakes the source last seen under a path, or all for "".
func (p *prospector) wakePath(path string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.mu.sources {
		if path == "" || *s.path.Load() == path {
			s.wakeUp()
		}
	}
}

// scan starts reading files that are new or have changed, and forgets those that are gone.
func (p *prospector) scan(ctx context.Context, pub Publisher, watch *watcher, first bool) {
	seen := make(map[fileKey]bool)
	for _, pattern := range p.paths {
		for _, path := range glob(p.env.FS, pattern, watch.watch) {
			if matchesAny(p.exclude, []byte(path)) {
				continue
			}
			p.find(ctx, pub, path, seen)
		}
	}
	if first && len(seen) == 0 {
		p.logger.Warn("no file matches the paths yet", "paths", p.paths)
	}
	if p.cleanRemoved {
		p.forget(seen)
	}
}

func (p *prospector) find(ctx context.Context, pub Publisher, path string, seen map[fileKey]bool) {
	info, err := p.env.FS.Stat(path)
	if err != nil || info.IsDir {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			p.logger.Warn("file cannot be examined", "path", path, "error", err)
		}
		return
	}
	key := keyOf(path, info.ID)
	if seen[key] {
		return
	}
	seen[key] = true
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.mu.sources[key]
	changed := s == nil || info.Size != s.seen.Size || !info.ModTime.Equal(s.seen.ModTime)
	if s == nil {
		known, begun := p.env.Registry.lookup(key)
		if !begun && p.ignoreOlder > 0 && p.env.Now().Sub(info.ModTime) > p.ignoreOlder {
			return
		}
		if !begun && p.tail {
			known.offset = info.Size
		}
		s = newSource(p, key, path, known)
		p.mu.sources[key] = s
	}
	s.path.Store(&path)
	if s.running || !changed {
		return
	}
	if p.limit > 0 && p.mu.running >= p.limit {
		return // s.seen stays behind, so the next scan finds it changed
	}
	s.seen = info
	s.running = true
	p.mu.running++
	p.reading.Go(func() { p.readSource(ctx, pub, s) })
}

func (p *prospector) readSource(ctx context.Context, pub Publisher, s *source) {
	err := s.read(ctx, pub)
	if err != nil {
		p.logger.Warn("file is closed and tried again with the next scan", "path", *s.path.Load(), "error", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s.running = false
	p.mu.running--
	if err != nil {
		s.seen.Size = -1
		return
	}
	s.seen.Size = max(s.seen.Size, s.readTo) // what was read while it was open is no news
}

// forget drops files that no name leads to any more and whose events are all settled.
func (p *prospector) forget(seen map[fileKey]bool) {
	for key, path := range p.unseen(seen) {
		if !p.gone(key, path) {
			continue
		}
		p.mu.Lock()
		delete(p.mu.sources, key)
		p.mu.Unlock()
		p.env.Registry.forget(key)
	}
}

// unseen lists the files, of this input and of the registry, that the scan did not find and nobody reads.
func (p *prospector) unseen(seen map[fileKey]bool) map[fileKey]string {
	unseen := make(map[fileKey]string)
	for key, state := range p.env.Registry.snapshot() {
		if !seen[key] {
			unseen[key] = state.path
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, s := range p.mu.sources {
		switch {
		case seen[key] || s.running || !s.settled():
			delete(unseen, key)
		default:
			unseen[key] = *s.path.Load()
		}
	}
	return unseen
}

// gone reports whether the name now leads nowhere, or to another file.
func (p *prospector) gone(key fileKey, path string) bool {
	info, err := p.env.FS.Stat(path)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	return keyOf(path, info.ID) != key
}
