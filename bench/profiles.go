package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// profiler stores the server's own profiles: NAME.cpu.pb.gz and NAME.allocs.pb.gz for go tool pprof, and
// the heads of both as text. A nil profiler does nothing.
type profiler struct {
	dir  string
	base string // http://127.0.0.1:PORT
}

// The time that a profile of a query covers, and how many of the slowest are profiled.
const (
	profiledTime    = 5 * time.Second
	profiledQueries = 3
	profiledDocs    = 400_000 // a second of the load's profile for so many documents
)

// newProfiler chooses a free port for a server's profiles and adds it to the way that it is started.
func newProfiler(dir string, l launch) (*profiler, launch, error) {
	if dir == "" {
		return nil, l, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, l, err
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, l, err
	}
	address := free.Addr().String()
	l.args = append(slices.Clone(l.args), "--debug-pprof", address)
	return &profiler{dir: dir, base: "http://" + address}, l, free.Close()
}

// during profiles what work does: its processor time for a span that begins with it, and what it
// allocates in that span.
func (p *profiler) during(ctx context.Context, name string, span time.Duration, work func() error) error {
	if p == nil {
		return work()
	}
	seconds := max(1, int(span.Seconds()))
	var fetches sync.WaitGroup
	var cpuErr, allocErr error
	fetches.Go(func() { cpuErr = p.save(ctx, "profile", name+".cpu", seconds) })
	fetches.Go(func() { allocErr = p.save(ctx, "allocs", name+".allocs", seconds) })
	err := work()
	fetches.Wait()
	return errors.Join(err, cpuErr, allocErr)
}

// save fetches a profile of so many seconds and writes it and its head.
func (p *profiler) save(ctx context.Context, kind, name string, seconds int) error {
	url := fmt.Sprintf("%s/debug/pprof/%s?seconds=%d", p.base, kind, seconds)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		return fmt.Errorf("profile: %s: %.200s: %w", res.Status, data, err)
	}
	path := filepath.Join(p.dir, name+".pb.gz")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return err
	}
	args := []string{"tool", "pprof", "-top", "-nodecount=40", path}
	if kind == "allocs" {
		args = slices.Insert(args, 2, "-sample_index=alloc_space")
	}
	head, err := exec.CommandContext(ctx, "go", args...).Output()
	if err != nil {
		return fmt.Errorf("go tool pprof: %w", err)
	}
	return os.WriteFile(filepath.Join(p.dir, name+".txt"), head, 0o644)
}

// slowest profiles the queries that took longest, each asked again and again.
func (p *profiler) slowest(ctx context.Context, ask asker, all []query, rows []queryRow) error {
	if p == nil {
		return nil
	}
	order := slices.Clone(rows)
	slices.SortFunc(order, func(a, b queryRow) int { return int(1000 * (b.percentile(0.5) - a.percentile(0.5))) })
	for _, row := range order[:min(profiledQueries, len(order))] {
		at := slices.IndexFunc(all, func(q query) bool { return q.row == row.row })
		log.Printf("profile of query %s", row.row)
		err := p.during(ctx, "query-"+row.row, profiledTime, func() error {
			for began := time.Now(); time.Since(began) < profiledTime; {
				if _, _, err := ask(ctx, &all[at]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
