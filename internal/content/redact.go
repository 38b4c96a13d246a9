package content

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// maxNames bounds a list of names.
const maxNames = 1_000_000

// Redact takes personal data and secrets out of texts.
var Redact = Kind{
	Name:    "redact",
	Summary: "Masks personal data and secrets in texts, or puts keyed tokens in their place that still join; counts what it found.",
	Options: []plugin.Option{
		{Name: "fields", Kind: plugin.Strings, Help: "Fields to search, with all that is in them; all fields of the event when it is not given."},
		{Name: "exclude", Kind: plugin.Strings, Help: "Fields that are left alone, with all that is in them."},
		{Name: "detect", Kind: plugin.Strings, Default: slices.DeleteFunc(slices.Clone(sensitiveKinds), func(k string) bool { return k == "ip" || k == "name" }), Allowed: sensitiveKinds,
			Help: "What to look for: email; phone (+ and country code, or in the North American form); card (13 to 19 digits with a right check digit); iban (with right check digits); national_id (numbers of the USA, Canada, Brazil, India, the UK, Spain, France, Italy, Poland, Sweden, China and Korea in their written forms, with right check digits where they have one); api_key (of the usual vendors); jwt; private_key (PEM); credential (bearer and basic tokens, password=…, passwords in URLs); ip. Names come from names and names_path."},
		{Name: "names", Kind: plugin.Strings, Help: "Names to look for as whole words, in any case, such as Ada Lovelace."},
		{Name: "names_path", Kind: plugin.Path, Help: "A file with such names, one a line."},
		{Name: "secret_fields", Kind: plugin.Strings, Default: []string{"password", "passwd", "pwd", "secret", "client_secret", "token", "access_token", "refresh_token", "id_token", "api_key", "apikey", "x-api-key", "authorization", "cookie", "set-cookie", "private_key", "passphrase"},
			Help: "Names of members whose value is replaced whatever it is, at any depth, in any case, with - and _ alike."},
		{Name: "method", Kind: plugin.String, Default: "mask", Allowed: []string{"mask", "partial", "token", "remove"},
			Help: "mask writes the mask; partial keeps the last four digits of cards, phones and accounts and the domain of addresses; token writes the kind and a keyed hash, the same for the same value; remove leaves nothing."},
		{Name: "mask", Kind: plugin.String, Default: "[{kind}]", Help: "What stands in the place of what was found; {kind} is what it was."},
		{Name: "key", Kind: plugin.Password, Help: "The key of the tokens (HMAC-SHA256), at least 16 characters. Whoever has it can try out values; whoever changes it breaks the joins with older events."},
		{Name: "counts_target", Kind: plugin.Field, Default: "redacted", EmptyForNone: true, Help: "Object that gets how many of each kind were found, when any were; empty for none."},
	},
	New: newRedact,
}

// sensitiveKinds are what Redact can find.
var sensitiveKinds = []string{"email", "phone", "card", "iban", "national_id", "api_key", "jwt", "private_key", "credential", "ip", "name"}

type redactor struct {
	scan    scanner
	fields  []Field
	exclude []Field
	secrets map[string]bool
	method  string
	mask    string
	key     []byte
	counts  *Field
}

func newRedact(env Env, s *plugin.Settings) (Worker, error) {
	r := &redactor{method: s.String("method"), mask: s.String("mask"), key: []byte(s.String("key")), secrets: map[string]bool{}}
	var err error
	if r.fields, err = fieldsOption(s, "fields"); err != nil {
		return nil, err
	}
	if r.exclude, err = fieldsOption(s, "exclude"); err != nil {
		return nil, err
	}
	if r.counts, err = fieldOption(s, "counts_target"); err != nil {
		return nil, err
	}
	for _, name := range s.Strings("secret_fields") {
		r.secrets[plainName(name)] = true
	}
	for _, kind := range s.Strings("detect") {
		at := slices.Index(sensitiveKinds, kind)
		if at < 0 {
			return nil, s.Errorf("detect", "knows %s, not %q", strings.Join(sensitiveKinds, ", "), kind)
		}
		r.scan.wanted |= 1 << at
	}
	switch {
	case r.method == "token" && len(r.key) < 16:
		return nil, s.Errorf("key", "needs at least 16 characters for method token: a short key is found by trying")
	case r.method != "token" && s.Has("key"):
		return nil, s.Errorf("key", "is for method token only")
	}
	return r, r.readNames(env, s)
}

func (r *redactor) readNames(env Env, s *plugin.Settings) error {
	names := s.Strings("names")
	if path := s.String("names_path"); path != "" {
		data, err := env.ReadFile(path)
		if err != nil {
			return s.Errorf("names_path", "%v", err)
		}
		names = append(slices.Clone(names), strings.Split(string(data), "\n")...)
	}
	if len(names) > maxNames {
		return s.Errorf("names_path", "has %d names, more than %d", len(names), maxNames)
	}
	for _, name := range names {
		r.scan.addName(name)
	}
	return nil
}

// plainName is a member's name as it is compared.
func plainName(name string) string { return strings.ReplaceAll(strings.ToLower(name), "-", "_") }

// Work redacts the record.
func (r *redactor) Work(rec *Record) Result {
	defer func() {
		if fault := recover(); fault != nil { // rather nothing of it than what should not be seen
			blank(rec.Root)
			panic(fault) // who runs this tells of it
		}
	}()
	var found counts
	if len(r.fields) == 0 {
		r.object(rec.Root, rec.Root, &found)
	}
	for i := range r.fields {
		f := &r.fields[i]
		if v, ok := f.Get(rec.Root); ok {
			if nv, changed := r.value(rec.Root, f.parts[len(f.parts)-1], v, &found); changed {
				f.Set(rec.Root, nv)
			}
		}
	}
	if found.total == 0 {
		return Matched
	}
	r.count(rec, &found)
	return Matched
}

// unread stands for a text that could not be looked through.
const unread = "[unread]"

// blank takes out all texts and numbers.
func blank(v event.Value) {
	for i, item := range v.Items() {
		switch item.Kind() {
		case event.Object, event.Array:
			blank(item)
		case event.Null, event.Bool:
		default:
			v.Items()[i] = event.StringOf(unread)
		}
	}
}

// counts says how many of each kind were found.
type counts struct {
	of    [11]int64 // by index in sensitiveKinds
	total int
}

func (c *counts) add(kind uint8) {
	c.of[kind]++
	c.total++
}

// count adds to the counts that an earlier filter left.
func (r *redactor) count(rec *Record, found *counts) {
	if r.counts == nil {
		return
	}
	have, ok := r.counts.Get(rec.Root)
	if !ok || have.Kind() != event.Object {
		have = event.NewObject()
		if !r.counts.Set(rec.Root, have) {
			return
		}
	}
	for i, n := range found.of {
		if n > 0 {
			old, _ := have.Member(sensitiveKinds[i])
			have.SetMember(sensitiveKinds[i], event.IntOf(old.Int()+n))
		}
	}
}

// value redacts a member's value; it answers the new one and whether it is another.
func (r *redactor) value(root event.Value, name string, v event.Value, found *counts) (event.Value, bool) {
	if len(r.secrets) > 0 && v.Kind() != event.Null && v.Kind() != event.Bool && r.isSecret(name) {
		if text := v.Text(); text != "" && r.marked(text) != len(text) {
			found.add(kindCredential)
			return event.StringOf(r.replacement(kindCredential, text)), true
		}
	}
	switch v.Kind() {
	case event.Object:
		r.object(root, v, found)
	case event.Array:
		for i, item := range v.Items() {
			if nv, changed := r.value(root, "", item, found); changed {
				v.Items()[i] = nv
			}
		}
	case event.String:
		text, changed := r.text(v.Str(), found)
		if changed {
			return event.StringOf(text), true
		}
	case event.Int:
		if n := v.Int(); n >= 1e12 && r.scan.wants(kindCard) { // the least card number has 13 digits
			text := strconv.FormatInt(n, 10)
			if isCard(text) {
				found.add(kindCard)
				return event.StringOf(r.replacement(kindCard, text)), true
			}
		}
	}
	return v, false
}

func (r *redactor) isSecret(name string) bool {
	if r.secrets[name] {
		return true
	}
	for i := range len(name) {
		if c := name[i]; c == '-' || c >= 'A' && c <= 'Z' {
			return r.secrets[plainName(name)]
		}
	}
	return false
}

func (r *redactor) object(root, object event.Value, found *counts) {
	counted := r.isCounts(root, object)
	for i, v := range object.Items() {
		name := object.NameAt(i)
		if counted && v.Kind() == event.Int && slices.Contains(sensitiveKinds, name) {
			continue // the count of an earlier filter, and no key of an API
		}
		if len(r.exclude) > 0 && r.excluded(root, v, name) {
			continue
		}
		if nv, changed := r.value(root, name, v, found); changed {
			object.Items()[i] = nv
		}
	}
}

// isCounts tells whether an object is the one that gets the counts.
func (r *redactor) isCounts(root, object event.Value) bool {
	if r.counts == nil {
		return false
	}
	at, ok := r.counts.Get(root)
	return ok && at.Same(object)
}

// excluded tells whether a member is one of the fields to leave alone: the same value at the same name.
func (r *redactor) excluded(root, v event.Value, name string) bool {
	for i := range r.exclude {
		f := &r.exclude[i]
		if f.parts[len(f.parts)-1] != name && f.flat != name {
			continue
		}
		if at, ok := f.Get(root); ok && at.Same(v) {
			return true
		}
	}
	return false
}

// text redacts a text.
func (r *redactor) text(text string, found *counts) (string, bool) {
	var spans [16]found1
	list := r.scan.find(spans[:0], text)
	if len(list) == 0 {
		return text, false
	}
	var out strings.Builder
	out.Grow(len(text))
	copied := 0
	for _, s := range list {
		if r.marked(text[s.start:]) >= s.end-s.start {
			continue
		}
		out.WriteString(text[copied:s.start])
		out.WriteString(r.replacement(s.kind, text[s.start:s.end]))
		copied = s.end
		found.add(s.kind)
	}
	if copied == 0 {
		return text, false
	}
	out.WriteString(text[copied:])
	return out.String(), true
}

// marked is how many bytes at the beginning of a text stand in the place of a value already: an earlier filter's work is neither done nor
// counted again.
func (r *redactor) marked(text string) int {
	for kind := range sensitiveKinds {
		mark := r.mark(uint8(kind))
		if r.method != "token" {
			if mark != "" && strings.HasPrefix(text, mark) {
				return len(mark)
			}
			continue
		}
		const digits = 2 * tokenBytes
		mark = sensitiveKinds[kind] + "_"
		if rest, ok := strings.CutPrefix(text, mark); ok && len(rest) >= digits && strings.Trim(rest[:digits], "0123456789abcdef") == "" {
			return len(mark) + digits
		}
	}
	return 0
}

// mark is what stands in the place of a value of that kind when no part of the value is kept.
func (r *redactor) mark(kind uint8) string {
	return strings.ReplaceAll(r.mask, "{kind}", sensitiveKinds[kind])
}

// tokenBytes is how much of the hash is in a token.
const tokenBytes = 12

// replacement is what stands in the place of a value.
func (r *redactor) replacement(kind uint8, value string) string {
	switch r.method {
	case "remove":
		return ""
	case "token":
		mac := hmac.New(sha256.New, r.key)
		mac.Write([]byte(sensitiveKinds[kind] + "\x00" + plainValue(kind, value))) // never fails
		return sensitiveKinds[kind] + "_" + hex.EncodeToString(mac.Sum(nil)[:tokenBytes])
	case "partial":
		if text, ok := partial(kind, value); ok {
			return text
		}
	}
	return r.mark(kind)
}

// plainValue is a value without what may be written differently, so that its tokens join.
func plainValue(kind uint8, value string) string {
	switch kind {
	case kindEmail, kindName:
		return strings.ToLower(value)
	case kindCard, kindPhone, kindIBAN, kindNationalID:
		return strings.ToUpper(strings.Map(func(c rune) rune {
			if strings.ContainsRune(" -.()/", c) {
				return -1
			}
			return c
		}, value))
	}
	return value
}

// partial keeps the part of a value that does not tell who it is.
func partial(kind uint8, value string) (string, bool) {
	switch kind {
	case kindEmail:
		at := strings.LastIndexByte(value, '@')
		return "***" + value[at:], true
	case kindCard, kindPhone, kindIBAN:
		kept, out := 0, []byte(value)
		for i := len(out) - 1; i >= 0; i-- {
			if isAlnum(out[i]) {
				if kept++; kept > 4 {
					out[i] = '*'
				}
			}
		}
		return string(out), true
	case kindIP:
		if dot := strings.LastIndexByte(value, '.'); dot > 0 {
			return value[:dot] + ".0", true
		}
	}
	return "", false
}
