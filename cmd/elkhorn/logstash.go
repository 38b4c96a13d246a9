package main

import (
	"cmp"
	"errors"
	"os"

	"elkhorn/internal/pipeline/settings"
	"elkhorn/internal/server"
)

// logstashCmd takes Logstash's flags. Each is a setting of its logstash.yml, and comes after that and the environment.
type logstashCmd struct {
	Settings   string  `name:"path.settings" env:"LS_SETTINGS_DIR" type:"path" help:"Folder with logstash.yml and pipelines.yml." placeholder:"DIR"`
	Config     string  `short:"f" name:"path.config" help:"File, folder or glob of the pipeline; its files are joined in name order." placeholder:"PATH"`
	Text       *string `short:"e" name:"config.string" help:"The pipeline itself. Without an input it reads standard input, without an output it prints; an empty text does both." placeholder:"TEXT"`
	Test       bool    `short:"t" name:"config.test_and_exit" help:"Check and end."`
	Reload     bool    `short:"r" name:"config.reload.automatic" help:"Load changed configurations."`
	Interval   string  `name:"config.reload.interval" help:"How often to look for changes." placeholder:"3s"`
	Escapes    bool    `name:"config.support_escapes" hidden:""`
	Data       string  `name:"path.data" type:"path" help:"Folder for file positions, queues and dead letters." placeholder:"DIR"`
	Logs       string  `short:"l" name:"path.logs" help:"Has no effect: the log goes to standard error." placeholder:"DIR"`
	Plugins    string  `short:"p" name:"path.plugins" hidden:""`
	ID         string  `name:"pipeline.id" help:"Name of the pipeline." placeholder:"ID"`
	Workers    string  `short:"w" name:"pipeline.workers" help:"Batches worked on at the same time." placeholder:"N"`
	Batch      string  `short:"b" name:"pipeline.batch.size" help:"Most events of a batch." placeholder:"N"`
	Delay      string  `short:"u" name:"pipeline.batch.delay" help:"Milliseconds that a batch waits for company." placeholder:"MS"`
	Ordered    string  `name:"pipeline.ordered" help:"auto, true or false." placeholder:"MODE"`
	ECS        string  `name:"pipeline.ecs_compatibility" help:"disabled, v1 or v8." placeholder:"MODE"`
	Unsafe     bool    `name:"pipeline.unsafe_shutdown" hidden:""`
	Node       string  `short:"n" name:"node.name" help:"Name of this process in the monitoring API." placeholder:"NAME"`
	APIEnabled string  `name:"api.enabled" help:"Whether the monitoring API listens." placeholder:"BOOL"`
	APIHost    string  `name:"api.http.host" help:"Address of the monitoring API." placeholder:"HOST"`
	APIPort    string  `name:"api.http.port" help:"Port of the monitoring API, or a range." placeholder:"PORT"`
	Level      string  `name:"log.level" help:"fatal, error, warn, info, debug or trace." placeholder:"LEVEL"`
	Format     string  `name:"log.format" help:"plain or json." placeholder:"FORMAT"`
	Insecure   bool    `help:"Inputs listen beyond this machine although there is no login and no TLS."`
}

// given lists the settings that flags name.
func (c *logstashCmd) given() [][2]string {
	yes := map[bool]string{true: "true"}
	return [][2]string{{"path.config", c.Config}, {"config.string", c.text()}, {"config.test_and_exit", yes[c.Test]}, {"config.reload.automatic", yes[c.Reload]},
		{"config.reload.interval", c.Interval}, {"config.support_escapes", yes[c.Escapes]}, {"path.data", c.Data}, {"path.logs", c.Logs}, {"path.plugins", c.Plugins},
		{"pipeline.id", c.ID}, {"pipeline.workers", c.Workers}, {"pipeline.batch.size", c.Batch}, {"pipeline.batch.delay", c.Delay}, {"pipeline.ordered", c.Ordered},
		{"pipeline.ecs_compatibility", c.ECS}, {"pipeline.unsafe_shutdown", yes[c.Unsafe]}, {"node.name", c.Node}, {"api.enabled", c.APIEnabled},
		{"api.http.host", c.APIHost}, {"api.http.port", c.APIPort}, {"log.level", c.Level}, {"log.format", c.Format}}
}

// text is the pipeline of -e. An empty one asks for the default input and output.
func (c *logstashCmd) text() string {
	if c.Text == nil {
		return ""
	}
	return cmp.Or(*c.Text, " ")
}

// Run runs the pipelines that flags or settings name.
func (c *logstashCmd) Run(a *app) error {
	node, configs, err := c.read()
	if err != nil {
		return err
	}
	return runPipelines(a, node, configs, func() ([]server.PipelineConfig, error) {
		_, configs, err := c.read()
		return configs, err
	}, c.Insecure)
}

// read returns the settings and the pipelines.
func (c *logstashCmd) read() (*settings.Node, []server.PipelineConfig, error) {
	node, err := server.ReadSettings(c.Settings, os.LookupEnv)
	if err != nil {
		return nil, nil, err
	}
	if c.Config != "" && c.Text != nil {
		return nil, nil, errors.New("-f and -e exclude each other: give one of them")
	}
	if c.Config != "" || c.Text != nil {
		node.Pipeline.Path, node.Pipeline.Text = "", "" // the command line's counts alone
	}
	var errs []error
	for _, g := range c.given() {
		if g[1] != "" {
			errs = append(errs, node.Set(g[0], g[1]))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	configs, err := server.NodePipelines(node, c.Settings, os.LookupEnv)
	return node, configs, err
}
