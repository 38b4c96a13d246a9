package server

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"slices"

	"elkhorn/internal/ship"
	shipruntime "elkhorn/internal/ship/runtime"
	"elkhorn/internal/vfs"
)

// pipelineNames are the host names that printed configurations have for the pipeline; see storeNames.
var pipelineNames = []string{"logstash", "logstash-1", "logstash-2", "logstash-3", "ls"}

// addFilesPipeline adds a pipeline of its own for the files named on the command line, with a listener
// that only this process knows.
func (s *Server) addFilesPipeline(ctx context.Context) error {
	if len(s.opts.Files) == 0 {
		return nil
	}
	l, err := listen(ctx, "files", Address{HostPort: "127.0.0.1:0", Explicit: true}, false, s.logger)
	if err != nil {
		return err
	}
	s.filesAddr = l.Addr().String()
	s.reserved[s.filesAddr] = l
	pc := DefaultPipeline(s.filesAddr, "")
	pc.ID, pc.Default = "files", false
	s.own = append(s.own, pc)
	s.opts.Pipelines = append(slices.Clone(s.opts.Pipelines), pc)
	return nil
}

// startShippers starts the shipper of the configuration file and that of the files named.
func (s *Server) startShippers() error {
	if len(s.opts.Files) > 0 {
		if err := s.startShipper("files", ship.FilesConfig(s.opts.Files, []string{s.filesAddr})); err != nil {
			return err
		}
	}
	if s.opts.Shipper == "" {
		return nil
	}
	cfg, findings, err := ship.LoadFile(vfs.Default, s.opts.Shipper)
	for _, f := range findings {
		if f.Severity != ship.Fault {
			s.logger.Warn(f.String())
		}
	}
	if err != nil {
		return fmt.Errorf("shipper: %w", err)
	}
	s.meanOwnStore(&cfg.Output)
	return s.startShipper("shipper", cfg)
}

// meanOwnStore has a shipper send to this process's API, in the clear, when all its stores mean that.
func (s *Server) meanOwnStore(o *ship.Output) {
	if o.Elasticsearch == nil || s.HTTPAddr() == "" {
		return
	}
	d := s.selfDialer()
	for _, host := range o.Hosts {
		if !d.isSelf(s.senders.ctx, host) {
			return
		}
	}
	o.Hosts, o.TLS = []string{"http://" + s.HTTPAddr()}, nil
}

func (s *Server) startShipper(name string, cfg *ship.Config) error {
	shipper, err := shipruntime.New(cfg, shipruntime.Env{
		DataDir: filepath.Join(s.opts.DataDir, name), Logger: s.logger, Stdin: s.opts.Stdin, Now: s.opts.Now,
		Dial: s.dialPipeline, Watch: true,
	})
	if err != nil {
		return err
	}
	s.goPart(&s.senders, name, func(ctx context.Context) error {
		defer func() {
			if err := shipper.Close(); err != nil {
				s.logger.Warn("shipper was not closed cleanly", "shipper", name, "error", err)
			}
		}()
		return shipper.Run(ctx)
	})
	return nil
}

// dialPipeline connects to a receiver. A host that does not resolve and is a printed name of the
// pipeline means this process.
func (s *Server) dialPipeline(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	host, port, err := net.SplitHostPort(address)
	if err != nil || !slices.Contains(pipelineNames, host) {
		return d.DialContext(ctx, network, address)
	}
	if found, err := net.DefaultResolver.LookupHost(ctx, host); err == nil && len(found) > 0 {
		return d.DialContext(ctx, network, address)
	}
	s.toldPipeline.Do(func() {
		s.logger.Info("host does not resolve and is one of this program's own roles: it means this process", "host", address)
	})
	return d.DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
}
