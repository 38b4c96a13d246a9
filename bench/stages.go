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
	"strconv"
	"time"

	"elkhorn/internal/demo"
)

// The pauses of a run, and how long things may take.
const (
	idlePause     = 10 * time.Second // before idle memory is read: collector and allocator give back
	settlePoll    = 2 * time.Second
	settleQuiet   = 3 // polls without a change of the disk and without work until merging counts as done
	settleTimeout = 20 * time.Minute
	warmUps       = 2
	patience      = 30 * time.Second // a row stops early once it has taken so long
)

// measure runs all stages. The report holds what was measured even when an error ended it early.
func measure(ctx context.Context, o *options) (*report, error) {
	dir, err := os.MkdirTemp(o.dir, "elkhorn-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	r := &report{began: time.Now(), machine: describeMachine(dir), docs: o.docs}
	log.Printf("counting the right answers over %d documents", o.docs)
	t := countTruth(o.seed, o.docs)
	if err := r.explicitStage(ctx, o, t, filepath.Join(dir, "explicit")); err != nil {
		return r, err
	}
	if o.defaultDocs > 0 {
		other := t
		if o.defaultDocs != o.docs {
			other = countTruth(o.seed, o.defaultDocs)
		}
		if err := r.defaultStage(ctx, o, other, filepath.Join(dir, "default")); err != nil {
			return r, err
		}
	}
	if err := r.realStage(ctx, o, filepath.Join(dir, "real")); err != nil {
		return r, err
	}
	if err := r.hostileStage(ctx, o, filepath.Join(dir, "hostile")); err != nil {
		return r, err
	}
	return r, r.rivalStage(ctx, o, t, dir)
}

// explicitStage: start on an empty folder, load with the explicit mapping, ask everything, restart.
func (r *report) explicitStage(ctx context.Context, o *options, t *truth, dir string) error {
	profiles, l, err := newProfiler(o.profiles, o.server)
	if err != nil {
		return err
	}
	s, c, first, err := startAndAsk(ctx, l, dir, 0)
	if err != nil {
		return err
	}
	r.ours.startEmpty = milliseconds(first)
	if err := r.loadAndAsk(ctx, o, t, s, c, profiles); err != nil {
		return errors.Join(err, s.stop())
	}
	if err := s.stop(); err != nil {
		return err
	}
	s, _, first, err = startAndAsk(ctx, o.server, dir, t.docs)
	if err != nil {
		return err
	}
	r.ours.startLoaded = milliseconds(first)
	return s.stop()
}

func (r *report) loadAndAsk(ctx context.Context, o *options, t *truth, s *server, c *client, profiles *profiler) error {
	if err := rest(ctx, s.process, &r.ours.idleFresh); err != nil {
		return err
	}
	if _, err := c.json(ctx, http.MethodPut, "/bench", `{"mappings":`+string(demo.BenchMapping)+`}`); err != nil {
		return err
	}
	loading := func() error { return ingest(ctx, &r.ours, s, c, "bench", generated(o.seed, o.docs), o) }
	if err := profiles.during(ctx, "ingest", time.Duration(o.docs/profiledDocs)*time.Second, loading); err != nil {
		return err
	}
	if err := rest(ctx, s.process, &r.ours.idleLoaded); err != nil {
		return err
	}
	all := queries(t, fields{})
	rows, err := askAll(ctx, c.asker("bench", false), "", all, o.asking())
	r.queries = append(r.queries, rows...)
	if err != nil {
		return err
	}
	if err := profiles.slowest(ctx, c.asker("bench", false), all, rows); err != nil {
		return err
	}
	if r.again, err = askAll(ctx, c.asker("bench", true), "again ", askedAgain(all), o.asking()); err != nil {
		return err
	}
	least, err := c.roundTrip(ctx)
	r.remarks = append(r.remarks, fmt.Sprintf("A request over HTTP that asks for nothing takes %s; libraries in a process do not pay that.", millis(milliseconds(least))))
	return err
}

// defaultStage: the same documents into an index that has no mapping before they come.
func (r *report) defaultStage(ctx context.Context, o *options, t *truth, dir string) error {
	s, c, _, err := startAndAsk(ctx, o.server, dir, 0)
	if err != nil {
		return err
	}
	if err := r.more(ctx, "default mapping", s, c, "bench", generated(o.seed, t.docs), o); err != nil {
		return errors.Join(err, s.stop())
	}
	all := slices.DeleteFunc(queries(t, fields{keyword: ".keyword"}), func(q query) bool { return !slices.Contains(rowsWithDefaultMapping, q.row) })
	for i := range all {
		all[i].goal *= defaultMappingFactor
	}
	rows, err := askAll(ctx, c.asker("bench", false), "o/", all, o.asking())
	r.queries = append(r.queries, rows...)
	return errors.Join(err, s.stop())
}

// realStage: the log files of the test data, over and over until there is enough, with an explicit mapping
// and with the default one.
func (r *report) realStage(ctx context.Context, o *options, dir string) error {
	if o.testdata == "" {
		r.remarks = append(r.remarks, "No real logs were measured: ELKHORN_TESTDATA is not set.")
		return nil
	}
	var err error
	if r.real, err = realLogs(o.testdata, o.realMB*1_000_000); err != nil {
		return err
	}
	r.remarks = append(r.remarks, r.real.describe())
	for _, mapping := range []string{realMapping, ""} {
		name := realLogsName
		if mapping == "" {
			name += ", default mapping"
		}
		if err := r.extraStage(ctx, o, name, mapping, r.real.documents(), filepath.Join(dir, "real"+strconv.Itoa(len(r.extra)))); err != nil {
			return err
		}
	}
	return nil
}

// realLogsName is the name of the row that rivals share.
const realLogsName = "real logs"

// extraStage loads another set of documents into an empty server.
func (r *report) extraStage(ctx context.Context, o *options, name, mapping string, docs documents, dir string) error {
	s, c, _, err := startAndAsk(ctx, o.server, dir, 0)
	if err != nil {
		return err
	}
	if mapping != "" {
		if _, err := c.json(ctx, http.MethodPut, "/extra", `{"mappings":`+mapping+`}`); err != nil {
			return errors.Join(err, s.stop())
		}
	}
	return errors.Join(r.more(ctx, name, s, c, "extra", docs, o), s.stop(), os.RemoveAll(dir))
}

// hostileStage: documents that nothing can be saved on.
func (r *report) hostileStage(ctx context.Context, o *options, dir string) error {
	if o.hostileDocs == 0 {
		return nil
	}
	r.remarks = append(r.remarks, fmt.Sprintf("Hostile: %s documents of random text, every value of every field occurs once.", grouped(o.hostileDocs)))
	return r.extraStage(ctx, o, "hostile", string(demo.BenchMapping), hostile(o.seed, o.hostileDocs), dir)
}

// rivalStage: the same documents into every rival that was chosen, one after another.
func (r *report) rivalStage(ctx context.Context, o *options, t *truth, dir string) error {
	if len(o.rivals) == 0 {
		r.remarks = append(r.remarks, "No rivals were measured: BENCH_RIVALS is none.")
		return nil
	}
	all, few := runOf{docs: o.docs, truth: t}, runOf{docs: min(o.slowDocs, o.docs)}
	if few.docs == all.docs {
		few.truth = t
	}
	var real *staged
	if r.real != nil {
		var err error
		if real, err = stageDocuments(filepath.Join(dir, "staged-real"), realLogSet(r.real)); err != nil {
			return err
		}
	}
	for _, rv := range o.rivals {
		run := &all
		if rv.slow {
			run = &few
		}
		if err := run.prepare(dir, o.seed); err != nil {
			return err
		}
		log.Printf("%s: %d documents", rv.name, run.docs)
		data, lines := filepath.Join(dir, rv.name), real
		if rv.slow {
			lines = nil
		}
		r.rivals = append(r.rivals, measureRival(ctx, rv, o, run.truth, run.staged, lines, data))
		if err := errors.Join(ctx.Err(), os.RemoveAll(data), os.RemoveAll(data+"-real")); err != nil {
			return err
		}
	}
	return nil
}

// runOf is a number of documents with their truth and their files, made when they are first needed.
type runOf struct {
	docs   int
	truth  *truth
	staged *staged
}

func (run *runOf) prepare(dir string, seed uint64) (err error) {
	if run.truth == nil {
		run.truth = countTruth(seed, run.docs)
	}
	if run.staged == nil {
		run.staged, err = stageDocuments(filepath.Join(dir, fmt.Sprintf("staged-%d", run.docs)), benchSet(seed, run.docs))
	}
	return err
}

// startAndAsk starts a server and measures the time until a search over everything answers with
// at least so many hits.
func startAndAsk(ctx context.Context, l launch, dir string, docs int) (*server, *client, time.Duration, error) {
	s, err := startServer(ctx, l, dir)
	if err != nil {
		return nil, nil, 0, err
	}
	c := newClient(s.base)
	a, _, err := c.search(ctx, "_all", `{"size":1,"track_total_hits":true}`, false)
	took := time.Since(s.started)
	if err == nil && a.Hits.Total.Value != docs {
		err = fmt.Errorf("after the start there are %d documents, want %d", a.Hits.Total.Value, docs)
	}
	if err != nil {
		return nil, nil, 0, errors.Join(err, s.stop())
	}
	return s, c, took, nil
}

// ingest loads documents into the server and notes what that cost, at the last acknowledgement and when
// everything is in segments and merged.
func ingest(ctx context.Context, into *costs, s *server, c *client, index string, docs documents, o *options) error {
	log.Printf("loading %s", index)
	flush := func(ctx context.Context) error {
		_, err := c.json(ctx, http.MethodPost, "/"+index+"/_flush", "")
		return err
	}
	return into.measureLoad(ctx, s.process, func() (loadResult, error) { return load(ctx, c, index, docs, o.bulk, o.connections) }, flush)
}

// more loads another set of documents, whose costs stand in rows of their own.
func (r *report) more(ctx context.Context, name string, s *server, c *client, index string, docs documents, o *options) error {
	set := extraSet{name: name}
	err := ingest(ctx, &set.costs, s, c, index, docs, o)
	if err == nil {
		r.extra = append(r.extra, set)
	}
	return err
}

// settle waits until the disk and the processor are quiet, and returns what the data folder takes.
func settle(ctx context.Context, p *process) (disk int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	lastCPU, quiet := 0.0, 0
	for quiet < settleQuiet {
		pause(ctx, settlePoll)
		if err := ctx.Err(); err != nil {
			return 0, fmt.Errorf("flushing and merging did not end: %w", err)
		}
		size, err := diskBytes(p.dir)
		if err != nil {
			return 0, err
		}
		cpu, err := p.cpuSeconds()
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

// asker asks one query and times it.
type asker func(ctx context.Context, q *query) (answer, time.Duration, error)

func (c *client) asker(index string, kept bool) asker {
	return func(ctx context.Context, q *query) (answer, time.Duration, error) {
		return c.search(ctx, index, q.body, kept)
	}
}

// askAll measures queries one after another, and checks the first answer of each.
func askAll(ctx context.Context, ask asker, prefix string, all []query, how asking) ([]queryRow, error) {
	var rows []queryRow
	for i := range all {
		log.Printf("query %s%s", prefix, all[i].row)
		row := queryRow{row: prefix + all[i].row, what: all[i].what, goal: all[i].goal}
		if err := row.measure(ctx, ask, &all[i], how); err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// asking says how often to ask: so many times after the runs that are not counted, and no longer than
// patience lasts once there is a measurement.
type asking struct {
	runs     int
	patience time.Duration
}

func (row *queryRow) measure(ctx context.Context, ask asker, q *query, how asking) error {
	began := time.Now()
	for run := range warmUps + how.runs {
		a, took, err := ask(ctx, q)
		var cannot cannotError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &cannot):
			row.cannot = string(cannot)
			return nil
		case err != nil:
			row.fault = oneLine(err)
			return nil
		}
		if run == 0 {
			row.first = took
			if err := q.check(&a); err != nil {
				row.fault = oneLine(err)
			}
		}
		if run >= warmUps || run == 0 && took > how.patience {
			row.took = append(row.took, took)
		}
		if time.Since(began) > how.patience && len(row.took) > 0 {
			return nil
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
