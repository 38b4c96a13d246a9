package csvrow

import (
	"errors"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// Format is how rows are written.
type Format struct {
	Separator string // not empty, without line ends
	Quote     string // one character that is not in Separator; "" for none
}

// FormatOf reads the options separator and quote_char.
func FormatOf(s *plugin.Settings) (Format, error) {
	f := Format{Separator: s.String("separator"), Quote: s.String("quote_char")}
	if f.Quote == `\x00` || f.Quote == "\x00" {
		f.Quote = ""
	}
	switch {
	case f.Separator == "" || strings.ContainsAny(f.Separator, "\r\n"):
		return f, s.Errorf("separator", "must be a text without line ends")
	case len(f.Quote) > 1:
		return f, s.Errorf("quote_char", "must be one character, not %q", f.Quote)
	case f.Quote != "" && strings.Contains(f.Separator, f.Quote):
		return f, s.Errorf("quote_char", "must not be part of separator")
	}
	return f, nil
}

var (
	errQuote    = errors.New("a quote inside of a value that is not quoted")
	errUnclosed = errors.New("a quoted value is never closed")
	errAfter    = errors.New("text behind a quoted value")
)

// ReadRow reads the first row of text and returns what follows its end. A value that is not there is Null, a quoted one that is empty
// is an empty text.
func (f Format) ReadRow(text string) (row []event.Value, rest string, err error) {
	for {
		var v event.Value
		if f.Quote != "" && strings.HasPrefix(text, f.Quote) {
			if v, text, err = f.readQuoted(text[1:]); err != nil {
				return nil, "", err
			}
		} else {
			end := len(text)
			if i := strings.IndexAny(text, "\r\n"); i >= 0 {
				end = i
			}
			if i := strings.Index(text[:end], f.Separator); i >= 0 {
				end = i
			}
			if f.Quote != "" && strings.Contains(text[:end], f.Quote) {
				return nil, "", errQuote
			}
			if end > 0 {
				v = event.StringOf(text[:end])
			}
			text = text[end:]
		}
		row = append(row, v)
		switch {
		case strings.HasPrefix(text, f.Separator):
			text = text[len(f.Separator):]
		case text == "" || text[0] == '\n':
			return row, strings.TrimPrefix(text, "\n"), nil
		case text[0] == '\r':
			return row, strings.TrimPrefix(text[1:], "\n"), nil
		default:
			return nil, "", errAfter
		}
	}
}

// readQuoted reads a value behind its opening quote.
func (f Format) readQuoted(text string) (event.Value, string, error) {
	var b strings.Builder
	for {
		i := strings.Index(text, f.Quote)
		if i < 0 {
			return event.Value{}, "", errUnclosed
		}
		b.WriteString(text[:i])
		if text = text[i+1:]; !strings.HasPrefix(text, f.Quote) {
			return event.StringOf(b.String()), text, nil
		}
		b.WriteString(f.Quote)
		text = text[1:]
	}
}
