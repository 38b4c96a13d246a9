package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"elkhorn/internal/pipeline/runtime"
	"elkhorn/internal/server"
)

type pipelineCmd struct {
	Run   pipelineRunCmd   `cmd:"" help:"Run pipelines alone, against the stores their outputs name."`
	Check pipelineCheckCmd `cmd:"" help:"Name what is wrong or doubtful in pipelines, with file, line, column and option."`
	Test  pipelineTestCmd  `cmd:"" help:"Run test cases, or send events on standard input through the filters and print what comes out."`
	Diff  pipelineDiffCmd  `cmd:"" help:"Send the same events through two configurations and show how the outcomes differ."`
}

type pipelineRunCmd struct {
	Paths    []string `short:"f" name:"file" aliases:"config" help:"Pipelines; each file is one." placeholder:"PATH" sep:"none"`
	ShortC   []string `short:"c" hidden:"" sep:"none"`
	Data     string   `default:"./elkhorn-pipelines" type:"path" help:"Folder for file positions and dead letters." placeholder:"DIR"`
	Insecure bool     `help:"Inputs listen beyond this machine although there is no login and no TLS."`
}

// Run runs pipelines until a signal comes or their inputs end.
func (c *pipelineRunCmd) Run(a *app) error {
	paths := append(c.Paths, c.ShortC...)
	if len(paths) == 0 {
		return errors.New("name a pipeline: elkhorn pipeline run -f my.conf")
	}
	configs, err := server.PipelineConfigs(paths)
	if err != nil {
		return err
	}
	return server.RunPipelines(a.ctx, server.Options{DataDir: c.Data, Pipelines: configs, Insecure: c.Insecure,
		LookupEnv: os.LookupEnv, Stdin: os.Stdin, Stdout: os.Stdout, Logger: a.logger})
}

type pipelineCheckCmd struct {
	Paths []string `arg:"" optional:"" help:"Pipelines." placeholder:"PATH"`
	Files []string `short:"f" name:"file" aliases:"config" help:"Pipelines." placeholder:"PATH" sep:"none"`
	FileC []string `short:"c" hidden:"" sep:"none"`
}

// Run prints the findings; a fault is a failure.
func (c *pipelineCheckCmd) Run(*app) error {
	paths := append(append(c.Paths, c.Files...), c.FileC...)
	if len(paths) == 0 {
		return errors.New("name a pipeline: elkhorn pipeline check my.conf")
	}
	configs, err := server.PipelineConfigs(paths)
	if err != nil {
		return err
	}
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
			fmt.Printf("%s: nothing to say against it\n", strings.Join(pc.Paths, ", "))
		}
	}
	if faults > 0 {
		return errSilent
	}
	return nil
}
