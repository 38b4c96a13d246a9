package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/demo"
)

// The pauses of a run, and how long things may take.
const (
	idlePause     = 10 * time.Second // before idle memory is read: collector and allocator give back
	settlePoll    = 2 * time.Second
	settleQuiet   = 3 // polls without a change of the disk and without work until merging counts as done
	settleTimeout = 5 * time.Minute
	warmUps       = 2
	slowQuery     = 30 * time.Second // a row stops early once it has taken so long
)

// measure runs all stages. The report holds what was measured even when an error ended it early.
func measure(ctx context.Context, o *options) (*report, error) {
	dir, err := os.MkdirTemp(o.dir, "elkhorn-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	r := &report{began: time.Now(), machine: describeMachine(dir)}
	log.Printf("counting the right answers over %d documents", o.docs)
	t := countTruth(o.seed, o.docs)
	if err := r.explicitStage(ctx, o, t, filepath.Join(dir, "explicit")); err != nil {
		return r, err
	}
	if o.defaultDocs > 0 {
		if o.defaultDocs != o.docs {
			t = countTruth(o.seed, o.defaultDocs)
		}
		if err := r.defaultStage(ctx, o, t, filepath.Join(dir, "default")); err != nil {
			return r, err
		}
	}
	return r, r.realStage(ctx, o, filepath.Join(dir, "real"))
}

// explicitStage: start on an empty folder, load with the explicit mapping, ask everything, restart.
func (r *report) explicitStage(ctx context.Context, o *options, t *truth, dir string) error {
	s, c, first, err := startAndAsk(ctx, o.bin, dir, 0)
	if err != nil {
		return err
	}
	r.time("start, empty folder, to the first answered search", first, 1000)
	pause(ctx, idlePause)
	if err := r.idle(s, "resident memory idle, fresh", 40); err != nil {
		return errors.Join(err, s.stop())
	}
	create := `{"mappings":` + string(demo.BenchMapping) + `}`
	if _, err := c.json(ctx, http.MethodPut, "/bench", create); err != nil {
		return errors.Join(err, s.stop())
	}
	if err := r.ingest(ctx, s, c, "bench", "", generated(o.seed, o.docs), o, goals{cpu: 8, rate: 150_000, peak: 300, ratio: 10}); err != nil {
		return errors.Join(err, s.stop())
	}
	pause(ctx, idlePause)
	if err := r.idle(s, "resident memory idle, after the load", 200); err != nil {
		return errors.Join(err, s.stop())
	}
	if err := r.ask(ctx, c, "bench", "", queries(t, fields{}), o.runs); err != nil {
		return errors.Join(err, s.stop())
	}
	if err := s.stop(); err != nil {
		return err
	}
	s, _, first, err = startAndAsk(ctx, o.bin, dir, t.docs)
	if err != nil {
		return err
	}
	r.time(fmt.Sprintf("start with %s documents, to the first answered search", grouped(t.docs)), first, 2000)
	return s.stop()
}

// defaultStage: the same documents into an index that has no mapping before they come.
func (r *report) defaultStage(ctx context.Context, o *options, t *truth, dir string) error {
	s, c, _, err := startAndAsk(ctx, o.bin, dir, 0)
	if err != nil {
		return err
	}
	if err := r.ingest(ctx, s, c, "bench", "default mapping: ", generated(o.seed, t.docs), o, goals{}); err != nil {
		return errors.Join(err, s.stop())
	}
	all := slices.DeleteFunc(queries(t, fields{keyword: ".keyword"}), func(q query) bool { return !slices.Contains(rowsWithDefaultMapping, q.row) })
	for i := range all {
		all[i].goal *= defaultMappingFactor
	}
	return errors.Join(r.ask(ctx, c, "bench", "o/", all, o.runs), s.stop())
}

// realStage: the log files of the test data, once as they are.
func (r *report) realStage(ctx context.Context, o *options, dir string) error {
	if o.testdata == "" {
		r.remarks = append(r.remarks, "No real logs were measured: ELKHORN_TESTDATA is not set.")
		return nil
	}
	docs, files, lines, err := realLogs(o.testdata)
	if err != nil {
		return err
	}
	s, c, _, err := startAndAsk(ctx, o.bin, dir, 0)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("real logs (%d files, %s lines): ", files, grouped(lines))
	return errors.Join(r.ingest(ctx, s, c, "logs-real", name, docs, o, goals{}), s.stop())
}

// startAndAsk starts a server and measures the time until a search over everything answers with at
// least so many hits.
func startAndAsk(ctx context.Context, bin, dir string, docs int) (*server, *client, time.Duration, error) {
	s, err := startServer(ctx, bin, dir)
	if err != nil {
		return nil, nil, 0, err
	}
	c := newClient(s.base)
	a, _, err := c.search(ctx, "_all", `{"size":1,"track_total_hits":true}`)
	took := time.Since(s.started)
	if err == nil && a.Hits.Total.Value != docs {
		err = fmt.Errorf("after the start there are %d documents, want %d", a.Hits.Total.Value, docs)
	}
	if err != nil {
		return nil, nil, 0, errors.Join(err, s.stop())
	}
	return s, c, took, nil
}

// goals are those of the performance table; zero is none.
type goals struct{ cpu, rate, peak, ratio float64 }

// ingest loads documents and reports what that cost, at the last acknowledgement and when everything
// is in segments and merged.
func (r *report) ingest(ctx context.Context, s *server, c *client, index, prefix string, docs documents, o *options, g goals) error {
	log.Printf("%sloading", prefix)
	cpuBefore, err := s.cpuSeconds()
	if err != nil {
		return err
	}
	res, err := load(ctx, c, index, docs, o.bulk, o.connections)
	if err != nil {
		return err
	}
	cpuAcknowledged, err := s.cpuSeconds()
	if err != nil {
		return err
	}
	disk, err := settle(ctx, s, c, index)
	if err != nil {
		return err
	}
	cpuSettled, err := s.cpuSeconds()
	if err != nil {
		return err
	}
	_, peak, err := s.memory()
	if err != nil {
		return err
	}
	millions := float64(res.docs) / 1e6
	r.add(prefix+"documents/s, durable and acknowledged", float64(res.docs)/res.took.Seconds(), "/s", g.rate, moreIsBetter)
	r.add(prefix+"MB/s of documents", float64(res.rawBytes)/1e6/res.took.Seconds(), "MB/s", 0, moreIsBetter)
	r.add(prefix+"CPU seconds per million documents, until acknowledged", (cpuAcknowledged-cpuBefore)/millions, "s", 0, lessIsBetter)
	r.add(prefix+"CPU seconds per million documents, flushed and merged", (cpuSettled-cpuBefore)/millions, "s", g.cpu, lessIsBetter)
	r.add(prefix+"peak resident memory", float64(peak)/1e6, "MB", g.peak, lessIsBetter)
	r.add(prefix+"disk, flushed and merged", float64(disk)/1e6, "MB", 0, lessIsBetter)
	r.add(prefix+"raw bytes per disk byte", float64(res.rawBytes)/float64(disk), "", g.ratio, moreIsBetter)
	r.add(prefix+"bytes per document: raw", float64(res.rawBytes)/float64(res.docs), "B", 0, lessIsBetter)
	r.add(prefix+"bytes per document: disk", float64(disk)/float64(res.docs), "B", 0, lessIsBetter)
	return nil
}

// settle flushes and waits until the disk and the processor are quiet.
func settle(ctx context.Context, s *server, c *client, index string) (disk int64, err error) {
	if _, err := c.json(ctx, http.MethodPost, "/"+index+"/_flush", ""); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	lastCPU, quiet := 0.0, 0
	for quiet < settleQuiet {
		pause(ctx, settlePoll)
		if err := ctx.Err(); err != nil {
			return 0, fmt.Errorf("flushing and merging did not end: %w", err)
		}
		size, err := diskBytes(s.dir)
		if err != nil {
			return 0, err
		}
		cpu, err := s.cpuSeconds()
		if err != nil {
			return 0, err
		}
		quiet++
		if size != disk || cpu-lastCPU > 0.1*settlePoll.Seconds() {
			quiet = 0
		}
		disk, lastCPU = size, cpu
	}
	return disk, nil
}

// ask measures queries one after another on one connection, and checks the first answer of each.
func (r *report) ask(ctx context.Context, c *client, index, prefix string, all []query, runs int) error {
	for _, q := range all {
		log.Printf("query %s%s", prefix, q.row)
		row := queryRow{row: prefix + q.row, what: q.what, goal: q.goal}
		began := time.Now()
		for run := range warmUps + runs {
			a, took, err := c.search(ctx, index, q.body)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				row.fault = err.Error()
				break
			}
			if run == 0 {
				if err := q.check(&a); err != nil {
					row.fault = err.Error()
				}
			}
			if run >= warmUps || run == 0 && took > slowQuery {
				row.took = append(row.took, took)
			}
			if time.Since(began) > slowQuery && len(row.took) > 0 {
				break
			}
		}
		row.fault = strings.ReplaceAll(row.fault, "\n", " ")
		r.queries = append(r.queries, row)
	}
	return nil
}

// idle adds the resident memory of a server that has nothing to do.
func (r *report) idle(s *server, what string, goal float64) error {
	resident, _, err := s.memory()
	if err != nil {
		return err
	}
	r.add(what, float64(resident)/1e6, "MB", goal, lessIsBetter)
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
