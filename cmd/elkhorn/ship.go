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
	Stderr bool   `short:"e" name:"log-to-stderr" hidden:"" help:"Filebeat's -e: the log goes to standard error in any case."`
	Strict string `name:"strict.perms" hidden:"" help:"Filebeat's: who owns the configuration is not checked."`
	Data   string `default:"./elkhorn-ship" type:"path" help:"Folder of the registry: which files were read how far (${default})." placeholder:"DIR"`
}

// Help shows what to type.
func (*shipRunCmd) Help() string {
	return `Examples:

  elkhorn ship check -c filebeat.yml                          what of it runs, and what does not
  elkhorn ship run -c filebeat.yml                            positions in ./elkhorn-ship
  elkhorn ship run -c filebeat.yml --data /var/lib/elkhorn    positions elsewhere; one process for a folder
  elkhorn ship run -e -strict.perms=false -c filebeat.yml     Filebeat's own flags, as containers have them

docs/filebeat.md lists inputs, processors and outputs.`
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

// Help says how the check ends.
func (*shipCheckCmd) Help() string {
	return `A note is worth knowing, a warning says that something asked for does not happen, an error keeps the file from running.
The exit status is 1 when there is an error.`
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

// Help shows what to type.
func (*shipStdinCmd) Help() string {
	return `Each line is an event. The command ends when its input does and every line is acknowledged. Examples:

  myapp 2>&1 | elkhorn ship -
  journalctl -f -o json | elkhorn ship - --to logs.example.com:5044`
}

// Run ships standard input until its end and waits for the acknowledgement.
func (c *shipStdinCmd) Run(a *app) error {
	return runShipper(a, ship.StdinConfig(c.To), "")
}
