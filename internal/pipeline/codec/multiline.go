package codec

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

var multiline = pipeline.CodecSpec{
	Name:    "multiline",
	Summary: "Joins lines that belong together, such as a stack trace, to one event.",
	Options: []plugin.Option{
		{Name: "pattern", Kind: plugin.String, Required: true, Help: "Expression, with %{GROK} references, that tells which lines belong to a neighbour."},
		{Name: "what", Kind: plugin.String, Required: true, Allowed: []string{"previous", "next"}, Help: "The neighbour that a matching line belongs to."},
		{Name: "negate", Kind: plugin.Boolean, Help: "Lines that do not match belong to the neighbour, rather than those that do."},
		{Name: "patterns_dir", Kind: plugin.Strings, Help: "Files of grok patterns, or folders of such files."},
		{Name: "multiline_tag", Kind: plugin.String, Default: "multiline", Help: "Tag for events of more than one line; empty for none."},
		{Name: "max_lines", Kind: plugin.Integer, Default: 500, Help: "An event with more lines than this is given out, tagged multiline_codec_max_lines_reached. With what => previous that is seen when the next line comes, with next at once."},
		{Name: "max_bytes", Kind: plugin.Bytes, Default: 10 << 20, Help: "An event with this many bytes or more is given out, tagged multiline_codec_max_bytes_reached."},
		{Name: "auto_flush_interval", Kind: plugin.Seconds, Help: "Gives out what is held when the source has been quiet for so long. Without it the last event waits for the next one, or for the source's end."},
		charsetOption,
	},
	New: newMultiline,
}

// multilineRules are what the codecs of all connections share.
type multilineRules struct {
	*textCodec
	grok              *pattern.Grok
	negate, next      bool
	tag               string
	maxLines          int
	maxBytes          int64
	autoFlushInterval time.Duration
}

func newMultiline(env *pipeline.Env, s *plugin.Settings) (pipeline.NewCodec, error) {
	library := pattern.NewLibrary()
	for _, path := range s.Strings("patterns_dir") {
		if err := addPatterns(env, library, env.ResolvePath(path)); err != nil {
			return nil, s.Errorf("patterns_dir", "%v", err)
		}
	}
	r := &multilineRules{negate: s.Bool("negate"), next: s.String("what") == "next", tag: s.String("multiline_tag"),
		maxLines: int(s.Int("max_lines")), maxBytes: s.Bytes("max_bytes"), autoFlushInterval: s.Duration("auto_flush_interval")}
	r.textCodec = &textCodec{charset: newCharset(s), original: originalPath(s), format: event.MustTemplate(defaultFormat)}
	var err error
	if r.grok, err = library.Compile(s.String("pattern"), pattern.GrokOptions{}); err != nil {
		return nil, s.Errorf("pattern", "%v", err)
	}
	return func() pipeline.Codec { return &lineJoiner{multilineRules: r} }, nil
}

// maxPatternFileBytes bounds a file of patterns; the largest published ones have 20 kB.
const maxPatternFileBytes = 4 << 20

// addPatterns reads a file of patterns or all files of a folder.
func addPatterns(env *pipeline.Env, library *pattern.Library, path string) error {
	info, err := env.FS.Stat(path)
	if err != nil {
		return err
	}
	files := []string{path}
	if info.IsDir {
		if files, err = env.FS.List(path); err != nil {
			return err
		}
		slices.Sort(files)
		for i, name := range files {
			files[i] = filepath.Join(path, name)
		}
	}
	for _, file := range files {
		text, err := vfs.ReadFile(env.FS, file, maxPatternFileBytes)
		if err != nil {
			return fmt.Errorf("read patterns: %w", err)
		}
		library.AddFile(string(text))
	}
	return nil
}

// lineJoiner is a multiline codec: the lines of one event in the making.
type lineJoiner struct {
	*multilineRules
	text  []byte // joined by newlines
	lines int
	bytes int64 // of the lines alone
}

// Decode takes a line or, from transports that deliver whole bodies, many. Empty lines are left out, as by Logstash.
func (c *lineJoiner) Decode(data []byte, now time.Time, emit func(*event.Event)) {
	for line := range bytes.SplitSeq(data, []byte{'\n'}) {
		if len(line) == 0 {
			continue
		}
		text := c.charset.text(line)
		bounds, err := c.grok.Match(nil, text)
		belongs := (err == nil && bounds != nil) != c.negate // a search given up has found nothing
		if c.next {
			c.add(text)
			if !belongs || c.full() {
				c.Flush(now, emit)
			}
			continue
		}
		if !belongs || c.full() {
			c.Flush(now, emit)
		}
		c.add(text)
	}
}

func (c *lineJoiner) add(line string) {
	if c.lines > 0 {
		c.text = append(c.text, '\n')
	}
	c.text = append(c.text, line...)
	c.lines++
	c.bytes += int64(len(line))
}

func (c *lineJoiner) tooManyLines() bool { return c.lines > c.maxLines }

func (c *lineJoiner) tooManyBytes() bool { return c.bytes >= c.maxBytes }

func (c *lineJoiner) full() bool { return c.tooManyLines() || c.tooManyBytes() }

// Flush gives out what is held.
func (c *lineJoiner) Flush(now time.Time, emit func(*event.Event)) {
	if c.lines == 0 {
		return
	}
	ev := event.New(now)
	text := event.StringOf(string(c.text))
	ev.Set(messagePath, text)
	if c.original != nil {
		ev.Set(c.original, text)
	}
	if c.tag != "" && c.lines > 1 {
		ev.Tag(c.tag)
	}
	if c.tooManyBytes() {
		ev.Tag("multiline_codec_max_bytes_reached")
	}
	if c.tooManyLines() {
		ev.Tag("multiline_codec_max_lines_reached")
	}
	const keptBytes = 64 << 10 // of usual events; a large one's memory is let go
	if cap(c.text) > keptBytes {
		c.text = nil
	}
	c.text, c.lines, c.bytes = c.text[:0], 0, 0
	emit(ev)
}

// Held is the number of lines of the event in the making.
func (c *lineJoiner) Held() int { return c.lines }

// FlushAfter is the option auto_flush_interval.
func (c *lineJoiner) FlushAfter() time.Duration { return c.autoFlushInterval }

// Encode appends the event as the plain codec does.
func (c *lineJoiner) Encode(dst []byte, ev *event.Event) []byte { return c.encode(dst, ev) }

func (c *lineJoiner) Framing() pipeline.Framing { return pipeline.Lines }
