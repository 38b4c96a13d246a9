package filter

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"elkhorn/internal/csvrow"
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var csv = pipeline.FilterSpec{
	Name:    "csv",
	Summary: "Makes fields of a text's separated values. Of a text with several lines it is the first, unless a quoted value has them.",
	Options: []plugin.Option{
		{Name: "source", Kind: plugin.Field, Default: "message", Help: "Field with the text. What is no row gets the tag _csvparsefailure."},
		{Name: "target", Kind: plugin.Field, Help: "Field below which the columns are put; without it they are fields of the event."},
		{Name: "columns", Kind: plugin.Strings, Help: "Names of the columns, in order; the rest are column1, column2 … by their place."},
		{Name: "separator", Kind: plugin.String, Default: ",", Help: "What stands between two values."},
		{Name: "quote_char", Kind: plugin.String, Default: `"`, Help: "What stands around a value that holds separators or line ends; \\x00 for none."},
		{Name: "autodetect_column_names", Kind: plugin.Boolean, Help: "The first event names the columns, when columns does not, and is dropped."},
		{Name: "autogenerate_column_names", Kind: plugin.Boolean, Default: true, Help: "false leaves out columns without a name."},
		{Name: "skip_header", Kind: plugin.Boolean, Help: "Drop events whose values are the columns' names."},
		{Name: "skip_empty_columns", Kind: plugin.Boolean, Help: "Leave out columns without a value. Without it a value that is not there is null, and a quoted one that is empty an empty text."},
		{Name: "skip_empty_rows", Kind: plugin.Boolean, Help: "Give an empty text the tag _csvskippedemptyfield, not _csvparsefailure."},
		{Name: "convert", Kind: plugin.Hash, Help: "Column to integer, float, date, date_time or boolean. A value that is none stays text."},
		ecsOption,
	},
	New: newCSV,
}

// maxCSVColumns bounds the fields made of one row.
const maxCSVColumns = 10_000

type csvFilter struct {
	source      *event.Path
	target      string // in brackets, or empty
	format      csvrow.Format
	convert     map[string]csvrow.Conversion
	generate    bool
	skipHeader  bool
	skipColumns bool
	skipRows    bool
	columns     atomic.Pointer[csvColumns] // nil until the header is known
	detect      sync.Mutex
}

// csvColumns is where the columns go, by their place.
type csvColumns struct {
	names []string      // "" for one without a name
	paths []*event.Path // of names and, up to readyColumns, of those without; nil for one to be left out
}

// readyColumns is how many columns have their field worked out before the first event; a wider row works the rest out anew.
const readyColumns = 64

// csvHeader is a csv filter that learns its columns from the first event.
type csvHeader struct{ *csvFilter }

// Sequential says that the header must come first.
func (csvHeader) Sequential() {}

func newCSV(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &csvFilter{generate: s.Bool("autogenerate_column_names"), skipHeader: s.Bool("skip_header"),
		skipColumns: s.Bool("skip_empty_columns"), skipRows: s.Bool("skip_empty_rows")}
	target, err := pathOption(s, "target")
	if err != nil {
		return nil, err
	}
	if target != nil {
		f.target = bracketed(target.String())
	}
	if f.source, err = pathOption(s, "source"); err != nil {
		return nil, err
	}
	if f.format, err = csvrow.FormatOf(s); err != nil {
		return nil, err
	}
	if f.convert, err = csvrow.ConversionsOf(s); err != nil {
		return nil, err
	}
	names := s.Strings("columns")
	if s.Bool("autodetect_column_names") && len(names) == 0 {
		return csvHeader{f}, nil
	}
	columns, err := f.newColumns(names)
	if err != nil {
		return nil, s.Errorf("columns", "%v", err)
	}
	f.columns.Store(columns)
	return f, nil
}

func (f *csvFilter) newColumns(names []string) (*csvColumns, error) {
	c := &csvColumns{names: names}
	for i := range max(len(names), readyColumns) {
		path, err := f.path(names, i)
		if err != nil {
			return nil, err
		}
		c.paths = append(c.paths, path)
	}
	return c, nil
}

// path is where column i goes; nil when it is to be left out.
func (f *csvFilter) path(names []string, i int) (*event.Path, error) {
	name := ""
	if i < len(names) {
		name = names[i]
	}
	if name == "" {
		if !f.generate {
			return nil, nil
		}
		name = "column" + strconv.Itoa(i+1)
	}
	return event.ParsePath(f.target + bracketed(name))
}

func (f *csvFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	source, _ := ev.Get(f.source)
	if !source.Truthy() {
		return pipeline.Unmatched
	}
	row, err := f.row(source)
	if err == nil && f.columns.Load() == nil {
		err = f.header(ev, row)
	}
	switch {
	case errors.Is(err, errNoRow) && f.skipRows:
		ev.Tag("_csvskippedemptyfield")
		return pipeline.Unmatched
	case err != nil:
		ev.Tag("_csvparsefailure")
		return pipeline.Unmatched
	case ev.Cancelled():
		return pipeline.Unmatched
	}
	columns := f.columns.Load()
	if f.skipHeader && len(columns.names) > 0 && slices.EqualFunc(row, columns.names, func(v event.Value, name string) bool { return v.Str() == name }) {
		ev.Cancel()
		return pipeline.Unmatched
	}
	for i, v := range row {
		if err := f.set(ev, columns, i, v); err != nil {
			ev.Tag("_csvparsefailure")
			return pipeline.Unmatched
		}
	}
	return pipeline.Matched
}

var (
	errNoRow          = errors.New("there is no row in an empty text")
	errTooManyColumns = errors.New("too many columns")
)

// row reads the first row of a text.
func (f *csvFilter) row(source event.Value) ([]event.Value, error) {
	text := source.Str()
	switch {
	case source.Kind() != event.String:
		return nil, errors.New("not a text")
	case text == "":
		return nil, errNoRow
	case text[0] == '\n' || text[0] == '\r':
		return nil, nil
	case strings.Count(text, f.format.Separator) >= maxCSVColumns: // not worth to count those of the first row only
		return nil, errTooManyColumns
	}
	row, _, err := f.format.ReadRow(text)
	return row, err
}

// header takes the names of the columns from the first row, and drops the event that had them.
func (f *csvFilter) header(ev *event.Event, row []event.Value) error {
	f.detect.Lock()
	defer f.detect.Unlock()
	if f.columns.Load() != nil {
		return nil
	}
	if len(row) == 0 {
		ev.Cancel()
		return nil
	}
	names := make([]string, len(row))
	for i, v := range row {
		names[i] = strings.Clone(v.Str())
	}
	columns, err := f.newColumns(names)
	if err != nil {
		return err // the event stays, with its tag
	}
	f.columns.Store(columns)
	ev.Cancel()
	return nil
}

// set puts a value into its column's field.
func (f *csvFilter) set(ev *event.Event, c *csvColumns, i int, v event.Value) error {
	if f.skipColumns && v.Str() == "" {
		return nil
	}
	var path *event.Path
	name := ""
	if i < len(c.paths) {
		path = c.paths[i]
	} else {
		var err error
		if path, err = f.path(nil, i); err != nil {
			return err
		}
	}
	if path == nil {
		return nil
	}
	if i < len(c.names) && c.names[i] != "" {
		name = c.names[i]
	} else if len(f.convert) > 0 {
		name = path.Leaf()
	}
	if to := f.convert[name]; to != nil && v.Kind() == event.String {
		v = to(v.Str())
	}
	return put(ev, path, v)
}
