package engine

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"elkhorn/internal/demo"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es"
)

const (
	// loadDocs is the number of documents of BenchmarkLoad: enough for several flushes and a merge.
	loadDocs = 1_100_000
	// loadBulk is the number of documents of one bulk request there, as in bench/.
	loadBulk = 5000
	// loadConnections is how many bulks are at work at a time.
	loadConnections = 2
)

// BenchmarkLoad loads the benchmark's documents in bulks, waits for the merges and logs what a document takes on the
// disk, field by field. The documents are made beforehand, so that a CPU profile shows the engine's work.
func BenchmarkLoad(b *testing.B) {
	b.Run("explicit mapping", func(b *testing.B) { benchmarkLoad(b, &es.CreateIndex{Name: "bench", Mappings: demo.BenchMapping}) })
	b.Run("default mapping", func(b *testing.B) { benchmarkLoad(b, &es.CreateIndex{Name: "bench"}) })
	b.Run("best compression", func(b *testing.B) {
		benchmarkLoad(b, &es.CreateIndex{Name: "bench", Mappings: demo.BenchMapping, Settings: []byte(`{"index.codec":"best_compression"}`)})
	})
}

func benchmarkLoad(b *testing.B, create *es.CreateIndex) {
	path := filepath.Join(b.TempDir(), "docs.ndjson")
	writeBenchDocs(b, path, loadDocs)
	for b.Loop() {
		e := open(b, Options{})
		if _, err := e.Apply(ctx, create); err != nil {
			b.Fatal(err)
		}
		before := processCPU(b)
		loadFile(b, e, path)
		acknowledged := processCPU(b)
		ix := e.indexByName["bench"]
		settleIndex(b, e, ix)
		b.ReportMetric((acknowledged-before).Seconds()*1e6/loadDocs, "cpu-s/Mdoc-acked")
		b.ReportMetric((processCPU(b)-before).Seconds()*1e6/loadDocs, "cpu-s/Mdoc")
		logUsage(b, ix)
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func writeBenchDocs(b *testing.B, path string, n int) {
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	gen := demo.NewBench(1, n)
	var doc []byte
	for range n {
		doc = append(gen.Append(doc[:0]), '\n')
		if _, err := w.Write(doc); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

// loadFile sends the documents of a file in bulks.
func loadFile(b *testing.B, e *Engine, path string) {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	requests := make(chan *es.BulkRequest)
	var senders sync.WaitGroup
	for range loadConnections {
		senders.Go(func() {
			for req := range requests {
				resp, err := e.Bulk(ctx, req)
				if err != nil {
					b.Error(err)
				} else if i := slices.IndexFunc(resp.Items, func(item es.BulkItem) bool { return item.Err != nil }); i >= 0 {
					b.Error(resp.Items[i].Err)
				}
			}
		})
	}
	for body := make([]byte, 0); ; {
		chunk := make([]byte, loadBulk*900)
		n, err := io.ReadFull(f, chunk)
		body = append(body, chunk[:n]...)
		end := bytes.LastIndexByte(body, '\n') + 1
		req := &es.BulkRequest{}
		for line := range bytes.Lines(body[:end]) {
			req.Ops = append(req.Ops, es.BulkOp{Action: es.ActionCreate, Index: "bench", Source: line[:len(line)-1]})
		}
		body = bytes.Clone(body[end:])
		if len(req.Ops) > 0 {
			requests <- req
		}
		if err != nil {
			break
		}
	}
	close(requests)
	senders.Wait()
}

// settleIndex flushes and waits for the merges that are due.
func settleIndex(b *testing.B, e *Engine, ix *index) {
	if err := ix.flush(ctx); err != nil {
		b.Fatal(err)
	}
	for {
		merged, err := ix.mergeOnce(ctx)
		if err != nil {
			b.Fatal(err)
		}
		if !merged {
			return
		}
	}
}

// processCPU is the processor time that the process has used.
func processCPU(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// logUsage logs what each field takes per document over all segment files.
func logUsage(b *testing.B, ix *index) {
	v := ix.views.acquire(true)
	defer v.release()
	sums := map[string]*segment.Usage{}
	var total segment.Usage
	rows, files, size, pinned := 0, 0, int64(0), int64(0)
	for _, p := range v.parts {
		if p.file == nil {
			b.Fatal("a part is not in a file")
		}
		rows += p.rows
		files++
		size += p.seg.DiskBytes()
		pinned += p.seg.MemoryBytes()
		all, err := p.file.Usage()
		if err != nil {
			b.Fatal(err)
		}
		for _, u := range all {
			if sums[u.Field] == nil {
				sums[u.Field] = &segment.Usage{Field: u.Field}
			}
			sums[u.Field].Add(&u)
			total.Add(&u)
		}
	}
	fields := make([]*segment.Usage, 0, len(sums))
	for _, u := range sums {
		fields = append(fields, u)
	}
	slices.SortFunc(fields, func(x, y *segment.Usage) int { return int(y.Total() - x.Total()) })
	var out strings.Builder
	fmt.Fprintf(&out, "%d documents in %d files\nbytes per document: %18s %8s %8s %8s %8s %8s\n", rows, files, "values", "dict", "forms", "text", "filters", "sum")
	for _, u := range append(fields, &total) {
		fmt.Fprintf(&out, "%-28q", u.Field)
		for _, n := range []int64{u.Doc, u.Dict, u.Forms, u.Text, u.Filters, u.Total()} {
			fmt.Fprintf(&out, " %8.2f", float64(n)/float64(rows))
		}
		out.WriteByte('\n')
	}
	fmt.Print(out.String()) // b.Log would cut it after ten lines
	b.ReportMetric(float64(size)/float64(rows), "bytes/doc")
	b.ReportMetric(float64(ix.stats.written.Load())/float64(size), "written/kept")
	b.ReportMetric(float64(pinned)/float64(rows)*1e6, "memory-bytes/Mdoc")
}
