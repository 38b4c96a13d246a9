package harvest

import (
	"fmt"
	"slices"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

var filestreamInput = Spec{
	Name:    "filestream",
	Summary: "Reads lines of files as they grow; the successor of log.",
	Options: slices.Concat(fileOptions, []plugin.Option{
		{Name: "parsers", Kind: plugin.Any, Help: "List of container, ndjson and multiline, in this order, each with its options."},
		{Name: "prospector.scanner.check_interval", Kind: plugin.String, Default: "10s", Help: "How often the paths are looked through for new files, beside what the system reports."},
		{Name: "prospector.scanner.exclude_files", Kind: plugin.Strings, Help: "Regular expressions; files that one of them matches are not read."},
		{Name: "prospector.scanner.include_files", Kind: plugin.Strings, Unsupported: "write narrower paths"},
		{Name: "prospector.scanner.symlinks", Kind: plugin.Boolean, Ignored: "symbolic links are always followed, and each file is read once"},
		{Name: "prospector.scanner.recursive_glob", Kind: plugin.Boolean, Ignored: "** always works"},
		{Name: "prospector.scanner.resend_on_touch", Kind: plugin.Boolean, Unsupported: "a file is sent again only when its content was replaced"},
		{Name: "prospector.scanner.fingerprint", Kind: plugin.Hash, Ignored: "files are known by identity and fingerprint together"},
		{Name: "ignore_inactive", Kind: plugin.String, Allowed: []string{"since_last_start", "since_first_start"}, Unsupported: "use ignore_older"},
		{Name: "close.on_state_change.inactive", Kind: plugin.String, Default: "5m", Help: "Closes files that did not change for so long."},
		{Name: "close.on_state_change.removed", Kind: plugin.Boolean, Default: true, Help: "Closes files that were removed once they are read to the end."},
		{Name: "close.on_state_change.renamed", Kind: plugin.Boolean, Help: "Closes files that were renamed once they are read to the end."},
		{Name: "close.on_state_change.check_interval", Kind: plugin.String, Ignored: "checked whenever a file is looked at"},
		{Name: "close.reader.on_eof", Kind: plugin.Boolean, Help: "Closes files at their end."},
		{Name: "close.reader.after_interval", Kind: plugin.String, Ignored: "a file is closed by the other close options"},
		{Name: "backoff.init", Kind: plugin.String, Default: "1s", Help: "Shortest pause at the end of a file."},
		{Name: "backoff.max", Kind: plugin.String, Default: "10s", Help: "Longest pause at the end of a file."},
		{Name: "message_max_bytes", Kind: plugin.Bytes, Default: 10 << 20, Help: "Longest message; the rest is cut off."},
		{Name: "buffer_size", Kind: plugin.Bytes, Ignored: "buffers grow as lines need"},
		{Name: "line_terminator", Kind: plugin.String, Default: "auto", Allowed: []string{"auto", "line_feed", "carriage_return_line_feed"}, Help: "End of a line: a newline, with or without a carriage return before it."},
		{Name: "take_over", Kind: plugin.Any, Ignored: "there is no registry of another input to take over"},
	}),
	New: newFilestreamInput,
}

func newFilestreamInput(env *Env, s *plugin.Settings) (Input, error) {
	o := &optionReader{Settings: s}
	p := &prospector{
		env:           env,
		logger:        env.Logger.With("input", "filestream", "id", o.String("id")),
		paths:         o.Strings("paths"),
		exclude:       o.regexps("prospector.scanner.exclude_files"),
		scanEvery:     o.duration("prospector.scanner.check_interval"),
		ignoreOlder:   o.duration("ignore_older"),
		cleanRemoved:  o.Bool("clean_removed"),
		limit:         int(o.Int("harvester_limit")),
		closeInactive: o.duration("close.on_state_change.inactive"),
		closeRemoved:  o.Bool("close.on_state_change.removed"),
		closeRenamed:  o.Bool("close.on_state_change.renamed"),
		closeEOF:      o.Bool("close.reader.on_eof"),
		pause:         o.duration("backoff.init"),
		maxPause:      o.duration("backoff.max"),
	}
	p.events.inputType = "filestream"
	p.events.decode = decodeOptions{
		include:  o.regexps("include_lines"),
		exclude:  o.regexps("exclude_lines"),
		maxBytes: int(o.Bytes("message_max_bytes")),
	}
	if list, ok := s.Value("parsers"); ok {
		if err := p.events.decode.addParsers(s, list); err != nil {
			return nil, err
		}
	}
	return p.orError(o)
}

// Options of the parsers, whose names lack the prefixes of the log input.
var ndjsonOptions = []plugin.Option{
	{Name: "target", Kind: plugin.String, Help: "Field below which the fields of a JSON line go; empty for the root."},
	{Name: "keys_under_root", Kind: plugin.Boolean, Help: "Puts them at the root."},
	{Name: "overwrite_keys", Kind: plugin.Boolean, Help: "Lets them replace fields of the shipper."},
	{Name: "add_error_key", Kind: plugin.Boolean, Help: "Adds error.message and error.type to events of lines that are not JSON."},
	{Name: "ignore_decoding_error", Kind: plugin.Boolean, Help: "Leaves that out."},
	{Name: "message_key", Kind: plugin.String, Help: "Field that multi-line and line filters work on."},
	{Name: "document_id", Kind: plugin.String, Help: "Field that becomes the document's id."},
	{Name: "expand_keys", Kind: plugin.Boolean, Help: "Makes objects of dotted keys."},
}

// addParsers reads the list of parsers. Their order is fixed here, as everywhere in this package, so another one is refused.
func (d *decodeOptions) addParsers(s *plugin.Settings, list plugin.Value) error {
	stage := 0
	for _, item := range list.List {
		if item.Kind != plugin.Map || len(item.Pairs) != 1 {
			return s.Errorf("parsers", "wants a list whose items are one parser each")
		}
		name, block := item.Pairs[0].Key, parserBlock(item.Pairs[0])
		at := slices.Index([]string{"container", "ndjson", "multiline"}, name) + 1
		if at == 0 {
			return s.Errorf("parsers", "%q is not supported; there are container, ndjson and multiline", name)
		}
		if at <= stage {
			return s.Errorf("parsers", "%s stands behind a later parser; the order is container, ndjson, multiline", name)
		}
		stage = at
		if err := d.addParser(name, block); err != nil {
			return err
		}
	}
	return nil
}

func parserBlock(pair plugin.Pair) *plugin.BlockConfig {
	return &plugin.BlockConfig{Name: pair.Key, Options: pair.Value.Pairs, Pos: pair.Pos}
}

func (d *decodeOptions) addParser(name string, block *plugin.BlockConfig) error {
	switch name {
	case "container":
		s, err := plugin.NewSettings(block, containerInput.Options[len(containerInput.Options)-2:])
		if err != nil {
			return err
		}
		d.container = &containerOptions{stream: s.String("stream"), format: s.String("format")}
	case "ndjson":
		s, err := plugin.NewSettings(block, ndjsonOptions)
		if err != nil {
			return err
		}
		return d.addNDJSON(s)
	case "multiline":
		for i := range block.Options {
			block.Options[i].Key = "multiline." + block.Options[i].Key
		}
		s, err := plugin.NewSettings(block, multilineOptionList)
		if err != nil {
			return err
		}
		o := &optionReader{Settings: s}
		d.multiline = o.multiline()
		if o.err == nil && d.multiline == nil {
			return fmt.Errorf("multiline parser: pattern is missing")
		}
		return o.err
	}
	return nil
}

func (d *decodeOptions) addNDJSON(s *plugin.Settings) error {
	target := s.String("target")
	d.json = &jsonOptions{
		underRoot:    s.Bool("keys_under_root") || target == "",
		overwrite:    s.Bool("overwrite_keys"),
		addError:     s.Bool("add_error_key"),
		ignoreErrors: s.Bool("ignore_decoding_error"),
		messageKey:   s.String("message_key"),
		documentID:   s.String("document_id"),
		expandKeys:   s.Bool("expand_keys"),
	}
	if d.json.underRoot {
		return nil
	}
	var err error
	if d.json.target, err = event.ParsePath(Bracketed(target)); err != nil {
		return s.Errorf("target", "%v", err)
	}
	return nil
}
