package harvest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// Options shared by the inputs that read files.
var (
	fileOptions = []plugin.Option{
		{Name: "paths", Kind: plugin.Strings, Required: true, Help: "Files to read: *, ? and […] within a name, ** for any folders."},
		{Name: "include_lines", Kind: plugin.Strings, Help: "Regular expressions; only messages that one of them matches are sent."},
		{Name: "exclude_lines", Kind: plugin.Strings, Help: "Regular expressions; messages that one of them matches are not sent. Applied after include_lines."},
		{Name: "ignore_older", Kind: plugin.String, Default: "0", Help: "Files not changed for so long are left alone unless they were begun; 0 takes all."},
		{Name: "clean_removed", Kind: plugin.Boolean, Default: true, Help: "Forgets files that are gone."},
		{Name: "clean_inactive", Kind: plugin.String, Ignored: "the registry forgets files when they are removed"},
		{Name: "harvester_limit", Kind: plugin.Integer, Default: 0, Help: "Files read at the same time; 0 is all. Too low leaves files waiting until others are idle for long."},
		{Name: "encoding", Kind: plugin.String, Default: "plain", Allowed: []string{"plain", "utf-8"}, Help: "Encoding of the files; other ones are not built yet."},
		{Name: "file_identity", Kind: plugin.Hash, Ignored: "files are known by identity and fingerprint together"},
	}
	logFileOptions = []plugin.Option{
		{Name: "scan_frequency", Kind: plugin.String, Default: "10s", Help: "How often the paths are looked through for new files, beside what the system reports."},
		{Name: "exclude_files", Kind: plugin.Strings, Help: "Regular expressions; files that one of them matches are not read."},
		{Name: "max_bytes", Kind: plugin.Bytes, Default: 10 << 20, Help: "Longest message; the rest is cut off."},
		{Name: "tail_files", Kind: plugin.Boolean, Help: "Begins new files at their end."},
		{Name: "close_inactive", Kind: plugin.String, Default: "5m", Help: "Closes files that did not change for so long. Too low opens files again and again."},
		{Name: "close_removed", Kind: plugin.Boolean, Default: true, Help: "Closes files that were removed once they are read to the end."},
		{Name: "close_renamed", Kind: plugin.Boolean, Help: "Closes files that were renamed once they are read to the end."},
		{Name: "close_eof", Kind: plugin.Boolean, Help: "Closes files at their end."},
		{Name: "close_timeout", Kind: plugin.String, Ignored: "a file is closed by the other close options"},
		{Name: "backoff", Kind: plugin.String, Default: "1s", Help: "Shortest pause at the end of a file."},
		{Name: "max_backoff", Kind: plugin.String, Default: "10s", Help: "Longest pause at the end of a file; too high delays lines where the system does not report changes."},
		{Name: "backoff_factor", Kind: plugin.Integer, Ignored: "the pause doubles"},
		{Name: "harvester_buffer_size", Kind: plugin.Bytes, Ignored: "buffers grow as lines need"},
		{Name: "symlinks", Kind: plugin.Boolean, Ignored: "symbolic links are always followed, and each file is read once"},
		{Name: "recursive_glob.enabled", Kind: plugin.Boolean, Ignored: "** always works"},
		{Name: "scan.sort", Kind: plugin.String, Unsupported: "files are read side by side"},
		{Name: "scan.order", Kind: plugin.String, Unsupported: "files are read side by side"},
	}
	jsonLineOptions = []plugin.Option{
		{Name: "json.keys_under_root", Kind: plugin.Boolean, Help: "Puts the fields of a JSON line at the root instead of below json."},
		{Name: "json.overwrite_keys", Kind: plugin.Boolean, Help: "Lets them replace fields of the shipper, @timestamp too."},
		{Name: "json.add_error_key", Kind: plugin.Boolean, Help: "Adds error.message and error.type to events of lines that are not JSON."},
		{Name: "json.ignore_decoding_error", Kind: plugin.Boolean, Help: "Leaves that out."},
		{Name: "json.message_key", Kind: plugin.String, Help: "Field that multi-line and line filters work on."},
		{Name: "json.document_id", Kind: plugin.String, Help: "Field that becomes the document's id."},
		{Name: "json.expand_keys", Kind: plugin.Boolean, Help: "Makes objects of dotted keys."},
	}
	multilineOptionList = []plugin.Option{
		{Name: "multiline.type", Kind: plugin.String, Default: "pattern", Allowed: []string{"pattern"}, Help: "How lines are joined."},
		{Name: "multiline.pattern", Kind: plugin.String, Help: "Regular expression that tells which lines belong together."},
		{Name: "multiline.negate", Kind: plugin.Boolean, Help: "Lines that do not match belong together."},
		{Name: "multiline.match", Kind: plugin.String, Default: "after", Allowed: []string{"after", "before"}, Help: "after joins them to the line in front, before to the one behind."},
		{Name: "multiline.flush_pattern", Kind: plugin.String, Help: "Regular expression of a message's last line."},
		{Name: "multiline.max_lines", Kind: plugin.Integer, Default: 500, Help: "Lines of a message; further ones are passed over."},
		{Name: "multiline.timeout", Kind: plugin.String, Default: "5s", Help: "Sends a message when no line came for so long. Too low cuts messages that are written slowly."},
		{Name: "multiline.skip_newline", Kind: plugin.Boolean, Help: "Joins lines without a newline between."},
	}
)

// Duration reads a time span as Beats write it: "5m", "1h30m", or a number of seconds.
func Duration(text string) (time.Duration, error) {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		return time.Duration(seconds * float64(time.Second)), nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a time span such as 10s or 5m", text)
	}
	return d, nil
}

// optionReader reads options whose text needs parsing; the first failure stays.
type optionReader struct {
	*plugin.Settings
	err error
}

func (o *optionReader) fail(option string, err error) {
	if o.err == nil {
		o.err = o.Errorf(option, "%v", err)
	}
}

func (o *optionReader) duration(option string) time.Duration {
	d, err := Duration(o.String(option))
	if err == nil && d < 0 {
		err = fmt.Errorf("must not be negative")
	}
	if err != nil {
		o.fail(option, err)
	}
	return d
}

func (o *optionReader) regexp(option, text string) *regexp.Regexp {
	re, err := regexp.Compile(text)
	if err != nil {
		o.fail(option, err)
	}
	return re
}

func (o *optionReader) regexps(option string) []*regexp.Regexp {
	var all []*regexp.Regexp
	for _, text := range o.Strings(option) {
		all = append(all, o.regexp(option, text))
	}
	return all
}

// Bracketed turns a field name as Beats write it, a.b.c, into a field reference.
func Bracketed(dotted string) string {
	return "[" + strings.ReplaceAll(dotted, ".", "][") + "]"
}

func (o *optionReader) json() *jsonOptions {
	given := slices.ContainsFunc(jsonLineOptions, func(opt plugin.Option) bool { return o.Has(opt.Name) })
	if !given {
		return nil
	}
	return &jsonOptions{
		underRoot:    o.Bool("json.keys_under_root"),
		target:       event.MustPath("json"),
		overwrite:    o.Bool("json.overwrite_keys"),
		addError:     o.Bool("json.add_error_key"),
		ignoreErrors: o.Bool("json.ignore_decoding_error"),
		messageKey:   o.String("json.message_key"),
		documentID:   o.String("json.document_id"),
		expandKeys:   o.Bool("json.expand_keys"),
	}
}

func (o *optionReader) multiline() *multilineOptions {
	if !o.Has("multiline.pattern") {
		if slices.ContainsFunc(multilineOptionList, func(opt plugin.Option) bool { return o.Has(opt.Name) }) {
			o.fail("multiline.pattern", fmt.Errorf("is missing beside the other multiline options"))
		}
		return nil
	}
	m := &multilineOptions{
		pattern:     o.regexp("multiline.pattern", o.String("multiline.pattern")),
		negate:      o.Bool("multiline.negate"),
		before:      o.String("multiline.match") == "before",
		maxLines:    int(o.Int("multiline.max_lines")),
		timeout:     o.duration("multiline.timeout"),
		skipNewline: o.Bool("multiline.skip_newline"),
	}
	if text := o.String("multiline.flush_pattern"); text != "" {
		m.flush = o.regexp("multiline.flush_pattern", text)
	}
	if m.maxLines < 1 {
		o.fail("multiline.max_lines", fmt.Errorf("must be at least 1"))
	}
	return m
}
