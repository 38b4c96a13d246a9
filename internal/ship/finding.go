package ship

import (
	"errors"
	"fmt"

	"elkhorn/internal/plugin"
)

// Severity ranks findings.
type Severity uint8

const (
	// Note is worth knowing.
	Note Severity = iota
	// Warning says that something asked for does not happen.
	Warning
	// Fault keeps the configuration from running.
	Fault
)

func (s Severity) String() string { return [...]string{"note", "warning", "error"}[s] }

// Finding is one thing to say about a configuration.
type Finding struct {
	Severity Severity
	Pos      plugin.Pos
	Key      string // dotted path in the file, such as filebeat.inputs.0.multiline.pattern
	Reason   string
}

func (f Finding) String() string {
	return fmt.Sprintf("%s: %s: %s: %s", f.Pos, f.Severity, f.Key, f.Reason)
}

// findings gathers what a load has to say, in the order found.
type findings struct{ all []Finding }

func (f *findings) add(severity Severity, pos plugin.Pos, key, format string, args ...any) {
	f.all = append(f.all, Finding{Severity: severity, Pos: pos, Key: key, Reason: fmt.Sprintf(format, args...)})
}

// fault adds an error, which carries its own place where it is a plugin's.
func (f *findings) fault(pos plugin.Pos, key string, err error) {
	var e *plugin.Error
	if errors.As(err, &e) {
		f.addPluginError(Fault, key, e)
		return
	}
	f.add(Fault, pos, key, "%v", err)
}

func (f *findings) addPluginError(severity Severity, key string, e *plugin.Error) {
	if e.Option != "" {
		key += "." + e.Option
	}
	f.add(severity, e.Pos, key, "%s", e.Reason)
}

// err joins the faults.
func (f *findings) err() error {
	var faults []error
	for _, finding := range f.all {
		if finding.Severity == Fault {
			faults = append(faults, errors.New(finding.String()))
		}
	}
	return errors.Join(faults...)
}
