package main

import (
	"errors"
	"fmt"
	"os"

	"elkhorn/internal/ship"
	"elkhorn/internal/ship/runtime"
	"elkhorn/internal/vfs"
)

type shipCmd struct {
	Run   shipRunCmd   `cmd:"" help:"Ship as filebeat.yml says: elkhorn ship run -c filebeat.yml."`
	Check shipCheckCmd `cmd:"" help:"Name what is wrong or doubtful in a filebeat.yml, with file and line."`
	Stdin shipStdinCmd `cmd:"" name:"-" help:"Ship what comes on standard input: app | elkhorn ship -."`
}

type shipRunCmd struct {
	Config string `short:"c" aliases:"file" required:"" type:"existingfile" help:"filebeat.yml." placeholder:"FILE"`
	Data   string `default:"./elkhorn-ship" type:"path" help:"Folder of the registry: which files were read how far (${default})." placeholder:"DIR"`
}

// Run ships until a signal comes.
func (c *shipRunCmd) Run(a *app) error {
	cfg, findings, err := ship.LoadFile(vfs.Default, c.Config)
	for _, f := range findings {
		if f.Severity != ship.Fault {
			a.logger.Warn(f.String())
		}
	}
	if err != nil {
		return err
	}
	return runShipper(a, cfg, c.Data)
}

func runShipper(a *app, cfg *ship.Config, dataDir string) error {
	defer a.hangup()()
	s, err := runtime.New(cfg, runtime.Env{DataDir: dataDir, Logger: a.logger, Stdin: os.Stdin, Watch: true})
	if err != nil {
		return err
	}
	return errors.Join(s.Run(a.ctx), s.Close())
}

type shipCheckCmd struct {
	Config string `short:"c" required:"" type:"existingfile" help:"filebeat.yml." placeholder:"FILE"`
}

// Run prints the findings; a fault is a failure.
func (c *shipCheckCmd) Run(*app) error {
	_, findings, err := ship.LoadFile(vfs.Default, c.Config)
	for _, f := range findings {
		fmt.Println(f)
	}
	if err != nil {
		if len(findings) == 0 {
			return err
		}
		return errSilent
	}
	fmt.Printf("%s: it can run\n", c.Config)
	return nil
}

type shipStdinCmd struct {
	To []string `default:"127.0.0.1:5044" help:"Receivers of Beats events: an Elkhorn or Logstash (${default})." placeholder:"HOST:PORT"`
}

// Run ships standard input until its end and waits for the acknowledgement.
func (c *shipStdinCmd) Run(a *app) error {
	return runShipper(a, ship.StdinConfig(c.To), "")
}
