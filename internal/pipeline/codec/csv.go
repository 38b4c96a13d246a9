package codec

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var csv = pipeline.CodecSpec{
	Name:    "csv",
	Summary: "Rows of separated values: a column is a field.",
	Options: []plugin.Option{
		{Name: "columns", Kind: plugin.Strings, Help: "Names of the columns, in order; the rest are column1, column2 … by their place. When writing: the fields of a row; without it, all fields."},
		{Name: "separator", Kind: plugin.String, Default: ",", Help: "What stands between two values."},
		{Name: "quote_char", Kind: plugin.String, Default: `"`, Help: "What stands around a value that holds separators or line ends; \\x00 for none."},
		{Name: "autodetect_column_names", Kind: plugin.Boolean, Help: "The first row of a source names the columns, when columns does not."},
		{Name: "autogenerate_column_names", Kind: plugin.Boolean, Default: true, Help: "false leaves out columns without a name."},
		{Name: "skip_empty_columns", Kind: plugin.Boolean, Help: "Leave out columns without a value."},
		{Name: "convert", Kind: plugin.Hash, Help: "Column to integer, float, date, date_time or boolean. A value that is none stays text."},
		{Name: "include_headers", Kind: plugin.Boolean, Help: "Write the columns' names first, once for each run of the output."},
		charsetOption, targetOption,
	},
	New: newCSV,
}

type csvRules struct {
	*jsonDecoder // charset, target, original
	names        []string
	fields       []*event.Path // of names, for writing
	separator    string
	quote        string // one character; "" for none
	generate     bool
	skipEmpty    bool
	convert      map[string]func(string) event.Value
}

// csvRows is a csv codec. A connection's first row may name its columns, so each has one of its own.
type csvRows struct {
	*csvRules
	columns    []string
	detect     bool
	headersDue bool
}

func newCSV(_ *pipeline.Env, s *plugin.Settings) (pipeline.NewCodec, error) {
	d, err := newJSONDecoder(s)
	if err != nil {
		return nil, err
	}
	r := &csvRules{jsonDecoder: d, names: s.Strings("columns"), separator: s.String("separator"), quote: s.String("quote_char"),
		generate: s.Bool("autogenerate_column_names"), skipEmpty: s.Bool("skip_empty_columns"), convert: map[string]func(string) event.Value{}}
	if r.quote == `\x00` || r.quote == "\x00" {
		r.quote = ""
	}
	switch {
	case r.separator == "" || strings.ContainsAny(r.separator, "\r\n"):
		return nil, s.Errorf("separator", "must be a text without line ends")
	case len(r.quote) > 1:
		return nil, s.Errorf("quote_char", "must be one character, not %q", r.quote)
	case r.quote != "" && strings.Contains(r.separator, r.quote):
		return nil, s.Errorf("quote_char", "must not be part of separator")
	}
	for _, name := range r.names {
		path, err := event.ParsePath(name)
		if err != nil {
			return nil, s.Errorf("columns", "%v", err)
		}
		r.fields = append(r.fields, path)
	}
	for _, pair := range s.Pairs("convert") {
		to := csvConversions[pair.Value.Str]
		if to == nil {
			return nil, s.Errorf("convert", "must be integer, float, date, date_time or boolean, not %q, for column %s", pair.Value.Str, pair.Key)
		}
		r.convert[pair.Key] = to
	}
	detect, headers := s.Bool("autodetect_column_names") && len(r.names) == 0, s.Bool("include_headers")
	return func() pipeline.Codec {
		return &csvRows{csvRules: r, columns: r.names, detect: detect, headersDue: headers}
	}, nil
}

var csvConversions = map[string]func(string) event.Value{
	"integer": func(text string) event.Value {
		if n, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 0, 64); err == nil {
			return event.IntOf(n)
		}
		return event.StringOf(text)
	},
	"float": func(text string) event.Value {
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return event.FloatOf(f)
		}
		return event.StringOf(text)
	},
	"boolean": func(text string) event.Value {
		switch text = strings.ToLower(strings.TrimSpace(text)); text {
		case "true", "false":
			return event.BoolOf(text == "true")
		}
		return event.StringOf(text)
	},
	"date":      timeConversion("2006-01-02", "Jan 2 2006", "January 2 2006", "Jan 2, 2006", "January 2, 2006", "Mon, Jan 2 2006", "Monday, January 2, 2006"),
	"date_time": timeConversion(time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 MST", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02", "Jan 2 15:04:05 2006", "Jan 2 15:04:05, 2006", "Mon Jan 2 15:04:05 2006"),
}

// timeConversion reads the forms of a date that Ruby's CSV library recognises, in UTC where there is no zone.
func timeConversion(layouts ...string) func(string) event.Value {
	return func(text string) event.Value {
		for _, layout := range layouts {
			if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
				return event.TimeOf(t)
			}
		}
		return event.StringOf(text)
	}
}

const csvFailureTag = "_csvparsefailure"

// Decode takes a row or, from transports that deliver whole bodies, many. What is no row becomes an event with its text, to the
// end of the message: where the next row begins is not known.
func (c *csvRows) Decode(data []byte, now time.Time, emit func(*event.Event)) {
	text := c.charset.text(data)
	for text != "" {
		row, rest, err := c.readRow(text)
		if err != nil {
			ev := event.New(now)
			ev.Set(messagePath, event.StringOf(strings.TrimRight(text, "\r\n")))
			ev.Tag(csvFailureTag)
			emit(ev)
			return
		}
		source := strings.TrimRight(text[:len(text)-len(rest)], "\r\n")
		text = rest
		switch {
		case source == "":
		case c.detect && len(c.columns) == 0:
			for _, v := range row {
				c.columns = append(c.columns, v.Str())
			}
		default:
			emit(c.rowEvent(row, source, now))
		}
	}
}

func (c *csvRows) rowEvent(row []event.Value, source string, now time.Time) *event.Event {
	object := event.NewObject()
	for i, v := range row {
		if c.skipEmpty && v.Str() == "" {
			continue
		}
		name := ""
		if i < len(c.columns) {
			name = c.columns[i]
		}
		if name == "" {
			if !c.generate {
				continue
			}
			name = "column" + strconv.Itoa(i+1)
		}
		if to := c.convert[name]; to != nil && v.Kind() == event.String {
			v = to(v.Str())
		}
		object.SetMember(name, v)
	}
	var ev *event.Event
	if c.target == nil {
		ev = event.FromObject(object, now)
	} else {
		ev = event.New(now)
		ev.Set(c.target, object)
	}
	if c.original != nil {
		ev.Set(c.original, event.StringOf(source))
	}
	return ev
}

var (
	errCSVQuote    = errors.New("a quote inside of a value that is not quoted")
	errCSVUnclosed = errors.New("a quoted value is never closed")
	errCSVAfter    = errors.New("text behind a quoted value")
)

// readRow reads the first row of text and returns what follows its end. A value that is not there is Null, a quoted one that is empty
// is an empty text.
func (c *csvRows) readRow(text string) (row []event.Value, rest string, err error) {
	for {
		var v event.Value
		if c.quote != "" && strings.HasPrefix(text, c.quote) {
			if v, text, err = c.readQuoted(text[1:]); err != nil {
				return nil, "", err
			}
		} else {
			end := len(text)
			if i := strings.IndexAny(text, "\r\n"); i >= 0 {
				end = i
			}
			if i := strings.Index(text[:end], c.separator); i >= 0 {
				end = i
			}
			if c.quote != "" && strings.Contains(text[:end], c.quote) {
				return nil, "", errCSVQuote
			}
			if end > 0 {
				v = event.StringOf(text[:end])
			}
			text = text[end:]
		}
		row = append(row, v)
		switch {
		case strings.HasPrefix(text, c.separator):
			text = text[len(c.separator):]
		case text == "" || text[0] == '\n':
			return row, strings.TrimPrefix(text, "\n"), nil
		case text[0] == '\r':
			return row, strings.TrimPrefix(text[1:], "\n"), nil
		default:
			return nil, "", errCSVAfter
		}
	}
}

// readQuoted reads a value behind its opening quote.
func (c *csvRows) readQuoted(text string) (event.Value, string, error) {
	var b strings.Builder
	for {
		i := strings.Index(text, c.quote)
		if i < 0 {
			return event.Value{}, "", errCSVUnclosed
		}
		b.WriteString(text[:i])
		if text = text[i+1:]; !strings.HasPrefix(text, c.quote) {
			return event.StringOf(b.String()), text, nil
		}
		b.WriteString(c.quote)
		text = text[1:]
	}
}

func (*csvRows) Flush(time.Time, func(*event.Event)) {}

// Encode appends a row, after one of names when that is due.
func (c *csvRows) Encode(dst []byte, ev *event.Event) []byte {
	if c.headersDue {
		c.headersDue = false
		for i, name := range c.header(ev) {
			dst = c.appendValue(dst, i, event.StringOf(name))
		}
		dst = append(dst, '\n')
	}
	if len(c.fields) == 0 {
		dst = c.appendValue(dst, 0, event.TimeOf(ev.Timestamp()))
		for i, v := range ev.Fields().Items() {
			dst = c.appendValue(dst, i+1, v)
		}
		return append(dst, '\n')
	}
	for i, field := range c.fields {
		v, _ := ev.Get(field)
		dst = c.appendValue(dst, i, v)
	}
	return append(dst, '\n')
}

func (c *csvRows) header(ev *event.Event) []string {
	if len(c.fields) > 0 {
		return c.names
	}
	names := []string{"@timestamp"}
	for i := range ev.Fields().Len() {
		names = append(names, ev.Fields().NameAt(i))
	}
	return names
}

func (c *csvRows) appendValue(dst []byte, i int, v event.Value) []byte {
	if i > 0 {
		dst = append(dst, c.separator...)
	}
	if v.Kind() == event.Null {
		return dst
	}
	text := v.Text()
	if v.Kind() == event.Array {
		text = string(v.AppendJSON(nil))
	}
	if c.quote == "" || text != "" && !strings.ContainsAny(text, "\r\n"+c.quote) && !strings.Contains(text, c.separator) {
		return append(dst, text...)
	}
	return fmt.Appendf(dst, "%s%s%s", c.quote, strings.ReplaceAll(text, c.quote, c.quote+c.quote), c.quote)
}

func (*csvRows) Framing() pipeline.Framing { return pipeline.Lines }
