// Command elkhorn collects, processes, stores and shows logs: the store, the pipelines, the shipper
// and the UI in one program. `elkhorn up` runs all of it; see `elkhorn --help`.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"elkhorn/internal/gcpace"
	"elkhorn/internal/telemetry"
)

// cli is the command line. Each command is a struct with a Run method in a file of its own.
type cli struct {
	Log      string `enum:"auto,text,json" default:"auto" help:"How the program's own log looks: auto, text or json."`
	LogLevel string `enum:"debug,info,warn,error" default:"info" help:"Least level of the program's own log."`
	// ShowVersion ends the program.
	ShowVersion kong.VersionFlag `short:"V" name:"version" help:"Print the version and end."`

	Up       upCmd       `cmd:"" help:"Run everything: store, API on 9200, UI on 5601, pipelines, shipper. Files and globs named are tailed."`
	Server   serverCmd   `cmd:"" help:"Run the store, its API and the UI only."`
	Pipeline pipelineCmd `cmd:"" help:"Run, check or test Logstash pipelines."`
	Logstash logstashCmd `cmd:"" help:"Run pipelines with Logstash's own flags."`
	Ship     shipCmd     `cmd:"" help:"Ship log files as Filebeat does, or what comes on standard input (app | elkhorn ship -)."`
	DLQ      dlqCmd      `cmd:"" name:"dlq" help:"Events that outputs refused: list, show, write again."`
	Search   searchCmd   `cmd:"" help:"Search from the terminal: KQL in, matching events out."`
	Tail     tailCmd     `cmd:"" help:"Follow events as they arrive: elkhorn tail 'log_level:ERROR and service_name:x'."`
	KQL      kqlCmd      `cmd:"" name:"kql" help:"Turn KQL on standard input into query DSL."`
	Demo     demoCmd     `cmd:"" help:"Print the demo workload as NDJSON."`
	Version  versionCmd  `cmd:"" help:"Print the version."`

	Completion completionCmd `cmd:"" help:"Print what completes commands and flags in a shell: source <(elkhorn completion bash)."`
}

// app is what commands share.
type app struct {
	ctx    context.Context
	logger *slog.Logger
	level  *slog.LevelVar // of the logger
}

func main() {
	os.Exit(run(os.Args[1:]))
}

// run carries out a command line and returns the exit status.
func run(args []string) int {
	gcpace.Start()
	var c cli
	parser, err := newParser(&c)
	if err != nil {
		return fail(err)
	}
	command, err := parser.Parse(withDashes(args))
	if err != nil {
		_ = fail(fmt.Errorf("%w; see %s --help", err, commandOf(err)))
		return statusUsage
	}
	level := &slog.LevelVar{}
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return fail(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	err = command.Run(&app{ctx: ctx, logger: telemetry.NewLogger(os.Stderr, telemetry.Format(c.Log), level), level: level})
	if err != nil {
		return fail(err)
	}
	return 0
}

func newParser(c *cli) (*kong.Kong, error) {
	return kong.New(c, kong.Name("elkhorn"),
		kong.Description("One program for logs: what Elasticsearch, Logstash, Kibana and Filebeat do, in a second and in megabytes.\n\n"+
			"Start with `elkhorn up --demo`, then open http://127.0.0.1:5601.\n\n"+
			"The exit status is 0 after success, 1 after a failure or when a check finds a fault, and 2 when the command line is wrong."),
		kong.Vars{"version": versionLine()},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}))
}

// withDashes gives Filebeat's -strict.perms the second dash that long flags have here.
func withDashes(args []string) []string {
	args = slices.Clone(args)
	for i, arg := range args {
		if strings.HasPrefix(arg, "-strict.perms") {
			args[i] = "-" + arg
		}
	}
	return args
}

// statusUsage is the exit status for a command line that is wrong.
const statusUsage = 2

// hangup has SIGHUP stop a command as SIGTERM does, for those that have nothing to load again: a terminal that closes, or a service
// manager that asks for a reload, must not end the program with its work half done.
func (a *app) hangup() (stop func()) {
	a.ctx, stop = signal.NotifyContext(a.ctx, syscall.SIGHUP)
	return stop
}

// errSilent ends a command with status 1 after it has said itself what is wrong.
var errSilent = errors.New("")

func fail(err error) int {
	if !errors.Is(err, errSilent) {
		fmt.Fprintf(os.Stderr, "elkhorn: %v%s\n", err, wayOn(err))
	}
	return 1
}

// wayOn says what to do about limits of the system that end a command, whichever file met them first.
func wayOn(err error) string {
	switch {
	case errors.Is(err, syscall.EMFILE):
		return "\nThe limit of open files is reached, and an index takes two or more: raise it (ulimit -Hn, LimitNOFILE= of systemd, --ulimit nofile= of docker) and start again."
	case errors.Is(err, syscall.ENOSPC):
		return "\nThe disk is full: make room, then start again."
	}
	return ""
}

// commandOf is the command that a fault of the command line is about, as far as it was understood.
func commandOf(err error) string {
	name := "elkhorn"
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		for _, step := range parse.Context.Path {
			if step.Command != nil {
				name += " " + step.Command.Name
			}
		}
	}
	return name
}
