package dates

import (
	"strings"
	"time"
	"unsafe"

	"elkhorn/internal/es/eserr"
)

// DefaultPattern is the format of a date field that names none.
const DefaultPattern = "strict_date_optional_time||epoch_millis"

// Default is the compiled DefaultPattern.
var Default = mustCompile(DefaultPattern)

// DetectPatterns are the formats that dynamic mapping tries on strings.
var DetectPatterns = []string{"strict_date_optional_time", "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis"}

// Format reads and writes dates. It is one or more alternatives: reading tries
// them in order, writing uses the first.
type Format struct {
	pattern      string
	alternatives []layout
}

// layout is one alternative. Implementations are iso, epoch and java.
type layout interface {
	// read reads the whole text; ok is false when it does not fit.
	read(text string) (v civil, ok bool)
	// write appends t, which is on the clock it is to be written in.
	write(dst []byte, t time.Time) []byte
}

// Compile reads a format: names such as strict_date_optional_time and epoch_millis,
// or java.time patterns, with || between alternatives. An unknown pattern is
// an illegal_argument_exception.
func Compile(pattern string) (*Format, error) {
	f := &Format{pattern: pattern}
	if strings.TrimSpace(pattern) == "" {
		return nil, eserr.IllegalArgument("No date pattern provided")
	}
	for _, part := range strings.Split(pattern, "||") {
		l, err := compileLayout(strings.TrimPrefix(strings.TrimSpace(part), "8"))
		if err != nil {
			return nil, eserr.IllegalArgument("Invalid format: [%s]: %s", pattern, err).Because(eserr.IllegalArgument("%s", err))
		}
		f.alternatives = append(f.alternatives, l)
	}
	return f, nil
}

func mustCompile(pattern string) *Format {
	f, err := Compile(pattern)
	if err != nil {
		panic(err) // the patterns of this package are right
	}
	return f
}

func compileLayout(name string) (layout, error) {
	if l, ok := named[name]; ok {
		return l, nil
	}
	return compileJava(name)
}

// String returns the pattern the format was compiled from.
func (f *Format) String() string { return f.pattern }

// Parse reads a date. What the text leaves out is the start of the period it
// names: January, the first, midnight. Dates without a zone are in loc.
func (f *Format) Parse(text string, loc *time.Location) (Instant, error) {
	v, ok := f.read(text)
	if !ok {
		return Instant{}, f.fail(text)
	}
	return v.instant(loc)
}

// ParseEnd is Parse with what the text leaves out of the time of day set to
// the end: 23:59:59.999999999. It is for the upper bound of a range.
func (f *Format) ParseEnd(text string, loc *time.Location) (Instant, error) {
	v, ok := f.read(text)
	if !ok {
		return Instant{}, f.fail(text)
	}
	v.fillEnd()
	return v.instant(loc)
}

// ParseBytes is Parse in UTC for the hot path: no garbage for the named ISO
// and epoch formats, and no error value. The text is not kept.
func (f *Format) ParseBytes(text []byte) (Instant, bool) {
	// The readers keep no reference to the text.
	v, ok := f.read(unsafe.String(unsafe.SliceData(text), len(text)))
	if !ok {
		return Instant{}, false
	}
	i, err := v.instant(time.UTC)
	return i, err == nil
}

func (f *Format) read(text string) (civil, bool) {
	for _, l := range f.alternatives {
		if v, ok := l.read(text); ok {
			return v, true
		}
	}
	return civil{}, false
}

func (f *Format) fail(text string) error {
	cause := "Failed to parse with all enclosed parsers"
	if len(f.alternatives) == 1 {
		cause = "Text '" + text + "' could not be parsed"
	}
	return eserr.IllegalArgument("failed to parse date field [%s] with format [%s]", text, f.pattern).
		Because(eserr.New(400, "date_time_parse_exception", "%s", cause))
}

// Append appends an instant, written with the first alternative on loc's clock.
func (f *Format) Append(dst []byte, i Instant, loc *time.Location) []byte {
	return f.alternatives[0].write(dst, i.Time(loc))
}

// AppendMillis is Append for an epoch in milliseconds.
func (f *Format) AppendMillis(dst []byte, ms int64, loc *time.Location) []byte {
	return f.Append(dst, FromMillis(ms), loc)
}
