package codec

import (
	"bytes"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var esBulk = pipeline.CodecSpec{
	Name:    "es_bulk",
	Summary: "Reads bodies of Elasticsearch's bulk API: a document is an event, its action is in @metadata.",
	Options: []plugin.Option{targetOption},
	New: func(_ *pipeline.Env, s *plugin.Settings) (pipeline.NewCodec, error) {
		rules := &bulkRules{metadata: event.MustPath("[@metadata]")}
		if ecsLayout(s) {
			rules.metadata = event.MustPath("[@metadata][codec][es_bulk]")
		}
		var err error
		if s.Has("target") {
			if rules.target, err = event.ParsePath(s.String("target")); err != nil {
				return nil, s.Errorf("target", "%v", err)
			}
		}
		return func() pipeline.Codec { return &bulkLines{bulkRules: rules} }, nil
	},
}

type bulkRules struct{ target, metadata *event.Path }

// bulkLines is the codec: between an action's line and its document's, it holds the action.
type bulkLines struct {
	*bulkRules
	action event.Value // Null while none is held
	line   []byte      // as it came
}

// Decode takes a line or many. A line that is not what the bulk API takes is an event with a failure tag.
func (c *bulkLines) Decode(data []byte, now time.Time, emit func(*event.Event)) {
	for line := range splitLines(data, "\n") {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		v, err := event.ParseJSON(line)
		switch {
		case err != nil || v.Kind() != event.Object:
			if c.Held() > 0 { // the action goes with its broken document
				line = append(append(c.line, '\n'), line...)
				c.action = event.NullValue
			}
			emit(failedLine(line, now))
		case c.action.Kind() == event.Object:
			c.emit(v, now, emit)
		case v.Len() != 1 || v.At(0).Kind() != event.Object:
			emit(failedLine(line, now))
		default:
			c.action, c.line = v.At(0), append(c.line[:0], line...)
			c.action.SetMember("action", event.StringOf(v.NameAt(0)))
			if v.NameAt(0) == "delete" { // which no document follows
				c.emit(event.NewObject(), now, emit)
			}
		}
	}
}

func (c *bulkLines) emit(document event.Value, now time.Time, emit func(*event.Event)) {
	var ev *event.Event
	if c.target == nil {
		ev = event.FromObject(document, now)
	} else {
		ev = event.New(now)
		ev.Set(c.target, document)
	}
	ev.Set(c.metadata, c.action)
	c.action = event.NullValue
	emit(ev)
}

// Flush gives out an action whose document never came, as a failure.
func (c *bulkLines) Flush(now time.Time, emit func(*event.Event)) {
	if c.action.Kind() != event.Object {
		return
	}
	c.action = event.NullValue
	emit(failedLine(c.line, now))
}

// Held counts the action that waits for its document.
func (c *bulkLines) Held() int {
	if c.action.Kind() == event.Object {
		return 1
	}
	return 0
}

// FlushAfter is never: an action is nothing without its document.
func (c *bulkLines) FlushAfter() time.Duration { return 0 }

// Encode appends nothing: outputs refuse the codec.
func (*bulkLines) Encode(dst []byte, _ *event.Event) []byte { return dst }

// DecodeOnly tells outputs that the codec cannot encode.
func (*bulkLines) DecodeOnly() {}

func (*bulkLines) Framing() pipeline.Framing { return pipeline.Lines }
