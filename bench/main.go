package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// options say what to measure.
type options struct {
	server      launch
	dir         string // data folders are made below it, and removed
	docs        int
	defaultDocs int // documents for the run with the default dynamic mapping
	bulk        int // documents a request
	connections int
	runs        int // of each query
	seed        uint64
	out         string
	testdata    string // folder that holds data/, "" for no real logs
	note        string // what else ran on the machine
	work        string // where rivals are installed, kept from run to run
	rivals      []rival
	slowDocs    int // documents for rivals that load slowly
	realMB      int // of real logs; their files are repeated until there are so many
	hostileDocs int
	large       int    // documents of the large run, 0 for the usual one
	memory      string // --memory of the server in the large run
	profiles    string // folder for profiles, "" for none
}

func (o *options) asking() asking { return asking{o.runs, patience} }

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	o, err := parseFlags()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if o.large > 0 {
		return runLarge(ctx, o)
	}
	report, err := measure(ctx, o)
	if report != nil {
		fmt.Print(report.table())
		if o.out != "" {
			err = errors.Join(err, os.WriteFile(o.out, []byte(report.markdown(o)), 0o644))
		}
	}
	if err == nil && report.wrong() > 0 {
		err = fmt.Errorf("%d answers were wrong", report.wrong())
	}
	return err
}

func parseFlags() (*options, error) {
	o := &options{testdata: os.Getenv("ELKHORN_TESTDATA"), note: os.Getenv("BENCH_NOTE")}
	docs, err := envInt("BENCH_DOCS", 2_000_000)
	if err != nil {
		return nil, err
	}
	slow, err := envInt("BENCH_SLOW_DOCS", 100_000)
	if err != nil {
		return nil, err
	}
	flag.StringVar(&o.server.bin, "bin", "../bin/elkhorn", "the built server")
	flag.StringVar(&o.dir, "dir", os.TempDir(), "folder for the data folders; a real disk, not memory")
	flag.IntVar(&o.docs, "docs", docs, "documents to load (BENCH_DOCS)")
	flag.IntVar(&o.defaultDocs, "default-docs", -1, "documents for the default mapping; -1 is as many, 0 leaves that run out")
	flag.IntVar(&o.bulk, "bulk", 5000, "documents in a bulk request")
	flag.IntVar(&o.connections, "connections", 2, "connections that load at the same time")
	flag.IntVar(&o.runs, "runs", 20, "times that each query is measured, after two runs that are not")
	flag.IntVar(&o.realMB, "real-mb", -1, "megabytes of real log lines; -1 is a quarter of a kilobyte for each of -docs, at least the files once")
	flag.IntVar(&o.hostileDocs, "hostile-docs", -1, "hostile documents; -1 is a quarter of -docs, 0 leaves that run out")
	flag.IntVar(&o.large, "large", 0, "instead of all else: load so many documents under a memory limit of 1 GiB and ask the queries; writes LARGE.md")
	flag.StringVar(&o.memory, "memory", "384mb", "--memory of the server in the large run")
	flag.StringVar(&o.profiles, "profiles", "", "folder for processor and memory profiles of loading and of the slowest queries; they cost a few percent")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of the generated documents")
	flag.StringVar(&o.out, "out", "RESULTS.md", `report to write, "" for none`)
	flag.StringVar(&o.work, "work", ".data/rivals", "folder that rivals are installed into; it is kept")
	list := flag.String("rivals", cmp.Or(os.Getenv("BENCH_RIVALS"), "all"), "rivals to measure: all, none, or some of "+rivalNames()+" (BENCH_RIVALS)")
	flag.IntVar(&o.slowDocs, "slow-docs", slow, "documents for rivals that load slowly (BENCH_SLOW_DOCS)")
	flag.Parse()
	if o.rivals, err = chosenRivals(*list); err != nil {
		return nil, err
	}
	if o.defaultDocs < 0 {
		o.defaultDocs = o.docs
	}
	if o.realMB < 0 {
		o.realMB = o.docs / 4000
	}
	if o.hostileDocs < 0 {
		o.hostileDocs = o.docs / 4
	}
	if o.docs < 1 || o.slowDocs < 1 || o.bulk < 1 || o.connections < 1 || o.runs < 1 {
		return nil, errors.New("docs, slow-docs, bulk, connections and runs must be at least 1")
	}
	if o.work, err = filepath.Abs(o.work); err != nil {
		return nil, err
	}
	if o.server.bin, err = filepath.Abs(o.server.bin); err != nil {
		return nil, err
	}
	if _, err := os.Stat(o.server.bin); err != nil {
		return nil, fmt.Errorf("no server to measure (make build makes one): %w", err)
	}
	return o, nil
}

// envInt reads a number from the environment; underscores and spaces are allowed.
func envInt(name string, fallback int) (int, error) {
	text := strings.NewReplacer("_", "", " ", "", ",", "").Replace(os.Getenv(name))
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	return n, nil
}
