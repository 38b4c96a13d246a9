package codec

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/csvrow"
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
	csvrow.Format
	names     []string
	fields    []*event.Path // of names, for writing
	generate  bool
	skipEmpty bool
	convert   map[string]csvrow.Conversion
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
	r := &csvRules{jsonDecoder: d, names: s.Strings("columns"), generate: s.Bool("autogenerate_column_names"), skipEmpty: s.Bool("skip_empty_columns")}
	if r.Format, err = csvrow.FormatOf(s); err != nil {
		return nil, err
	}
	for _, name := range r.names {
		path, err := event.ParsePath(name)
		if err != nil {
			return nil, s.Errorf("columns", "%v", err)
		}
		r.fields = append(r.fields, path)
	}
	if r.convert, err = csvrow.ConversionsOf(s); err != nil {
		return nil, err
	}
	detect, headers := s.Bool("autodetect_column_names") && len(r.names) == 0, s.Bool("include_headers")
	return func() pipeline.Codec {
		return &csvRows{csvRules: r, columns: r.names, detect: detect, headersDue: headers}
	}, nil
}

const csvFailureTag = "_csvparsefailure"

// Decode takes a row or, from transports that deliver whole bodies, many. What is no row becomes an event with its text, to the
// end of the message: where the next row begins is not known.
func (c *csvRows) Decode(data []byte, now time.Time, emit func(*event.Event)) {
	text := c.charset.text(data)
	for text != "" {
		row, rest, err := c.ReadRow(text)
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
		dst = append(dst, c.Separator...)
	}
	if v.Kind() == event.Null {
		return dst
	}
	text := v.Text()
	if v.Kind() == event.Array {
		text = string(v.AppendJSON(nil))
	}
	if c.Quote == "" || text != "" && !strings.ContainsAny(text, "\r\n"+c.Quote) && !strings.Contains(text, c.Separator) {
		return append(dst, text...)
	}
	return fmt.Appendf(dst, "%s%s%s", c.Quote, strings.ReplaceAll(text, c.Quote, c.Quote+c.Quote), c.Quote)
}

func (*csvRows) Framing() pipeline.Framing { return pipeline.Lines }
