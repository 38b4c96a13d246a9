package codec_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/codec"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// exampleTime is the time of an event that has none of its own.
var exampleTime = time.Date(2026, 12, 25, 12, 0, 0, 0, time.UTC)

// TestExamples runs the examples of each codec, which its page shows. The command "codec" has a block and answers its warnings or its error;
// "decode" has what an input reads, which it hands over line by line or, where the codec wants it so or with whole, at once, packed with gzip;
// with escaped, \xNN is a byte;
// "encode" has one JSON event a line and answers what an output writes.
func TestExamples(t *testing.T) {
	for _, spec := range codec.Table.Specs() {
		dir := filepath.Join("testdata", spec.Name)
		if _, err := os.Stat(dir); err != nil {
			t.Errorf("%s has no examples: %v", spec.Name, err)
			continue
		}
		datadriven.Walk(t, dir, func(t *testing.T, path string) {
			var current pipeline.NewCodec
			datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
				switch d.Cmd {
				case "codec":
					made, settings, err := exampleCodec(t, d.Input)
					if err != nil {
						return err.Error()
					}
					current = made
					var out strings.Builder
					for _, warning := range settings.Warnings {
						fmt.Fprintf(&out, "warning: %v\n", warning)
					}
					return out.String()
				case "decode":
					text := d.Input
					if d.HasArg("escaped") {
						var err error
						if text, err = strconv.Unquote(`"` + strings.ReplaceAll(text, "\n", `\n`) + `"`); err != nil {
							t.Fatal(err)
						}
					}
					return decodeExample(t, current(), text, d.HasArg("whole"), d.HasArg("gzip"))
				case "encode":
					return encodeExample(t, current(), d.Input)
				}
				t.Fatalf("unknown command %q", d.Cmd)
				return ""
			})
		})
	}
}

// exampleCodec makes the codec of a block as it stands in a configuration.
func exampleCodec(t *testing.T, block string) (pipeline.NewCodec, *plugin.Settings, error) {
	t.Helper()
	cfg, err := config.Parse("example.conf", "input { x { codec => "+block+" } }", config.Options{})
	if err != nil {
		t.Fatalf("%s: %v", block, err)
	}
	env := &pipeline.Env{FS: vfs.NewMem(), ResolvePath: func(path string) string { return path }}
	var made pipeline.NewCodec
	var settings *plugin.Settings
	cfg.Plugins(config.Input, func(p *config.Plugin) {
		value := p.Config().Options[0].Value
		named := value.Block
		if named == nil {
			named = &plugin.BlockConfig{Name: value.Str}
		}
		made, settings, err = codec.Table.Build(env, named)
	})
	return made, settings, err
}

func decodeExample(t *testing.T, c pipeline.Codec, text string, whole, packed bool) string {
	t.Helper()
	var out strings.Builder
	emit := func(ev *event.Event) {
		const now = `"@timestamp":"2026-12-25T12:00:00.000Z"`
		line := strings.Replace(strings.Replace(string(ev.AppendJSON(nil)), now+",", "", 1), now, "", 1)
		if md := ev.Metadata(); md.Kind() == event.Object {
			line += " @metadata " + string(md.AppendJSON(nil))
		}
		out.WriteString(line + "\n")
	}
	switch {
	case packed:
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		c.Decode(b.Bytes(), exampleTime, emit)
	case whole || c.Framing() == pipeline.Whole:
		c.Decode([]byte(text), exampleTime, emit)
	default:
		for line := range strings.Lines(text) {
			c.Decode([]byte(strings.TrimSuffix(line, "\n")), exampleTime, emit)
		}
	}
	c.Flush(exampleTime, emit)
	return out.String()
}

func encodeExample(t *testing.T, c pipeline.Codec, lines string) string {
	t.Helper()
	var out []byte
	for line := range strings.Lines(lines) {
		v, err := event.ParseJSON([]byte(line))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		out = c.Encode(out, event.FromObject(v, exampleTime))
	}
	if !bytes.HasSuffix(out, []byte("\n")) {
		out = append(out, " (no line end)\n"...)
	}
	return string(out)
}
