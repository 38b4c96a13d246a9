package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"elkhorn/internal/demo"
)

// The bounds of the large run.
const (
	largeMemory   = 1 << 30 // bytes resident at most, and GOMEMLIMIT
	largeStart    = 2 * time.Second
	largePatience = 2 * time.Minute
	watchInterval = 15 * time.Second
	watchedDocs   = 1_000_000
)

// largeReport is what the large run found.
type largeReport struct {
	report
	coldStart, warmStart time.Duration
	coldSaid             string // how the start was made cold
	idlePeak             int64  // bytes resident at most while queries ran
}

// runLarge loads many documents under a memory limit, restarts, and asks the queries.
func runLarge(ctx context.Context, o *options) error {
	dir, err := os.MkdirTemp(o.dir, "elkhorn-bench-large-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	o.server.args = append(o.server.args, "--memory", o.memory)
	o.server.env = append(o.server.env, "GOMEMLIMIT=1GiB")
	r := &largeReport{report: report{began: time.Now(), machine: describeMachine(dir), docs: o.large}}
	err = r.run(ctx, o, dir)
	text := r.markdown(o)
	fmt.Print(text)
	if o.out != "" {
		err = errors.Join(err, os.WriteFile("LARGE.md", []byte(text), 0o644))
	}
	if err == nil {
		err = r.verdict()
	}
	return err
}

func (r *largeReport) run(ctx context.Context, o *options, dir string) error {
	docs, t := counted(o.seed, o.large)
	if err := r.load(ctx, o, dir, docs); err != nil {
		return err
	}
	r.coldSaid = "with the data out of the page cache"
	if err := forget(dir); err != nil {
		r.coldSaid = "with the page cache as it was: " + oneLine(err)
	}
	s, _, cold, err := startAndAsk(ctx, o.server, dir, t.docs)
	if err != nil {
		return err
	}
	r.coldStart = cold
	if err := s.stop(); err != nil {
		return err
	}
	s, c, warm, err := startAndAsk(ctx, o.server, dir, t.docs)
	if err != nil {
		return err
	}
	r.warmStart = warm
	r.queries, err = askAll(ctx, c.asker("bench", false), "", queries(t, fields{}), asking{o.runs, largePatience})
	_, peak, memoryErr := s.memory()
	r.idlePeak = peak
	return errors.Join(err, memoryErr, s.stop())
}

// load fills an empty folder and notes what that cost.
func (r *largeReport) load(ctx context.Context, o *options, dir string, docs documents) error {
	s, c, first, err := startAndAsk(ctx, o.server, dir, 0)
	if err != nil {
		return err
	}
	r.ours.startEmpty = milliseconds(first)
	if _, err := c.json(ctx, http.MethodPut, "/bench", `{"mappings":`+string(demo.BenchMapping)+`}`); err != nil {
		return errors.Join(err, s.stop())
	}
	err = ingest(ctx, &r.ours, s, c, "bench", watched(docs, s.process), o)
	if err == nil {
		err = rest(ctx, s.process, &r.ours.idleLoaded)
	}
	return errors.Join(err, s.stop())
}

// watched says from time to time how far a load is and what the process holds.
func watched(docs documents, p *process) documents {
	n, said := 0, time.Now()
	return func(dst []byte) ([]byte, bool) {
		dst, more := docs(dst)
		n++
		if n%watchedDocs == 0 && time.Since(said) > watchInterval {
			said = time.Now()
			if resident, peak, err := p.memory(); err == nil {
				log.Printf("%s documents, %d MB resident, %d MB at most", grouped(n), resident/1e6, peak/1e6)
			}
		}
		return dst, more
	}
}

// forget drops a folder's files from the page cache.
func forget(dir string) error {
	const dontNeed = 4 // POSIX_FADV_DONTNEED
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		if _, _, errno := syscall.Syscall6(syscall.SYS_FADVISE64, f.Fd(), 0, 0, dontNeed, 0, 0); errno != 0 {
			return fmt.Errorf("forget %s: %w", path, errno)
		}
		return nil
	})
}

// verdict is an error for each bound that was not kept and for each wrong answer.
func (r *largeReport) verdict() error {
	var err error
	if peak := max(int64(r.ours.peak*1e6), r.idlePeak); peak > largeMemory {
		err = errors.Join(err, fmt.Errorf("%s MB were resident, the limit is %s", number(float64(peak)/1e6), number(largeMemory/1e6)))
	}
	if r.coldStart > largeStart || r.warmStart > largeStart {
		err = errors.Join(err, fmt.Errorf("the start took %s and %s, the limit is %s", r.coldStart, r.warmStart, largeStart))
	}
	if n := r.wrong(); n > 0 {
		err = errors.Join(err, fmt.Errorf("%d answers were wrong", n))
	}
	return err
}

func (r *largeReport) markdown(o *options) string {
	rawGB, diskGB := r.ours.rawBytes*float64(o.large)/1e9, r.ours.disk/1e3
	var b strings.Builder
	b.WriteString("# Results of the large benchmark\n\nWritten by `make bench-large`; how to read it is in [README.md](README.md).\n\n")
	fmt.Fprintf(&b, "- %s, took %s\n", r.began.UTC().Format("2006-01-02 15:04 UTC"), time.Since(r.began).Round(time.Second))
	for _, line := range r.machine {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	if o.note != "" {
		fmt.Fprintf(&b, "- Beside it ran: %s\n", o.note)
	}
	fmt.Fprintf(&b, "- %s generated documents, seed %d: %s GB raw, %s GB on disk; the server ran with `GOMEMLIMIT=1GiB` and `--memory %s`\n",
		grouped(o.large), o.seed, number(rawGB), number(diskGB), o.memory)
	fmt.Fprintf(&b, "- Bulks refused as too much (429) and sent again: %d\n\n", r.ours.refused)
	limit, start := number(largeMemory/1e6)+" MB", number(milliseconds(largeStart))+" ms"
	row := func(what string, value float64, unit, goal string) []string {
		return []string{what, number(value) + unit, goal}
	}
	b.WriteString(markdownTable([]string{"", "measured", "limit"}, [][]string{
		row(rowRate, r.ours.rate, "/s", ""),
		row(rowCPU, r.ours.cpuSettled, " s", ""),
		row("peak resident memory while loading and merging", r.ours.peak, " MB", limit),
		row(rowIdleLoaded, r.ours.idleLoaded, " MB", ""),
		row(rowRatio, r.ours.ratio, "", ""),
		row("start to the first answered search, "+r.coldSaid, milliseconds(r.coldStart), " ms", start),
		row("start to the first answered search, once more", milliseconds(r.warmStart), " ms", start),
		row("peak resident memory while queries ran", float64(r.idlePeak)/1e6, " MB", limit),
	}))
	var rows [][]string
	for i := range r.queries {
		q := &r.queries[i]
		right := "right"
		if !q.right() {
			right = "WRONG: " + q.fault
		}
		rows = append(rows, []string{q.row + ": " + q.what, millis(milliseconds(q.first)), millis(q.percentile(0)), millis(q.percentile(0.5)),
			millis(q.percentile(0.95)), grouped(len(q.took)), right})
	}
	b.WriteString("\n" + markdownTable([]string{"query", "first run", "best", "median", "p95", "runs", "answer"}, rows))
	return b.String()
}
