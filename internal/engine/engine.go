package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"elkhorn/internal/engine/exec"
	"elkhorn/internal/engine/ingest"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/engine/wal"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/vfs"
)

// Options configure an Engine. The zero value of every field but Dir is usable.
type Options struct {
	// Dir is the data folder; it is made when missing, and locked.
	Dir string
	// FS is where segments, logs and manifests live; default the disk.
	FS vfs.FS
	// MetaFile is the metadata file on the real disk; default metadata.db in Dir.
	MetaFile string
	Logger   *slog.Logger
	Now      func() time.Time
	// Version is the Elasticsearch version that Info reports; default 8.19.0.
	Version string
	// NodeName and ClusterName are reported; default elkhorn.
	NodeName, ClusterName string
	// WriteBufferBytes bounds documents in memory that are not in segment files yet, and request
	// bodies at work. Default 128 MiB, or an eighth of the memory there is if that is less. Too low flushes
	// small segments; at the limit writes get 429.
	WriteBufferBytes int64
	// QueryBytes bounds what all searches together may hold; one of them may have 80 % of it. Default a
	// quarter of the memory there is (GOMEMLIMIT, the control group's or the machine's). At the limit a search
	// gets circuit_breaking_exception. The cluster setting indices.breaker.request.limit overrides it.
	QueryBytes int64
	// TotalBytes bounds documents, request bodies, searches and caches together. Default 90 % of GOMEMLIMIT,
	// or 70 % of the memory there is. The cluster setting indices.breaker.total.limit overrides it.
	TotalBytes int64
	// CacheBytes bounds blocks of segment files kept in memory. Default 48 MiB, or a sixteenth of the memory
	// there is if that is less.
	CacheBytes int64
	// RequestCacheBytes bounds what is kept of answers, so that dashboards which ask again do not count again.
	// Default one percent of the memory there is, from 4 to 64 MiB. Negative keeps none.
	RequestCacheBytes int64
	// RequestCacheMinRows is how many rows a run of blocks must have for its part of an answer to be kept; the
	// default is exec's.
	RequestCacheMinRows int
	// GroupWindow is how long a log sync waits for company under concurrency; default 3 ms.
	GroupWindow time.Duration
	// LogSegmentBytes is the size past which the log begins a new file; default 64 MiB. Whole files are
	// deleted when no index needs them.
	LogSegmentBytes int64
	// RepositoryPaths are the folders that repositories of snapshots may be in (path.repo); a relative location is in the
	// first. Default repositories in Dir.
	RepositoryPaths []string
	// DiskInterval is how often the disk's fill is looked at; default 5 s. Watermarks are in disk.go.
	DiskInterval time.Duration
	// FloodStagePercent is how full the disk may be before writes are refused; default 95.
	FloodStagePercent float64
}

const (
	defaultDiskInterval = 5 * time.Second
	defaultFloodPercent = 95
	// maxLogBytes is how large the log may grow before the index that holds back its oldest file is
	// flushed.
	maxLogBytes = 256 << 20
	// maintenanceInterval is how often idle indices, retention of the log and expired snapshots are
	// looked after.
	maintenanceInterval = time.Second
)

func (o Options) withDefaults() Options {
	if o.FS == nil {
		o.FS = vfs.Default
	}
	if len(o.RepositoryPaths) == 0 {
		o.RepositoryPaths = []string{filepath.Join(o.Dir, "repositories")}
	}
	if o.MetaFile == "" {
		o.MetaFile = metaPath(o.Dir)
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	setDefault(&o.Version, "8.19.0")
	setDefault(&o.NodeName, "elkhorn")
	setDefault(&o.ClusterName, "elkhorn")
	o.memoryDefaults()
	setDefault(&o.DiskInterval, defaultDiskInterval)
	setDefault(&o.FloodStagePercent, defaultFloodPercent)
	return o
}

func setDefault[T comparable](v *T, fallback T) {
	var zero T
	if *v == zero {
		*v = fallback
	}
}

// Engine is the embedded store. It implements es.Store.
type Engine struct {
	opts   Options
	fs     vfs.FS
	dir    string
	logger *slog.Logger
	now    func() time.Time
	lock   io.Closer
	meta   *metaStore
	log    *wal.Log
	cache  *segment.Cache
	memory *memory
	// requestCache is nil when there is none.
	requestCache *exec.Cache
	disk         diskWatch
	// maxBuckets and searchTimeout are cluster settings, 0 for the default and for none.
	maxBuckets, searchTimeout atomic.Int64
	// noExpensive is the cluster setting search.allow_expensive_queries, the other way round.
	noExpensive atomic.Bool
	// autoCreates is action.auto_create_index, nil for always; noBuiltins switches the built-in templates off.
	autoCreates atomic.Pointer[autoCreateRule]
	noBuiltins  atomic.Bool

	builders    sync.Pool // *ingest.Builder
	packBuffers packBuffers
	snapshots   snapshots
	backups     backups
	published   notifier

	// adminMu serializes changes of indices, aliases and templates.
	adminMu sync.Mutex
	logMu   sync.Mutex // releases of the log do not overlap
	// indexMu guards indexByName and indexByUUID; never held during I/O.
	indexMu     sync.RWMutex
	indexByName map[string]*index
	indexByUUID map[string]*index
	// streamByName has the data streams, guarded by indexMu; a stream is replaced as a whole.
	streamByName map[string]*stream

	failed atomic.Pointer[eserr.Error] // the log's failure, as clients get it
	// lastWrite is the time of the last bulk in Unix nanoseconds, 0 once its memory was given back.
	lastWrite atomic.Int64
	broken    map[string]error // indices that did not open, by name; guarded by indexMu
	flushing  chan *index
	merging   chan *index
	stop      context.CancelFunc
	ctx       context.Context // of the background work; ends with Close
	workers   sync.WaitGroup
}

// Open opens the data folder, replays the log, and starts the background work.
func Open(opts Options) (*Engine, error) {
	opts = opts.withDefaults()
	e := &Engine{
		opts: opts, fs: opts.FS, dir: opts.Dir, logger: opts.Logger, now: opts.Now,
		indexByName: map[string]*index{}, indexByUUID: map[string]*index{}, broken: map[string]error{}, streamByName: map[string]*stream{},
		flushing: make(chan *index, 64), merging: make(chan *index, 64),
		cache: segment.NewCache(opts.CacheBytes), memory: newMemory(&opts),
	}
	if opts.RequestCacheBytes > 0 {
		e.requestCache = exec.NewCache(opts.RequestCacheBytes, opts.RequestCacheMinRows)
	}
	e.memory.caches = func() int64 { return e.cache.Bytes() + e.requestCache.Bytes() }
	e.memory.drop = func() { e.requestCache.Clear(nil) }
	e.builders.New = func() any { return ingest.NewBuilder(emptyPlan) }
	e.packBuffers = newPackBuffers()
	e.snapshots.init(e.memory, e.now)
	e.published.init()
	if err := e.openFolder(); err != nil {
		return nil, errors.Join(err, e.release())
	}
	if err := e.loadClusterSettings(); err != nil {
		return nil, errors.Join(err, e.release())
	}
	if err := e.recover(); err != nil {
		return nil, errors.Join(err, e.release())
	}
	e.ctx, e.stop = context.WithCancel(context.Background())
	e.workers.Add(4)
	go e.flushLoop()
	go e.mergeLoop()
	go e.maintenanceLoop()
	go e.diskLoop()
	return e, nil
}

// emptyPlan is what fresh builders begin with.
var emptyPlan = func() *ingest.Plan {
	p, err := ingest.NewPlan(mapping.Empty())
	if err != nil {
		panic(err) // a mapping without fields has nothing to refuse
	}
	return p
}()

func (e *Engine) openFolder() error {
	for _, dir := range []string{"indices", "wal"} { // durable names: what is in them must not vanish with them
		if err := vfs.MkdirAllSync(e.fs, path.Join(e.dir, dir)); err != nil {
			return fmt.Errorf("make data folder %s: %w", e.dir, err)
		}
	}
	lock, err := e.fs.Lock(filepath.Join(e.dir, "elkhorn.lock"))
	if err != nil {
		return err
	}
	e.lock = lock
	if e.meta, err = openMeta(e.opts.MetaFile); err != nil {
		return err
	}
	e.disk.check(e)
	return nil
}

// release lets go of what Open acquired before it failed.
func (e *Engine) release() error {
	var errs []error
	if e.log != nil {
		errs = append(errs, e.log.Close())
	}
	for _, ix := range e.indexByName {
		errs = append(errs, ix.shut())
	}
	if e.meta != nil {
		errs = append(errs, e.meta.close())
	}
	if e.lock != nil {
		errs = append(errs, e.lock.Close())
	}
	return errors.Join(errs...)
}

// Close writes what is in memory to segments and releases the folder. After a failure of the log it
// only releases.
func (e *Engine) Close() error {
	e.stop()
	e.workers.Wait()
	e.snapshots.closeAll()
	var errs []error
	if e.logErr() == nil {
		for _, ix := range e.allIndices() {
			if err := ix.flush(context.Background()); err != nil {
				errs = append(errs, err) // nothing is lost: the log has it
			}
		}
	}
	return errors.Join(append(errs, e.release())...)
}

func (e *Engine) allIndices() []*index {
	e.indexMu.RLock()
	defer e.indexMu.RUnlock()
	all := make([]*index, 0, len(e.indexByName))
	for _, ix := range e.indexByName {
		all = append(all, ix)
	}
	return all
}

// Info describes the store.
func (e *Engine) Info(context.Context) (es.Info, error) {
	info := es.Info{
		Name: e.opts.NodeName, ClusterName: e.opts.ClusterName, ClusterUUID: e.meta.clusterUUID(), Version: e.opts.Version,
		Health: es.Health{Status: "green"}, Disk: e.disk.state(), MemoryBytes: e.memory.inUse(),
		Breakers: e.memory.breakers(), Unopened: e.brokenNames(),
	}
	for _, ix := range e.allIndices() {
		info.Disk.DataBytes += ix.statistics().DiskBytes
	}
	switch err := e.logErr(); {
	case err != nil:
		info.Health = es.Health{Status: "red", Reason: err.Error()}
	case len(info.Unopened) > 0:
		info.Health = es.Health{Status: "red", Reason: e.brokenReason()}
	case info.Disk.Stage == "flood_stage":
		info.Health = es.Health{Status: "yellow", Reason: "the disk is full: writes are refused until there is room"}
	}
	return info, nil
}

// anyBroken says whether some index did not open.
func (e *Engine) anyBroken() bool {
	e.indexMu.RLock()
	defer e.indexMu.RUnlock()
	return len(e.broken) > 0
}

// brokenNames are the indices that did not open, in order.
func (e *Engine) brokenNames() []string {
	e.indexMu.RLock()
	defer e.indexMu.RUnlock()
	return slices.Sorted(maps.Keys(e.broken))
}

// brokenReason names the indices that did not open, and why.
func (e *Engine) brokenReason() string {
	e.indexMu.RLock()
	defer e.indexMu.RUnlock()
	var reason strings.Builder
	for _, name := range slices.Sorted(maps.Keys(e.broken)) {
		fmt.Fprintf(&reason, "index %s did not open: %v. ", name, e.broken[name])
	}
	return strings.TrimSpace(reason.String())
}

// logErr is the error every write gets after the log has failed.
func (e *Engine) logErr() error {
	if f := e.failed.Load(); f != nil {
		return f
	}
	return nil
}

// logFailure turns a failure of the log into the error that clients get. The log never works again
// until the process is started anew; searches go on. The end of a caller's context is no failure.
func (e *Engine) logFailure(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	f := eserr.New(http.StatusServiceUnavailable, "translog_exception",
		"the write-ahead log has failed, so no writes are taken and searches go on; mend the disk and restart: %s", err)
	if e.failed.CompareAndSwap(nil, f) {
		e.logger.Error("write-ahead log failed: the store is read-only now", "error", err)
	}
	return e.failed.Load()
}
