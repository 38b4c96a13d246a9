package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// rival is another store that is measured on the same documents in the same run.
type rival struct {
	name  string // as BENCH_RIVALS has it
	title string
	slow  bool   // loads only slowDocs documents
	how   string // what was set up, for the report
	// prepare installs it below a folder, and is quick when that was done before. Its error is the reason
	// why the rival is left out.
	prepare func(ctx context.Context, folder string) (starter, error)
}

// starter starts a prepared rival over a data folder, empty or not, with the schema of a set. The truth
// fills in the queries of the benchmark's set; it is nil for others.
type starter func(ctx context.Context, data, set string, t *truth) (engine, error)

// engine is a rival that runs.
type engine interface {
	proc() *process
	version() string
	// load loads all documents; they are on the disk and can be searched when it returns.
	load(ctx context.Context, in *staged, o *options) error
	// flush does what the documentation advises after a load.
	flush(ctx context.Context) error
	// ask answers one row; a rival that has no such query returns a cannotError.
	ask(ctx context.Context, q *query) (answer, time.Duration, error)
	stop() error
}

// keeper is an engine that keeps answers and uses them when it is asked so.
type keeper interface {
	askAgain(ctx context.Context, q *query) (answer, time.Duration, error)
}

// cannotError says why a rival has no answer to a row.
type cannotError string

func (e cannotError) Error() string { return string(e) }

// rivals are all of them, in the order of the table.
func rivals() []rival {
	return []rival{openSearch(), chDB(), duckDB(), tantivy(), bleve()}
}

// chosenRivals reads BENCH_RIVALS: all, none, or names with commas between.
func chosenRivals(list string) ([]rival, error) {
	switch list {
	case "all":
		return rivals(), nil
	case "none", "":
		return nil, nil
	}
	var chosen []rival
	for name := range strings.SplitSeq(list, ",") {
		at := slices.IndexFunc(rivals(), func(r rival) bool { return r.name == strings.TrimSpace(name) })
		if at < 0 {
			return nil, fmt.Errorf("there is no rival %q; there are %s, all and none", name, rivalNames())
		}
		chosen = append(chosen, rivals()[at])
	}
	return chosen, nil
}

func rivalNames() string {
	var names []string
	for _, r := range rivals() {
		names = append(names, r.name)
	}
	return strings.Join(names, ", ")
}

// quoted are figures that were not measured here: these stores cannot be installed as packages. They
// were measured on a machine of this size with documents of this shape; the project's targets name them.
var quoted = []column{
	{title: "VictoriaLogs 1.26 (quoted)", cells: map[string]string{
		rowRate: "80,000/s", rowCPU: "14–20 s, not durable", rowPeak: "385 MB", rowIdleFresh: "12 MB", rowIdleLoaded: "279 MB", rowRatio: "6.6",
		"a": "0.9 ms", "b": "9.4 ms", "c": "71 ms", "d": "337 ms, 10–25 % off", "e": "26 ms", "f1": "28 ms", "f2": "29 ms", "f3": "165 ms",
		"g": "3.1 ms", "h": "2.3 ms", "i1": "16 ms", "i2": "21 ms", "j": "69 ms", "k": "1.0 ms", "l": "34 ms", "m": "215 ms",
	}},
	{title: "Loki (quoted)", cells: map[string]string{rowCPU: "20 s", rowPeak: "1.1 GB", rowRatio: "5.1"}},
}

// outcome is what a rival's run gave.
type outcome struct {
	rival   rival
	version string
	docs    int
	costs   costs
	queries []queryRow
	again   []queryRow // with kept answers
	real    costs      // of the real logs
	fault   string     // why it was left out, or did not finish
}

// measureRival runs one rival from an empty folder to a restart, and loads real logs into another when
// there are some. A fault of the rival ends its own run only.
func measureRival(ctx context.Context, rv rival, o *options, t *truth, in, real *staged, data string) outcome {
	out := outcome{rival: rv, docs: t.docs}
	start, err := rv.prepare(ctx, o.work)
	if err != nil {
		out.fault = "left out: " + oneLine(err)
		return out
	}
	if err := out.run(ctx, o, t, in, start, data); err != nil {
		out.fault = "did not finish: " + oneLine(err)
	} else if real != nil {
		if err := out.loadReal(ctx, o, real, start, data+"-real"); err != nil {
			out.fault = "did not finish the real logs: " + oneLine(err)
		}
	}
	return out
}

// loadReal loads the real logs into a store of their own.
func (out *outcome) loadReal(ctx context.Context, o *options, in *staged, start starter, data string) error {
	e, err := start(ctx, data, in.set.name, nil)
	if err != nil {
		return err
	}
	return errors.Join(out.real.measureLoad(ctx, e.proc(), timedLoad(ctx, e, in, o), e.flush), e.stop())
}

func timedLoad(ctx context.Context, e engine, in *staged, o *options) func() (loadResult, error) {
	return func() (loadResult, error) {
		began := time.Now()
		err := e.load(ctx, in, o)
		return loadResult{docs: in.docs, rawBytes: in.rawBytes, took: time.Since(began)}, err
	}
}

func (out *outcome) run(ctx context.Context, o *options, t *truth, in *staged, start starter, data string) error {
	e, took, err := startAndCount(ctx, start, data, t, 0)
	if err != nil {
		return err
	}
	out.version = e.version()
	out.costs.startEmpty = milliseconds(took)
	if err := out.loadAndAsk(ctx, o, t, in, e); err != nil {
		return errors.Join(err, e.stop())
	}
	if err := e.stop(); err != nil {
		return err
	}
	if e, took, err = startAndCount(ctx, start, data, t, t.docs); err != nil {
		return err
	}
	out.costs.startLoaded = milliseconds(took)
	return e.stop()
}

func (out *outcome) loadAndAsk(ctx context.Context, o *options, t *truth, in *staged, e engine) error {
	if err := rest(ctx, e.proc(), &out.costs.idleFresh); err != nil {
		return err
	}
	if err := out.costs.measureLoad(ctx, e.proc(), timedLoad(ctx, e, in, o), e.flush); err != nil {
		return err
	}
	if err := rest(ctx, e.proc(), &out.costs.idleLoaded); err != nil {
		return err
	}
	all := queries(t, fields{})
	var err error
	if out.queries, err = askAll(ctx, e.ask, "", all, o.asking()); err != nil {
		return err
	}
	if k, keeps := e.(keeper); keeps {
		out.again, err = askAll(ctx, k.askAgain, "again ", askedAgain(all), o.asking())
	}
	return err
}

// startAndCount starts a rival and measures the time until it counts all documents. A rival without
// a table answers nothing: an empty folder is asked only when documents are expected.
func startAndCount(ctx context.Context, start starter, data string, t *truth, docs int) (engine, time.Duration, error) {
	began := time.Now()
	e, err := start(ctx, data, "bench", t)
	if err != nil || docs == 0 {
		return e, time.Since(began), err
	}
	count := queries(t, fields{})[0]
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		a, _, err := e.ask(ctx, &count)
		if err == nil {
			err = count.check(&a)
		}
		if err == nil {
			return e, time.Since(began), nil
		}
		if ctx.Err() != nil {
			return nil, 0, errors.Join(fmt.Errorf("after the restart: %w", err), e.stop())
		}
		pause(ctx, 20*time.Millisecond)
	}
}

// oneLine makes an error fit into a list.
func oneLine(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if len(text) > 400 {
		text = text[:400] + "…"
	}
	return text
}
