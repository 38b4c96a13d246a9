package codec

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"

	"elkhorn/internal/plugin"
)

// charsetOption names the encoding of what comes in.
var charsetOption = plugin.Option{Name: "charset", Kind: plugin.String, Default: "UTF-8",
	Allowed: encodingNames(),
	Help:    "Encoding of the bytes read. Bytes that are none in it are replaced by U+FFFD. Inputs that cut a stream into lines do so at the byte of a newline, before: in UTF-16 and UTF-32 only messages that come whole can be read."}

// charset turns bytes of one encoding into UTF-8.
type charset struct {
	high *[32]rune         // meaning of 0x80 to 0x9f in ISO-8859-1 and what differs from it only there
	from encoding.Encoding // another encoding; nil for that, and for UTF-8
}

// windows1252 is the part of the code page that differs from ISO-8859-1 (Unicode's mapping table CP1252).
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}

var latin1 = func() (t [32]rune) {
	for i := range t {
		t[i] = rune(0x80 + i)
	}
	return t
}()

func newCharset(s *plugin.Settings) charset { return newCharsetNamed(s.String("charset")) }

func newCharsetNamed(name string) charset {
	switch name {
	case "ISO-8859-1":
		return charset{high: &latin1}
	case "CP1252", "Windows-1252":
		return charset{high: &windows1252}
	}
	for _, e := range encodings {
		if e.name == name {
			return charset{from: e.from}
		}
	}
	return charset{}
}

// text copies data as valid UTF-8.
func (c charset) text(data []byte) string {
	if c.from != nil {
		text, err := c.from.NewDecoder().Bytes(data)
		if err != nil { // these decoders replace what they cannot read, and do not fail
			return strings.ToValidUTF8(string(data), "\ufffd")
		}
		return string(text)
	}
	if c.high == nil {
		if utf8.Valid(data) {
			return string(data)
		}
		return string([]rune(string(data))) // every byte that is none becomes one U+FFFD
	}
	var b strings.Builder
	b.Grow(len(data))
	for _, x := range data {
		switch {
		case x < 0x80:
			b.WriteByte(x)
		case x < 0xa0:
			b.WriteRune(c.high[x-0x80])
		default:
			b.WriteRune(rune(x))
		}
	}
	return b.String()
}

// bytes returns data in UTF-8 for a parser that replaces invalid bytes itself.
func (c charset) bytes(data []byte) []byte {
	if c.high == nil && c.from == nil {
		return data
	}
	return []byte(c.text(data))
}
