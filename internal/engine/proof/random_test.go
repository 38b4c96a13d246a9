package proof

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"elkhorn/internal/engine/exec/brute"
)

// random makes everything of a history.
type random struct {
	*rand.Rand
	fields  []field             // that documents may have
	churn   bool                // documents are replaced and deleted
	many    bool                // there are two indices
	big     bool                // bulks are large
	counter int                 // of sequences
	samples map[string][]string // values of flavoured fields, by path
	long    bool                // there are many bulks in a row
	ids     []string            // generated, of documents that are there or were
	all     []brute.Info        // fields that the search at hand may name
}

// field is a field that documents may have: mapped explicitly, or left to dynamic mapping.
type field struct {
	path, typ string
	format    string // of dates
	malformed bool   // values that do not fit are ignored
	mapping   string // "" for dynamic fields
	big       bool   // whole numbers beyond 2^53
	flavour   string // the values are as logs have them: see flavoured
}

func newRandom(seed uint64) *random { return &random{Rand: rand.New(rand.NewPCG(seed, 7))} }

func (r *random) chance(percent int) bool { return r.IntN(100) < percent }

func (r *random) pick(list ...string) string { return list[r.IntN(len(list))] }

var (
	vocabulary = strings.Fields("error pool connection timeout api Web db-7 request the a slow it's 10.0.0.1 Größe 日本 x_y 1,234 user:7 e.g retry")
	keywords   = []string{"a", "b", "INFO", "Error", "error", "", "a b", "zürich", "user-1", "user-2", "user-17", "x/y", "tab\there", "quote\"d", "long " + strings.Repeat("y", 40)}
	zones      = []string{"", "", "+05:30", "-03:00"}
)

func (r *random) text() string {
	if r.chance(30) { // as programs write them
		return fmt.Sprintf(r.pick("request %d took %d ms", "GET /api/v1/items/%d HTTP/1.1 %d", "user-%d logged in from 10.0.0.%d", "retry %d of %d: connection timeout"), r.IntN(1000), r.IntN(10))
	}
	var w []string
	for range r.IntN(7) {
		w = append(w, r.pick(vocabulary...))
	}
	return strings.Join(w, r.pick(" ", " ", "-", ", "))
}

func (r *random) time() time.Time {
	at := time.Date(2026, 3, 27+r.IntN(4), r.IntN(24), r.IntN(60), r.IntN(60), 0, time.UTC)
	switch r.IntN(3) {
	case 0:
		return at.Add(time.Duration(r.IntN(1000)) * time.Millisecond)
	case 1:
		return at.Truncate(time.Hour)
	}
	return at
}

// date writes a time in one of the formats.
func (r *random) date(format string) string {
	at := r.time()
	switch f := r.pick(strings.Split(format, "||")...); f {
	case "epoch_millis":
		return fmt.Sprint(at.UnixMilli())
	case "epoch_second":
		return fmt.Sprint(at.Unix())
	case "yyyy-MM-dd HH:mm:ss":
		return at.Format("2006-01-02 15:04:05")
	case "yyyy/MM/dd":
		return at.Format("2006/01/02")
	default:
		if r.chance(20) {
			return at.In(time.FixedZone("", 7200)).Format("2006-01-02T15:04:05.000-07:00")
		}
		return at.Format(r.pick("2006-01-02T15:04:05.000Z", "2006-01-02T15:04:05Z", "2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05.000"))
	}
}

func (r *random) ip() string {
	if r.chance(15) {
		return r.pick("2001:db8::1", "2001:db8::2", "::1", "2001:0db8:0:0:0:0:0:1")
	}
	return fmt.Sprintf("10.0.%d.%d", r.IntN(3), r.IntN(4))
}

func (r *random) whole(f field) string {
	if f.big && r.chance(30) {
		return fmt.Sprint(r.IntN(2_000_000) - 1_000_000)
	}
	if f.big && r.chance(50) {
		return r.pick("9007199254740993", "9007199254740992", "-9223372036854775808", "9223372036854775807", "1152921504606846977")
	}
	return fmt.Sprint(r.IntN(40) - 10)
}

func (r *random) fraction() string {
	return fmt.Sprint(float64(r.IntN(400)-100) / 4)
}

// flavours are kinds of values that logs have, by type of field.
var flavours = map[string][]string{
	"keyword": {"uuid", "hex", "user"}, "wildcard": {"uuid"}, "text": {"template"}, "match_only_text": {"template"},
	"long": {"sequence"}, "integer": {"sequence"}, "double": {"cents"}, "scaled_float": {"cents"}, "date": {"steady"},
}

// flavoured is a value of a flavour, as text; what searches look for is taken from some of them.
func (r *random) flavoured(f field) string {
	text := ""
	switch f.flavour {
	case "uuid":
		text = fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", r.Uint32(), r.IntN(1<<16), r.IntN(1<<12), r.IntN(1<<12), r.Uint64()>>16)
	case "hex":
		text = fmt.Sprintf("%016x%016x", r.Uint64(), r.Uint64())
	case "user":
		text = fmt.Sprintf("user-%d", r.IntN(5000))
	case "template":
		text = fmt.Sprintf(r.pick("request %d took %d ms", "GET /api/v1/items/%d HTTP/1.1 %d", "user-%d logged in from 10.0.0.%d", "retry %d of %d: connection timeout"), r.IntN(1000), r.IntN(100))
	case "sequence":
		r.counter++
		text = fmt.Sprint(r.counter)
	case "cents":
		text = fmt.Sprintf("%d.%02d", r.IntN(1000), 1+r.IntN(99))
	case "steady":
		r.counter++
		text = time.UnixMilli(1_774_600_000_000 + int64(r.counter)*250).UTC().Format("2006-01-02T15:04:05.000Z")
	}
	if r.samples == nil {
		r.samples = map[string][]string{}
	}
	if list := r.samples[f.path]; len(list) < 50 {
		r.samples[f.path] = append(list, text)
	} else {
		list[r.IntN(len(list))] = text
	}
	return text
}

// literal is a value as a query writes it, without quotes, and whether it is a string there.
func (r *random) literal(f brute.Info) (text string, isString bool) {
	if list := r.samples[f.Path]; len(list) > 0 && !strings.Contains(f.Type, "text") && r.chance(70) {
		return list[r.IntN(len(list))], f.Type == "keyword" || f.Type == "wildcard" || f.Type == "date"
	}
	switch f.Type {
	case "keyword", "wildcard", "constant_keyword", "flattened":
		return r.pick(keywords...), true
	case "text", "match_only_text":
		return strings.ToLower(r.pick(vocabulary...)), true
	case "long", "integer", "short", "byte":
		return r.whole(field{big: strings.Contains(f.Path, "big")}), r.chance(10)
	case "double", "float", "half_float", "scaled_float":
		return r.fraction(), false
	case "boolean":
		return r.pick("true", "false"), r.chance(20)
	case "date", "date_nanos":
		return r.date(f.Format), true
	case "ip":
		return r.ip(), true
	}
	return "1", false
}

// quoted is a literal as JSON.
func (r *random) quoted(f brute.Info) string {
	text, isString := r.literal(f)
	if isString {
		return quote(text)
	}
	return text
}
