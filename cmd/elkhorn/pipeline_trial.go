package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/trial"
	"elkhorn/internal/server"
)

type pipelineTestCmd struct {
	Paths   []string `arg:"" optional:"" help:"Files of cases, folders that hold some (*.test.yml), or a pipeline." placeholder:"PATH"`
	Files   []string `short:"f" name:"file" aliases:"config" help:"The pipeline for events on standard input." placeholder:"PATH" sep:"none"`
	FileC   []string `short:"c" hidden:"" sep:"none"`
	Match   string   `short:"m" help:"Run only the cases with such names; * stands for any text." placeholder:"NAME"`
	Explain bool     `short:"x" help:"Show which branch each event takes, what each filter does to it, and which outputs get it."`
	Profile bool     `short:"p" help:"Measure events per second, and each filter's share of the time."`
	Update  bool     `short:"u" help:"Write what comes out now into the cases that fail, as what is expected."`
	Color   string   `enum:"auto,always,never" default:"auto" help:"Colours: auto, always or never."`
}

// Help shows what to type.
func (*pipelineTestCmd) Help() string {
	return `Inputs are not opened and outputs are not written.

With a file of cases, each case is run and compared; the exit status is 1 when one fails. nginx.test.yml beside nginx.conf:

  cases:
    - name: a server error gets a tag
      input:
        - '10.0.0.1 - - [27/Feb/2026:12:00:00 +0000] "GET /x HTTP/1.1" 500 12'   # a text is a raw line
        - {message: "health check", level: DEBUG}                               # a mapping is an event
      expect:                              # the events that come out, in order
        - response: "500"                  # only the fields named are compared
          tags: {$contains: server_error}  # also $regex, $exists, $type, $gt, $gte, $lt, $lte, $near, $length, $equals
          "[geoip][country]": {$exists: false}
          $outputs: [{elasticsearch: {index: "web-2026.02.27"}}]
      drops: 1                             # input events of which nothing comes out

  Of the file or of one case: pipeline: a.conf (or a list), env: {NAME: value}, now: 2026-02-27T12:00:00Z (the clock),
  from: beats (raw lines pass that input's codec, tags and fields), codec: json, ignore: [host, "[event][created]"],
  exact: true (no other fields), unordered: true. As input also {$advance: 30s} and {$line: "x", $repeat: 100}.

  elkhorn pipeline test nginx.conf             # the cases beside it; those of a folder: elkhorn pipeline test .
  elkhorn pipeline test nginx.test.yml --explain --match 'a server*'
  elkhorn pipeline test nginx.conf --update    # then look at the difference in version control

Without cases, or with -f, events (NDJSON or plain lines) are read on standard input and the resulting events are printed as
NDJSON, with nothing else on standard output; a dropped event gives no line.

  elkhorn pipeline test -f my.conf < events.ndjson
  tail -n 20 app.log | elkhorn pipeline test -f my.conf --explain
  elkhorn pipeline test -f my.conf --profile < events.ndjson`
}

// Run runs cases, or sends standard input through the filters.
func (c *pipelineTestCmd) Run(a *app) error {
	files := append(slices.Clone(c.Files), c.FileC...)
	cases, pipelines, err := c.sort(len(files) > 0)
	if err != nil {
		return err
	}
	pipelines = append(pipelines, files...)
	switch {
	case len(cases) > 0 && len(pipelines) > 0:
		return fmt.Errorf("%s is a file of cases and %s is none: give one or the other (a file of cases names its pipeline)", cases[0], pipelines[0])
	case len(cases) > 0:
		return c.runCases(cases)
	case len(pipelines) == 0:
		return errors.New("name a pipeline or its cases: elkhorn pipeline test my.conf; see elkhorn pipeline test --help")
	case c.Update || c.Match != "":
		return fmt.Errorf("--update and --match need cases; %s has no .test.yml beside it", pipelines[0])
	}
	pc := server.PipelineConfig{ID: "test", Paths: pipelines}
	printer := &trial.Printer{W: os.Stdout, Color: c.colored()}
	switch {
	case c.Explain:
		return server.ExplainPipeline(a.ctx, pc, os.LookupEnv, os.Stdin, printer, a.logger)
	case c.Profile:
		return server.ProfilePipeline(a.ctx, pc, os.LookupEnv, os.Stdin, printer)
	}
	return server.TestPipeline(a.ctx, pc, os.LookupEnv, os.Stdin, os.Stdout, a.logger)
}

// sort tells files of cases from pipelines. With -f the arguments are pipelines.
func (c *pipelineTestCmd) sort(plain bool) (cases, pipelines []string, err error) {
	for _, p := range c.Paths {
		if ext := filepath.Ext(p); ext == ".yml" || ext == ".yaml" {
			cases = append(cases, p)
			continue
		}
		found, err := casesAt(p)
		if err != nil {
			return nil, nil, err
		}
		if plain || len(found) == 0 {
			pipelines = append(pipelines, p)
			continue
		}
		cases = append(cases, found...)
	}
	return cases, pipelines, nil
}

// casesAt are the files of cases below a folder or beside a configuration.
func casesAt(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		if beside := trial.CasesOf(path); beside != "" {
			return []string{beside}, nil
		}
		return nil, nil // a glob, or a file that is missed later
	}
	var found []string
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && (strings.HasSuffix(p, ".test.yml") || strings.HasSuffix(p, ".test.yaml")) {
			found = append(found, p)
		}
		return err
	})
	return found, err
}

func (c *pipelineTestCmd) runCases(files []string) error {
	printer := &trial.Printer{W: os.Stdout, Color: c.colored()}
	host := server.TrialHost(os.LookupEnv)
	ran, failed := 0, 0
	for _, file := range files {
		suite, err := trial.Load(file)
		if err != nil {
			return err
		}
		report, err := suite.Run(host, trial.RunOptions{Match: c.Match, Explain: c.Explain})
		if err != nil {
			return err
		}
		printer.Report(report)
		ran += len(report.Cases)
		if c.Update {
			changed, err := suite.Update(report)
			if err != nil {
				return err
			}
			fmt.Printf("%s: %d cases now expect what comes out\n", file, changed)
			continue
		}
		failed += report.Failed()
		if c.Profile {
			events, took, plugins, err := suite.Profile(host)
			if err != nil {
				return err
			}
			printer.Profile(events, took, plugins)
		}
	}
	fmt.Printf("%d cases, %d failed\n", ran, failed)
	if failed > 0 {
		return errSilent
	}
	return printer.Err()
}

func (c *pipelineTestCmd) colored() bool { return colored(c.Color) }

// colored tells whether standard output gets colours: auto means a terminal, and NO_COLOR is respected.
func colored(choice string) bool {
	if choice != "auto" {
		return choice == "always"
	}
	info, err := os.Stdout.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == ""
}

type pipelineDiffCmd struct {
	Old    string   `arg:"" help:"The configuration that runs today: a file, folder or glob."`
	New    string   `arg:"" help:"The one that is to run tomorrow."`
	Ignore []string `help:"Fields that may differ, such as [event][ingested]." placeholder:"FIELD" sep:"none"`
	Show   int      `default:"10" help:"Events whose differences are shown one by one."`
	Color  string   `enum:"auto,always,never" default:"auto" help:"Colours: auto, always or never."`
}

// Help shows what to type.
func (*pipelineDiffCmd) Help() string {
	return `Events (NDJSON or plain lines) are read on standard input and go through the filters of both configurations. What differs
is shown: fields, dropped and added events, the outputs and what their options come to (index, document_id). Nothing is
written anywhere. The exit status is 1 when anything differs. Examples:

  elkhorn pipeline diff live.conf new.conf < yesterday.ndjson
  elkhorn search -n 1000 '*' | elkhorn pipeline diff live.conf new.conf --ignore '[event][ingested]'`
}

// Run compares.
func (c *pipelineDiffCmd) Run(a *app) error {
	ignore, err := fieldPaths("--ignore", c.Ignore)
	if err != nil {
		return err
	}
	sum := &trial.Comparison{Ignore: ignore}
	before, after := server.PipelineConfig{ID: "old", Paths: []string{c.Old}}, server.PipelineConfig{ID: "new", Paths: []string{c.New}}
	printer := &trial.Printer{W: os.Stdout, Color: colored(c.Color)}
	if err := server.DiffPipelines(a.ctx, before, after, os.LookupEnv, sum, os.Stdin, c.Show, printer); err != nil {
		return err
	}
	if sum.Different > 0 {
		return errSilent
	}
	return nil
}

// fieldPaths reads the fields that a flag names.
func fieldPaths(flag string, names []string) ([]*event.Path, error) {
	var paths []*event.Path
	for _, name := range names {
		p, err := event.ParsePath(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", flag, err)
		}
		paths = append(paths, p)
	}
	return paths, nil
}
