package codec

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var cef = pipeline.CodecSpec{
	Name:    "cef",
	Summary: "ArcSight's Common Event Format, as security devices send it.",
	Options: []plugin.Option{
		{Name: "delimiter", Kind: plugin.String, Help: `What ends each message of a stream and is written behind each; \r and \n have their meaning. Without it a line or a datagram is a message.`},
		{Name: "raw_data_field", Kind: plugin.Field, Help: "Field for the message as it came."},
		{Name: "device", Kind: plugin.String, Default: "observer", Allowed: []string{"observer", "host"}, Help: "In the ECS layout: what the device fields speak of."},
		{Name: "default_timezone", Kind: plugin.String, Default: "UTC", Help: "In the ECS layout: zone of times that name none."},
		{Name: "locale", Kind: plugin.String, Default: "en", Help: "In the ECS layout: language of month names, such as de."},
		{Name: "vendor", Kind: plugin.String, Default: "Elasticsearch", Help: "Device vendor written; may hold %{references}."},
		{Name: "product", Kind: plugin.String, Default: "Logstash", Help: "Device product written; may hold %{references}."},
		{Name: "version", Kind: plugin.String, Default: "1.0", Help: "Device version written; may hold %{references}."},
		{Name: "signature", Kind: plugin.String, Default: "Logstash", Help: "Event class written; may hold %{references}."},
		{Name: "name", Kind: plugin.String, Default: "Logstash", Help: "Event name written; may hold %{references}."},
		{Name: "severity", Kind: plugin.String, Default: "6", Help: "Severity written, 0 to 10; may hold %{references}. What is none becomes 6."},
		{Name: "fields", Kind: plugin.Strings, Help: "Event fields written as extensions."},
		{Name: "reverse_mapping", Kind: plugin.Boolean, Help: "Write the standard's short keys (src) rather than full names (sourceAddress)."},
	},
	New: newCEF,
}

// cefFailureTag marks an event whose text is not CEF.
const cefFailureTag = "_cefparsefailure"

// cefMessages is the cef codec. It keeps nothing between messages.
type cefMessages struct {
	names     *cefNames
	header    [7]*event.Path // version, vendor, product, version, class, name, severity
	syslog    *event.Path
	raw       *event.Path // nil for none
	delimiter string      // "" when the transport tells messages apart
	times     *cefTimes
	written   [6]cefHeaderField // vendor to severity
	fields    []cefWritten
}

type cefHeaderField struct {
	text     *event.Template
	fallback string
}

type cefWritten struct {
	path *event.Path
	key  string
}

func newCEF(_ *pipeline.Env, s *plugin.Settings) (pipeline.NewCodec, error) {
	ecs := ecsLayout(s)
	c := &cefMessages{names: newCEFNames(ecs, s.String("device"), s.Bool("reverse_mapping"))}
	c.delimiter = strings.NewReplacer(`\r`, "\r", `\n`, "\n").Replace(s.String("delimiter"))
	header := []string{"cefVersion", "deviceVendor", "deviceProduct", "deviceVersion", "deviceEventClassId", "name", "severity"}
	c.syslog = event.MustPath("syslog")
	if ecs {
		header = []string{"[cef][version]", "[observer][vendor]", "[observer][product]", "[observer][version]", "[event][code]", "[cef][name]", "[event][severity]"}
		c.syslog = event.MustPath("[log][syslog][header]")
	}
	for i, name := range header {
		c.header[i] = event.MustPath(name)
	}
	var err error
	if s.Has("raw_data_field") {
		if c.raw, err = event.ParsePath(s.String("raw_data_field")); err != nil {
			return nil, s.Errorf("raw_data_field", "%v", err)
		}
	}
	if c.times, err = newCEFTimes(s); err != nil {
		return nil, err
	}
	for i, option := range []string{"vendor", "product", "version", "signature", "name", "severity"} {
		if c.written[i].text, err = event.CompileTemplate(s.String(option)); err != nil {
			return nil, s.Errorf(option, "%v", err)
		}
		c.written[i].fallback = cefDefaults[option]
	}
	for _, name := range s.Strings("fields") {
		path, err := event.ParsePath(name)
		if err != nil {
			return nil, s.Errorf("fields", "%v", err)
		}
		key, known := c.names.encode[name]
		if !known {
			key = name
		}
		c.fields = append(c.fields, cefWritten{path, cefKeyOf(key)})
	}
	return func() pipeline.Codec { return c }, nil
}

// cefDefaults are what stands in the header for what expands to nothing: the options' own defaults.
var cefDefaults = map[string]string{"vendor": "Elasticsearch", "product": "Logstash", "version": "1.0", "signature": "Logstash", "name": "Logstash", "severity": "6"}

// Decode takes a message or, with a delimiter, many.
func (c *cefMessages) Decode(data []byte, now time.Time, emit func(*event.Event)) {
	if c.delimiter == "" {
		c.decode(data, now, emit)
		return
	}
	for message := range bytes.SplitSeq(data, []byte(c.delimiter)) {
		c.decode(message, now, emit)
	}
}

func (c *cefMessages) decode(data []byte, now time.Time, emit func(*event.Event)) {
	if len(bytes.TrimSpace(data)) == 0 {
		return
	}
	text := charset{}.text(data)
	ev := event.New(now)
	if c.raw != nil {
		ev.Set(c.raw, event.StringOf(text))
	}
	err := errCEFEncoding
	if utf8.Valid(data) {
		err = c.parse(ev, text, now)
	}
	if err != nil {
		ev = event.New(now)
		ev.Set(messagePath, event.StringOf(text))
		ev.Tag(cefFailureTag)
	}
	emit(ev)
}

var (
	errCEFEncoding  = errors.New("it is not UTF-8")
	errCEFHeader    = errors.New("it has fewer than seven header fields")
	errCEFLines     = errors.New("it has more than one line")
	errCEFExtension = errors.New("an extension has no key")
)

func (c *cefMessages) parse(ev *event.Event, text string, now time.Time) error {
	if len(text) > 1 && text[0] == '"' { // as some connectors send it
		text = text[1 : len(text)-1]
	}
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	if strings.Contains(text, "\n") {
		return errCEFLines
	}
	for i, field := range c.header {
		value, rest, ok := cutCEFHeader(text)
		if !ok {
			return errCEFHeader
		}
		text = rest
		if i == 0 {
			if at := strings.LastIndexByte(value, ' '); at >= 0 { // a syslog header stands before it
				ev.Set(c.syslog, event.StringOf(value[:at]))
				value = value[at+1:]
			}
			value = strings.TrimPrefix(value, "CEF:")
		}
		ev.Set(field, event.StringOf(value))
	}
	return c.parseExtensions(ev, strings.TrimSpace(text), now)
}

// cutCEFHeader reads up to the next bar that is not escaped, and takes the escapes of what it read away.
func cutCEFHeader(text string) (value, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '|':
			return b.String(), text[i+1:], true
		case text[i] == '\\' && i+1 < len(text) && (text[i+1] == '\\' || text[i+1] == '|'):
			i++
		}
		b.WriteByte(text[i])
	}
	return "", "", false
}

var cefUnescape = strings.NewReplacer(`\\`, `\`, `\=`, `=`, `\n`, "\n", `\r`, "\r")

func (c *cefMessages) parseExtensions(ev *event.Event, text string, now time.Time) error {
	type pending struct {
		path  *event.Path
		value string
	}
	var times []pending
	zone := ""
	for text != "" {
		key := cefKeyAt(text)
		if key == 0 {
			return errCEFExtension
		}
		name := text[:key]
		value, rest := cutCEFValue(text[key+1:])
		text = rest
		if value = cefUnescape.Replace(value); name == "dtz" || name == "deviceTimeZone" {
			zone = value
		}
		field, known := c.names.decode[name]
		switch {
		case known && field.time:
			times = append(times, pending{field.path, value})
		case known:
			ev.Set(field.path, event.StringOf(value))
		default:
			setCEFField(ev, name, value)
		}
	}
	for _, p := range times {
		if strings.TrimSpace(p.value) == "" {
			continue
		}
		at, err := c.times.parse(p.value, zone, now)
		if err != nil {
			return err
		}
		ev.Set(p.path, event.TimeOf(at))
	}
	return nil
}

// setCEFField sets a field that the table lacks. One written as an item (name[0]) becomes a reference.
func setCEFField(ev *event.Event, name, value string) {
	if at := strings.IndexByte(name, '['); at > 0 {
		if path, err := event.ParsePath("[" + name[:at] + "]" + name[at:]); err == nil {
			ev.Set(path, event.StringOf(value))
			return
		}
	}
	ev.Fields().SetMember(name, event.StringOf(value))
}

// cefKeyAt returns the length of the key that text begins with, 0 when there is none: a word, parts behind dots, an index in
// brackets, and then an equals sign.
func cefKeyAt(text string) int {
	i := 0
	for i < len(text) && isCEFWord(text[i]) {
		i++
	}
	if i == 0 {
		return 0
	}
	for i < len(text) && text[i] == '.' {
		start := i + 1
		i = start
		for i < len(text) && !strings.ContainsRune(".=|\\[] \t\r\n\f\v", rune(text[i])) {
			i++
		}
		if i == start {
			return 0
		}
	}
	if i < len(text) && text[i] == '[' {
		start := i + 1
		for i = start; i < len(text) && '0' <= text[i] && text[i] <= '9'; i++ {
		}
		if i == start || i == len(text) || text[i] != ']' {
			return 0
		}
		i++
	}
	if i == len(text) || text[i] != '=' {
		return 0
	}
	return i
}

func isCEFWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// cutCEFValue reads a value, which may hold blanks: it ends before blanks that a key follows.
func cutCEFValue(text string) (value, rest string) {
	for i := 0; i < len(text); i++ {
		if !isCEFBlank(text[i]) {
			continue
		}
		next := i
		for next < len(text) && isCEFBlank(text[next]) {
			next++
		}
		if cefKeyAt(text[next:]) > 0 {
			return text[:i], text[next:]
		}
		i = next - 1
	}
	return text, ""
}

func isCEFBlank(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

func (*cefMessages) Flush(time.Time, func(*event.Event)) {}

var (
	cefHeaderEscape = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", `\`, `\\`, "|", `\|`)
	cefValueEscape  = strings.NewReplacer("\r\n", `\n`, "\n", `\n`, "\r", `\n`, `\`, `\\`, "=", `\=`)
)

// Encode appends a message.
func (c *cefMessages) Encode(dst []byte, ev *event.Event) []byte {
	dst = append(dst, "CEF:0"...)
	for i, field := range c.written {
		text := cefHeaderEscape.Replace(field.text.Expand(ev))
		if i == len(c.written)-1 {
			text = cefSeverity(text)
		}
		if text == "" {
			text = field.fallback
		}
		dst = append(append(dst, '|'), text...)
	}
	dst = append(dst, '|')
	first := true
	for _, field := range c.fields {
		v, ok := ev.Get(field.path)
		if !ok || v.Kind() == event.Null {
			continue
		}
		if !first {
			dst = append(dst, ' ')
		}
		first = false
		text := v.Text()
		if v.Kind() == event.Array {
			text = string(v.AppendJSON(nil))
		}
		dst = fmt.Appendf(dst, "%s=%s", field.key, cefValueEscape.Replace(text))
	}
	return append(dst, c.delimiter...)
}

// cefSeverity returns a whole number from 0 to 10 or, for what is none, nothing.
func cefSeverity(text string) string {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || n < 0 || n > 10 || n != float64(int(n)) {
		return ""
	}
	return strconv.Itoa(int(n))
}

// cefKeyOf leaves of a name what a key may have.
func cefKeyOf(name string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && r != '_' && isCEFWord(byte(r)) {
			return r
		}
		return -1
	}, name)
}

// Delimiter ends each message of a stream.
func (c *cefMessages) Delimiter() string {
	if c.delimiter == "" {
		return "\n"
	}
	return c.delimiter
}

func (*cefMessages) Framing() pipeline.Framing { return pipeline.Lines }
