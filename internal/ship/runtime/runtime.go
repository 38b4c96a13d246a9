package runtime

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"elkhorn/internal/plugin"
	"elkhorn/internal/ship"
	"elkhorn/internal/ship/harvest"
	"elkhorn/internal/ship/processor"
	"elkhorn/internal/vfs"
)

// Env is what a shipper gets from its host. The zero value of a field means the process's own.
type Env struct {
	FS       vfs.FS
	DataDir  string // of the registry; needed when there are inputs that read files
	Logger   *slog.Logger
	Stdin    io.Reader
	Now      func() time.Time
	HostName string
	Dial     func(ctx context.Context, network, address string) (net.Conn, error)
	// Watch lets the system say that files changed, between polls.
	Watch bool
}

func (e Env) withDefaults() Env {
	if e.FS == nil {
		e.FS = vfs.Default
	}
	if e.Logger == nil {
		e.Logger = slog.Default()
	}
	if e.Stdin == nil {
		e.Stdin = os.Stdin
	}
	if e.Now == nil {
		e.Now = time.Now
	}
	if e.Dial == nil {
		e.Dial = (&net.Dialer{}).DialContext
	}
	if e.HostName == "" {
		name, err := os.Hostname()
		if err != nil {
			name = "localhost"
		}
		e.HostName = name
	}
	return e
}

// drainTime is how long a stopping shipper waits for acknowledgements, so that less is sent twice after the next start.
const drainTime = 3 * time.Second

// Shipper is a shipper ready to run.
type Shipper struct {
	cfg      *ship.Config
	env      Env
	counters counters
	inputs   []input
	queue    *queue
	tls      *tls.Config       // nil for connections in the clear
	registry *harvest.Registry // nil when no input reads files
	lock     io.Closer
}

type input struct {
	harvest.Input
	publisher *publisher
}

// New opens the registry and builds inputs and processors. Close releases them.
func New(cfg *ship.Config, env Env) (_ *Shipper, err error) {
	s := &Shipper{cfg: cfg, env: env.withDefaults(), queue: newQueue(cfg.Queue)}
	if len(cfg.Output.Hosts) == 0 {
		return nil, errors.New("shipper: no receiver is named in the hosts of the output")
	}
	if s.tls, err = clientTLS(s.env.FS, cfg.Output.TLS); err != nil {
		return nil, fmt.Errorf("shipper: %w", err)
	}
	if err := s.openRegistry(); err != nil {
		return nil, fmt.Errorf("shipper: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("shipper: %w", err), s.Close())
		}
	}()
	global, err := s.chain(cfg.Processors)
	if err != nil {
		return nil, err
	}
	inputEnv := &harvest.Env{
		FS: s.env.FS, Registry: s.registry, Logger: s.env.Logger, Stdin: s.env.Stdin, Now: s.env.Now, Watch: s.env.Watch,
	}
	for i := range cfg.Inputs {
		in := &cfg.Inputs[i]
		made, _, err := harvest.Table.Build(inputEnv, in.Block)
		if err != nil {
			return nil, err
		}
		own, err := s.chain(in.Processors)
		if err != nil {
			return nil, err
		}
		if in.Fileset != nil { // what its lines say is there for the processors
			own = append(processor.Chain{in.Fileset.Processor(time.Local, s.env.Now)}, own...)
		}
		chain := append(own, global...)
		s.inputs = append(s.inputs, input{made, newPublisher(s.queue, &s.counters, cfg, in, s.env.HostName, chain)})
	}
	return s, nil
}

func (s *Shipper) openRegistry() error {
	reads := false
	for _, in := range s.cfg.Inputs {
		reads = reads || in.Block.Name != "stdin"
	}
	if !reads {
		return nil
	}
	if s.env.DataDir == "" {
		return errors.New("no data folder for the registry is named")
	}
	if err := s.env.FS.MkdirAll(s.env.DataDir); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	lock, err := s.env.FS.Lock(filepath.Join(s.env.DataDir, "ship.lock"))
	if err != nil {
		return err
	}
	s.lock = lock
	s.registry, err = harvest.OpenRegistry(s.env.FS, s.env.DataDir, s.env.Logger)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	return nil
}

func (s *Shipper) chain(blocks []*plugin.BlockConfig) (processor.Chain, error) {
	var chain processor.Chain
	for _, block := range blocks {
		p, _, err := processor.Build(&processor.Env{Logger: s.env.Logger}, block)
		if err != nil {
			return nil, err
		}
		chain = append(chain, p)
	}
	return chain, nil
}

// Close releases the data folder. Run must have returned.
func (s *Shipper) Close() error {
	if s.lock == nil {
		return nil
	}
	lock := s.lock
	s.lock = nil
	return lock.Close()
}

// Stats counts events since the start.
type Stats struct {
	Published    int64 // made by inputs
	Dropped      int64 // by processors
	Acknowledged int64
	Resent       int64 // after a connection failed
}

// Stats may be called while Run is running.
func (s *Shipper) Stats() Stats {
	return Stats{
		Published:    s.counters.published.Load(),
		Dropped:      s.counters.dropped.Load(),
		Acknowledged: s.counters.acked.Load(),
		Resent:       s.counters.resent.Load(),
	}
}

// Run ships until ctx ends, or until every input has ended by itself and all its events are acknowledged. When ctx ends it stops
// reading, gives events on their way a moment, and stores how far the files are delivered.
func (s *Shipper) Run(ctx context.Context) error {
	delivering, stopDelivery := context.WithCancel(context.WithoutCancel(ctx))
	defer stopDelivery()
	var background, delivery sync.WaitGroup
	if s.registry != nil {
		background.Go(func() { s.registry.Run(delivering) })
	}
	out := &output{opts: s.cfg.Output, queue: s.queue, counters: &s.counters, logger: s.env.Logger, dial: s.env.Dial, tls: s.tls}
	if s.cfg.Output.Elasticsearch != nil {
		out.stores = newStoreClient(s.cfg.Output, s.env.Dial, s.tls)
		defer out.stores.close()
	}
	delivery.Go(func() { out.run(delivering) })

	err := s.runInputs(ctx)
	s.queue.close()
	s.drain(ctx)
	stopDelivery()
	delivery.Wait()
	background.Wait()
	if s.registry != nil {
		err = errors.Join(err, s.registry.Flush())
	}
	return err
}

// drain waits until every event is acknowledged; once ctx has ended, for drainTime at most.
func (s *Shipper) drain(ctx context.Context) {
	select {
	case <-s.queue.drained:
		return
	case <-ctx.Done():
	}
	timer := time.NewTimer(drainTime)
	defer timer.Stop()
	select {
	case <-s.queue.drained:
	case <-timer.C:
	}
}

func (s *Shipper) runInputs(ctx context.Context) error {
	errs := make([]error, len(s.inputs))
	var running sync.WaitGroup
	for i, in := range s.inputs {
		running.Go(func() {
			if errs[i] = in.Run(ctx, in.publisher); errs[i] != nil {
				s.env.Logger.Error("input ended", "input", s.cfg.Inputs[i].Block.Name, "error", errs[i])
			}
		})
	}
	running.Wait()
	return errors.Join(errs...)
}
