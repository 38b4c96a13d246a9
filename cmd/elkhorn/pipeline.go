package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"elkhorn/internal/pipeline/runtime"
	"elkhorn/internal/pipeline/settings"
	"elkhorn/internal/server"
	"elkhorn/internal/telemetry"
)

type pipelineCmd struct {
	Run   pipelineRunCmd   `cmd:"" help:"Run pipelines alone, against the stores their outputs name."`
	Check pipelineCheckCmd `cmd:"" help:"Name what is wrong or doubtful in pipelines, with file, line, column and option."`
	Test  pipelineTestCmd  `cmd:"" help:"Run test cases, or send events on standard input through the filters and print what comes out."`
	Diff  pipelineDiffCmd  `cmd:"" help:"Send the same events through two configurations and show how the outcomes differ."`
}

// settingsFlags name the settings that pipelines begin with.
type settingsFlags struct {
	Settings string `name:"settings" aliases:"path.settings" type:"path" help:"Folder with logstash.yml; its pipelines.yml counts when no pipeline is named." placeholder:"DIR"`
}

// read returns the settings and the pipelines: those of paths or else those that the settings name.
func (f *settingsFlags) read(paths []string) (*settings.Node, []server.PipelineConfig, error) {
	node, err := server.ReadSettings(f.Settings, os.LookupEnv)
	if err != nil {
		return nil, nil, err
	}
	if len(paths) > 0 {
		configs, err := server.PipelineConfigs(paths, node, os.LookupEnv)
		return node, configs, err
	}
	if f.Settings == "" {
		return nil, nil, errors.New("name a pipeline, such as -f my.conf, or a folder with logstash.yml and pipelines.yml: --settings DIR")
	}
	configs, err := server.NodePipelines(node, f.Settings, os.LookupEnv)
	return node, configs, err
}

// again reads the list of pipelines for a reload. The settings of the process stay as they are; those of pipelines are read anew.
func (f *settingsFlags) again(paths []string) func() ([]server.PipelineConfig, error) {
	return func() ([]server.PipelineConfig, error) {
		_, configs, err := f.read(paths)
		return configs, err
	}
}

// reloadSignal is the signal that asks for a reload.
func reloadSignal() <-chan os.Signal {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	return c
}

type pipelineRunCmd struct {
	settingsFlags
	Paths    []string `short:"f" name:"file" aliases:"config" help:"Pipelines; each file is one." placeholder:"PATH" sep:"none"`
	ShortC   []string `short:"c" hidden:"" sep:"none"`
	Data     string   `type:"path" help:"Folder for file positions, queues and dead letters. Default: path.data of the settings, or ./elkhorn-pipelines." placeholder:"DIR"`
	Insecure bool     `help:"Inputs listen beyond this machine although there is no login and no TLS."`
	Shadow   []string `help:"A configuration on trial: it runs beside the pipeline on the same events and writes nothing; how the outcomes differ is logged each minute and printed on standard error at the end." placeholder:"PATH" sep:"none"`
	Ignore   []string `name:"shadow-ignore" help:"Fields that may differ." placeholder:"FIELD" sep:"none"`
}

// Run runs pipelines until a signal comes or their inputs end.
func (c *pipelineRunCmd) Run(a *app) error {
	node, configs, err := c.read(append(c.Paths, c.ShortC...))
	if err != nil {
		return err
	}
	if c.Data != "" {
		node.DataDir = c.Data
	}
	again := c.again(append(c.Paths, c.ShortC...))
	if len(c.Shadow) == 0 {
		return runPipelines(a, node, configs, again, c.Insecure)
	}
	shadow := &server.Shadow{Paths: c.Shadow, Report: os.Stderr}
	if shadow.Ignore, err = fieldPaths("--shadow-ignore", c.Ignore); err != nil {
		return err
	}
	beside := func(configs []server.PipelineConfig) error {
		if len(configs) != 1 {
			return fmt.Errorf("--shadow is for one pipeline; %d are named", len(configs))
		}
		configs[0].Shadow = shadow
		return nil
	}
	if err := beside(configs); err != nil {
		return err
	}
	return runPipelines(a, node, configs, func() ([]server.PipelineConfig, error) {
		configs, err := again()
		if err != nil {
			return nil, err
		}
		return configs, beside(configs)
	}, c.Insecure)
}

// runPipelines runs pipelines alone, as their settings say.
func runPipelines(a *app, node *settings.Node, configs []server.PipelineConfig, again func() ([]server.PipelineConfig, error), insecure bool) error {
	a.follow(node)
	if node.Check {
		return checkPipelines(configs)
	}
	if node.DataDir == "" {
		node.DataDir = "elkhorn-pipelines"
	}
	dir, err := filepath.Abs(node.DataDir)
	if err != nil {
		return err
	}
	return server.RunPipelines(a.ctx, server.Options{DataDir: dir, Pipelines: configs, Insecure: insecure, Node: node, ReadPipelines: again, ReloadSignal: reloadSignal(),
		LookupEnv: os.LookupEnv, Stdin: os.Stdin, Stdout: os.Stdout, Logger: a.logger, LogLevel: a.level})
}

// follow logs as the settings say, and what they say in vain.
func (a *app) follow(node *settings.Node) {
	if node.LogLevel != "" || node.LogJSON {
		level, format := &slog.LevelVar{}, telemetry.Auto
		if err := level.UnmarshalText([]byte(node.LogLevel)); err != nil {
			level.Set(slog.LevelInfo) // log.format alone was set
		}
		if node.LogJSON {
			format = telemetry.JSON
		}
		a.logger, a.level = telemetry.NewLogger(os.Stderr, format, level), level
	}
	for _, w := range node.Warnings {
		a.logger.Warn(w.Error())
	}
}

type pipelineCheckCmd struct {
	settingsFlags
	Paths []string `arg:"" optional:"" help:"Pipelines." placeholder:"PATH"`
	Files []string `short:"f" name:"file" aliases:"config" help:"Pipelines." placeholder:"PATH" sep:"none"`
	FileC []string `short:"c" hidden:"" sep:"none"`
}

// Run prints the findings; a fault is a failure.
func (c *pipelineCheckCmd) Run(*app) error {
	_, configs, err := c.read(append(append(c.Paths, c.Files...), c.FileC...))
	if err != nil {
		return err
	}
	return checkPipelines(configs)
}

func checkPipelines(configs []server.PipelineConfig) error {
	faults := 0
	for _, pc := range configs {
		findings := server.CheckPipeline(pc, os.LookupEnv)
		for _, f := range findings {
			fmt.Println(f)
		}
		if runtime.HasErrors(findings) {
			faults++
		}
		if len(findings) == 0 {
			fmt.Printf("%s: nothing to say against it\n", cmp.Or(strings.Join(pc.Paths, ", "), pc.ID))
		}
	}
	if faults > 0 {
		return errSilent
	}
	return nil
}
