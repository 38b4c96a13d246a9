package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"elkhorn/internal/engine"
	"elkhorn/internal/pipeline/settings"
	"elkhorn/internal/plugin"
	"elkhorn/internal/server"
)

// storeFlags are the flags of every command that runs a store.
type storeFlags struct {
	Data          string   `default:"./elkhorn-data" help:"Folder that holds everything (${default})." placeholder:"DIR"`
	HTTP          string   `name:"http" help:"Address of the Elasticsearch API; off leaves it out. Default 127.0.0.1:9200." placeholder:"ADDR"`
	UI            string   `name:"ui" help:"Address of the web interface; off leaves it out. Default 127.0.0.1:5601." placeholder:"ADDR"`
	Insecure      bool     `help:"Listen beyond this machine although there is no login and no TLS."`
	RemoteAllowed []string `name:"reindex-remote-whitelist" help:"Stores that _reindex may read from, as host:port; * stands for any text." placeholder:"HOST:PORT"`
	AllowedHosts  []string `help:"Names under which browsers and clients may address the servers, besides localhost and IP addresses." placeholder:"NAME"`
	Memory        string   `help:"Memory for documents not yet in files (a third of it) and for searches. Default: 128mb for documents and a quarter of the machine's memory, or of GOMEMLIMIT, for searches." placeholder:"SIZE"`
	DebugPprof    string   `help:"Address on this machine that serves the program's own processor and memory profiles to go tool pprof." placeholder:"ADDR"`
	FloodStage    float64  `help:"Percent of the disk at which writes are refused (${default})." default:"95" placeholder:"PERCENT"`
	PathRepo      []string `placeholder:"DIR" help:"Folders that repositories of snapshots may be in (repositories in the data folder)."`
}

func (f *storeFlags) options(a *app) (server.Options, error) {
	if f.Data == "" {
		return server.Options{}, errors.New("--data is empty: name the folder that holds everything")
	}
	if f.FloodStage <= 0 || f.FloodStage > 100 {
		return server.Options{}, fmt.Errorf("--flood-stage: %v is no percentage of the disk: name one above 0, at most 100", f.FloodStage)
	}
	store := engine.Options{FloodStagePercent: f.FloodStage, RepositoryPaths: f.PathRepo}
	if f.Memory != "" {
		memory, err := plugin.ParseBytes(f.Memory)
		if err != nil {
			return server.Options{}, fmt.Errorf("--memory: %w", err)
		}
		if memory < minMemoryBytes {
			return server.Options{}, fmt.Errorf("--memory: %q is %d bytes, in which nothing can be searched: name at least 16mb, with its unit", f.Memory, memory)
		}
		store.WriteBufferBytes, store.QueryBytes = memory/3, memory-memory/3
	}
	return server.Options{
		DataDir: kong.ExpandPath(f.Data), HTTP: addressOf(f.HTTP, "127.0.0.1:9200"), UI: addressOf(f.UI, "127.0.0.1:5601"),
		Profiles: addressOf(f.DebugPprof, ""),
		Insecure: f.Insecure, AllowedHosts: f.AllowedHosts, RemoteAllowed: f.RemoteAllowed,
		Engine:    store,
		LookupEnv: os.LookupEnv, Stdin: os.Stdin, Stdout: os.Stdout, Logger: a.logger, LogLevel: a.level,
	}, nil
}

// minMemoryBytes is the least that --memory takes: with less, searches of a few thousand documents are refused. A number without a
// unit is bytes, so that "--memory 2" meant something else.
const minMemoryBytes = 16 << 20

// addressOf reads an address flag: "" is the default, "off" is none, a port alone is on loopback.
func addressOf(flag, fallback string) server.Address {
	switch {
	case flag == "":
		return server.Address{HostPort: fallback}
	case flag == "off":
		return server.Address{}
	case !strings.Contains(flag, ":"):
		flag = "127.0.0.1:" + flag
	}
	return server.Address{HostPort: flag, Explicit: true}
}

type serverCmd struct {
	storeFlags
}

// Run runs the store until a signal comes.
func (c *serverCmd) Run(a *app) error {
	opts, err := c.options(a)
	if err != nil {
		return err
	}
	return serve(a, opts)
}

type upCmd struct {
	storeFlags
	settingsFlags
	Files     []string `arg:"" optional:"" help:"Files and globs to tail." placeholder:"FILE"`
	Pipelines []string `short:"f" help:"Logstash pipelines: each file is one; pipelines.yml is honoured. Default: Beats on 5044 and HTTP on 8080 to logs-*." placeholder:"PATH" sep:"none"`
	Filebeat  string   `help:"filebeat.yml to run." placeholder:"FILE"`
	Beats     string   `help:"Address of the built-in pipeline's Beats input; off leaves it out (${default})." default:"127.0.0.1:5044" placeholder:"ADDR"`
	Ingest    string   `help:"Address of the built-in pipeline's HTTP input; off leaves it out (${default})." default:"127.0.0.1:8080" placeholder:"ADDR"`
	Monitor   string   `help:"Address of the pipelines' monitoring API; off leaves it out. Default: api.http.host and .port of the settings, or the first free port of 127.0.0.1 from 9600." placeholder:"ADDR"`
	Demo      bool     `help:"Feed it a live ChatGPT app, MCP, LLM and ML workload."`
	Seed      uint64   `help:"Seed of the demo workload; the same seed gives the same events." default:"1"`
	Rate      float64  `help:"Events per second of the demo workload." default:"4"`
}

// Help shows what to type.
func (*upCmd) Help() string {
	return `Examples:

  elkhorn up --demo                               look around with a live workload
  elkhorn up app.log 'logs/*.log'                 follow files
  elkhorn up -f chatgpt-app.conf --filebeat filebeat.yml    run existing configurations
  elkhorn up --http 9201 --ui off                 another port, no UI`
}

// Run runs everything until a signal comes.
func (c *upCmd) Run(a *app) error {
	opts, err := c.options(a)
	if err != nil {
		return err
	}
	if c.Demo && !(c.Rate > 0) {
		return fmt.Errorf("--rate: %v events per second is no rate: name one above 0, or leave out --demo", c.Rate)
	}
	opts.Files, opts.Shipper, opts.Demo, opts.DemoSeed, opts.DemoRate = c.Files, c.Filebeat, c.Demo, c.Seed, c.Rate
	if len(c.Pipelines) == 0 && c.Settings == "" {
		if opts.Node, err = server.ReadSettings("", os.LookupEnv); err != nil {
			return err
		}
		if err := c.monitor(opts.Node); err != nil {
			return err
		}
		opts.Pipelines = []server.PipelineConfig{server.DefaultPipeline(offIsNone(c.Beats), offIsNone(c.Ingest))}
		return serve(a, opts)
	}
	node, configs, err := c.read(c.Pipelines)
	if err != nil {
		return err
	}
	a.follow(node)
	opts.Pipelines, opts.Logger, opts.Node = configs, a.logger, node
	if err := c.monitor(node); err != nil {
		return err
	}
	opts.ReadPipelines, opts.ReloadSignal = c.again(c.Pipelines), reloadSignal()
	return serve(a, opts)
}

// monitor puts the flag for the monitoring API into the settings.
func (c *upCmd) monitor(node *settings.Node) error {
	if c.Monitor == "off" {
		node.API.Enabled = false
	}
	if c.Monitor == "off" || c.Monitor == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(addressOf(c.Monitor, "").HostPort)
	if err != nil {
		return fmt.Errorf("--monitor: %w", err)
	}
	node.API.Host = host
	return node.Set("api.http.port", port)
}

func offIsNone(address string) string {
	if address == "off" {
		return ""
	}
	return address
}

// serve starts the program, says where everything is, and waits for the end.
func serve(a *app, opts server.Options) error {
	began := time.Now()
	if opts.ReloadSignal == nil {
		defer a.hangup()()
	}
	if abs, err := filepath.Abs(opts.DataDir); err == nil {
		opts.DataDir = abs
	}
	s, err := server.Start(a.ctx, opts)
	if err != nil {
		return err
	}
	announce(s, opts, time.Since(began))
	select {
	case <-a.ctx.Done():
		a.logger.Info("stopping: sources first, then the store; a second signal ends it at once")
	case err = <-s.Failed():
	}
	if closeErr := s.Close(); err == nil {
		err = closeErr
	}
	return err
}

// announce prints the addresses, for people and for scripts that started it on port 0.
func announce(s *server.Server, opts server.Options, took time.Duration) {
	fmt.Fprintf(os.Stderr, "\n  Elkhorn is up (%d ms), data in %s\n\n", took.Milliseconds(), opts.DataDir)
	line := func(name, address, note string) {
		if address != "" {
			fmt.Fprintf(os.Stderr, "  %-14s http://%-22s %s\n", name, address, note)
		}
	}
	line("UI", s.UIAddr(), "open it in a browser")
	line("Elasticsearch", s.HTTPAddr(), "the REST API")
	line("Pipelines", s.MonitorAddr(), "their monitoring API")
	line("Profiles", s.ProfilesAddr(), "/debug/pprof, for go tool pprof")
	inputs := s.Inputs()
	if beats := inputs["beats"]; beats != "" {
		fmt.Fprintf(os.Stderr, "  %-14s %-29s %s\n", "Beats", beats, "point Filebeat at it")
	}
	if ingest := inputs["http"]; ingest != "" {
		line("Ingest", ingest, "send JSON, for example:")
		fmt.Fprintf(os.Stderr, "\n  curl -s http://%s -H 'Content-Type: application/json' -d '{\"level\":\"error\",\"message\":\"hello from curl\"}'\n", ingest)
	}
	fmt.Fprintln(os.Stderr)
}
