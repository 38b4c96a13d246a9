package harvest

import (
	"slices"

	"elkhorn/internal/plugin"
)

var logInput = Spec{
	Name:    "log",
	Summary: "Reads lines of files as they grow.",
	Options: slices.Concat(fileOptions, logFileOptions, jsonLineOptions, multilineOptionList),
	New:     newLogInput,
}

func newLogInput(env *Env, s *plugin.Settings) (Input, error) {
	o := &optionReader{Settings: s}
	p := o.logProspector(env)
	p.events.inputType = "log"
	return p.orError(o)
}

// logProspector reads the options that log and container share.
func (o *optionReader) logProspector(env *Env) *prospector {
	p := &prospector{
		env:           env,
		logger:        env.Logger.With("input", o.String("type"), "id", o.String("id")),
		paths:         o.Strings("paths"),
		exclude:       o.regexps("exclude_files"),
		scanEvery:     o.duration("scan_frequency"),
		ignoreOlder:   o.duration("ignore_older"),
		cleanRemoved:  o.Bool("clean_removed"),
		limit:         int(o.Int("harvester_limit")),
		tail:          o.Bool("tail_files"),
		closeInactive: o.duration("close_inactive"),
		closeRemoved:  o.Bool("close_removed"),
		closeRenamed:  o.Bool("close_renamed"),
		closeEOF:      o.Bool("close_eof"),
		pause:         o.duration("backoff"),
		maxPause:      o.duration("max_backoff"),
	}
	p.events.decode = decodeOptions{
		json:      o.json(),
		multiline: o.multiline(),
		include:   o.regexps("include_lines"),
		exclude:   o.regexps("exclude_lines"),
		maxBytes:  int(o.Bytes("max_bytes")),
	}
	return p
}
