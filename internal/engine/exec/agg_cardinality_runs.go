package exec

import (
	"errors"
	"runtime"
	"slices"
	"sync"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/rescue"

	"github.com/cespare/xxhash/v2"
)

// A cardinality aggregation at the root notes which ordinals of a segment's dictionary it has seen and
// hashes their values only to reduce: each once, however many rows and workers met it.

// distinctRun are the ordinals that were seen in one segment.
type distinctRun struct {
	plan, source int
	dict         column.Dict
	view         stringView
	seen         column.Bitmap
}

// collectRun notes the ordinals of rows.
func (c *cardinalityCollector) collectRun(d *docs, b *column.Block) error {
	run, err := c.run()
	if err != nil {
		return err
	}
	seen := run.seen
	if b.Offsets == nil && b.Present == nil {
		for _, r := range d.rows {
			ord := b.Ords[r]
			seen[ord>>6] |= 1 << (ord & 63)
		}
		return nil
	}
	for _, r := range d.rows {
		for lo, hi := b.Range(int(r)); lo < hi; lo++ {
			seen.Set(int(b.Ords[lo]))
		}
	}
	return nil
}

// run returns the ordinals of the segment that the collector is bound to.
func (c *cardinalityCollector) run() (*distinctRun, error) {
	for _, r := range c.runs {
		if r.source == c.place.source {
			return r, nil
		}
	}
	n := c.col.dict.Len()
	if err := c.acct.grow(n / 8); err != nil {
		return nil, err
	}
	r := &distinctRun{plan: c.place.plan.position, source: c.place.source, dict: c.col.dict, view: c.node.field.view, seen: column.NewBitmap(n)}
	c.runs = append(c.runs, r)
	return r, nil
}

// mergeDistinctRuns adds the runs of b to those of a; those of one segment, by two workers, become one.
func mergeDistinctRuns(a, b []*distinctRun) []*distinctRun {
	for _, r := range b {
		i := slices.IndexFunc(a, func(have *distinctRun) bool { return have.plan == r.plan && have.source == r.source })
		if i < 0 {
			a = append(a, r)
			continue
		}
		a[i].seen.Or(r.seen)
	}
	return a
}

// sharedHashes is from how many values on several goroutines hash them: some tenths of a millisecond.
const sharedHashes = 1 << 14

// settle takes the values of the runs in.
func (p *cardinalityPartial) settle() error {
	values := 0
	for _, r := range p.runs {
		values += r.seen.Count()
	}
	runs := p.runs
	p.runs = nil
	workers := runtime.GOMAXPROCS(0)
	if values < sharedHashes || workers == 1 {
		return p.distinct.addRuns(runs, 0, 1)
	}
	parts, errs := make([]*distinct, workers), make([]error, workers)
	accounts := make([]account, workers)
	var wait sync.WaitGroup
	for i := range parts {
		accounts[i] = p.acct.other()
		parts[i] = &distinct{acct: &accounts[i], limit: p.limit}
		wait.Go(func() {
			defer rescue.Into(&errs[i])
			errs[i] = parts[i].addRuns(runs, i, workers)
		})
	}
	wait.Wait()
	for i := range parts {
		if errs[i] == nil {
			errs[i] = p.distinct.merge(parts[i])
		}
		accounts[i].close()
	}
	return errors.Join(errs...)
}

// addRuns takes in one of several parts of each run's values.
func (d *distinct) addRuns(runs []*distinctRun, part, parts int) error {
	for _, r := range runs {
		words := len(r.seen)
		end := words * (part + 1) / parts * 64
		for ord := r.seen.Next(words * part / parts * 64); ord >= 0 && ord < end; ord = r.seen.Next(ord + 1) {
			if err := d.acct.stopAt(ord); err != nil {
				return err
			}
			v, ok := r.view.see(r.dict.Value(uint32(ord)))
			if !ok {
				continue
			}
			if err := d.add(xxhash.Sum64(v)); err != nil {
				return err
			}
		}
	}
	return nil
}
