package ruby

import "strings"

// csvLine is CSV.parse_line(text) and text.parse_csv: the fields of a text's first line, between commas, with double quotes
// around those that hold commas, quotes or line ends. A field that is empty without quotes is nil.
func csvLine(fr *frame, v Value) (Value, error) {
	s, err := textArg(v)
	if err != nil {
		return nil, err
	}
	malformed := func() (Value, error) {
		return nil, raisef("CSV::MalformedCSVError", "malformed CSV in %s", inspectShort(s))
	}
	out := &Array{}
	for more := s != ""; more; {
		var field Value
		if strings.HasPrefix(s, `"`) {
			text, rest, ok := csvQuoted(s[1:])
			if !ok {
				return malformed()
			}
			field, s = text, rest
		} else {
			end := strings.IndexAny(s, ",\"\r\n")
			if end < 0 {
				end = len(s)
			}
			if end > 0 {
				field = s[:end]
			}
			s = s[end:]
		}
		out.Items = append(out.Items, field)
		switch {
		case s == "" || s[0] == '\n' || s[0] == '\r':
			more = false
		case s[0] == ',':
			s = s[1:]
		default:
			return malformed()
		}
	}
	if len(out.Items) == 0 {
		return nil, nil
	}
	return out, fr.grow(16*len(out.Items) + len(s))
}

// csvQuoted reads a field after its opening quote; two quotes in it are one.
func csvQuoted(s string) (text, rest string, ok bool) {
	var b strings.Builder
	for {
		end := strings.IndexByte(s, '"')
		if end < 0 {
			return "", "", false
		}
		b.WriteString(s[:end])
		s = s[end+1:]
		if !strings.HasPrefix(s, `"`) {
			return b.String(), s, true
		}
		b.WriteByte('"')
		s = s[1:]
	}
}
