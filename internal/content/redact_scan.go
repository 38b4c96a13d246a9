package content

import (
	"net/netip"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The indexes of sensitiveKinds.
const (
	kindEmail uint8 = iota
	kindPhone
	kindCard
	kindIBAN
	kindNationalID
	kindAPIKey
	kindJWT
	kindPrivateKey
	kindCredential
	kindIP
	kindName
)

// found1 is one place of a text.
type found1 struct {
	start, end int
	kind       uint8
}

// scanner finds what is sensitive in a text, in one pass: what can begin at a byte is known by the byte, and what is found is not
// looked at again.
type scanner struct {
	wanted uint16
	names  map[string][]string // first word, in lower case → the rest of the names that begin with it
}

func (s *scanner) wants(kind uint8) bool { return s.wanted&(1<<kind) != 0 }

// addName adds a name to look for.
func (s *scanner) addName(name string) {
	words := strings.Fields(strings.ToLower(name))
	if len(words) == 0 {
		return
	}
	if s.names == nil {
		s.names = map[string][]string{}
	}
	s.wanted |= 1 << kindName
	rest := strings.Join(words[1:], " ")
	list := s.names[words[0]]
	at, _ := slices.BinarySearchFunc(list, rest, func(a, b string) int { return len(b) - len(a) }) // the longest first
	s.names[words[0]] = slices.Insert(list, at, rest)
}

// find appends the places, in order and apart from each other.
func (s *scanner) find(dst []found1, text string) []found1 {
	end := 0 // of what was found last
	for i := 0; i < len(text); {
		c := text[i]
		var f found1
		ok := false
		switch {
		case c == '@':
			from := end
			if n := len(dst); n > 0 && dst[n-1].kind == kindName {
				from = dst[n-1].start // a name can be an address's first part
			}
			f, ok = s.email(text, i, from)
		case c == '-' && s.wants(kindPrivateKey) && strings.HasPrefix(text[i:], "-----BEGIN "):
			f, ok = privateKey(text, i)
		case c == ':' && s.wants(kindCredential) && strings.HasPrefix(text[i:], "://"):
			f, ok = urlPassword(text, i+3)
		case classes[c] == 0 || i > end && i > 0 && isWord(text[i-1]):
			i++ // nothing begins here, or in the middle of a word
			continue
		case classes[c]&isDigitClass != 0:
			f, ok = s.number(text, i)
		default:
			f, ok = s.word(text, i)
		}
		if !ok {
			i++
			continue
		}
		for len(dst) > 0 && dst[len(dst)-1].end > f.start { // an address takes in what its local part began with
			dst = dst[:len(dst)-1]
		}
		dst = append(dst, f)
		i, end = f.end, f.end
	}
	return dst
}

const (
	isDigitClass = 1 << iota
	isLetterClass
)

// classes tell what a byte can begin.
var classes = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c >= '0' && c <= '9', c == '+', c == '(':
			t[c] = isDigitClass
		case isAlnum(byte(c)), c >= utf8.RuneSelf:
			t[c] = isLetterClass
		}
	}
	return t
}()

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAlnum(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' }
func isWord(c byte) bool  { return isAlnum(c) || c == '_' || c >= utf8.RuneSelf }

// maxLocal and maxDomain are those of RFC 5321.
const (
	maxLocal  = 64
	maxDomain = 253
)

// email finds the address around the @ at i; from is where what was found before ends.
func (s *scanner) email(text string, i, from int) (found1, bool) {
	if !s.wants(kindEmail) {
		return found1{}, false
	}
	start := i
	for start > from && i-start < maxLocal && (isWord(text[start-1]) || strings.IndexByte(".+-%'&*=/!#$^`{|}~", text[start-1]) >= 0) {
		start--
	}
	for start < i && !isWord(text[start]) { // no address begins with a mark here: it is what stands before one
		start++
	}
	if eq := strings.LastIndexAny(text[start:i], "=/"); eq >= 0 {
		start += eq + 1
	}
	end, lastDot := i+1, 0
	for end < len(text) && end-i <= maxDomain && (isWord(text[end]) && text[end] != '_' || text[end] == '.' || text[end] == '-') {
		if text[end] == '.' {
			lastDot = end
		}
		end++
	}
	for end > i+1 && (text[end-1] == '.' || text[end-1] == '-') {
		end--
	}
	if lastDot >= end {
		lastDot = strings.LastIndexByte(text[:end], '.')
	}
	top := lastDot + 1
	if start == i || lastDot <= i+1 || end-top < 2 || isDigit(text[top]) {
		return found1{}, false
	}
	return found1{start, end, kindEmail}, true
}

// privateKey finds a PEM block, or what is left of one that was cut off.
func privateKey(text string, i int) (found1, bool) {
	line, _, _ := strings.Cut(text[i:min(len(text), i+80)], "\n") // no more is looked at: a long line can begin so a million times
	if !strings.Contains(line, "PRIVATE KEY-----") {
		return found1{}, false
	}
	if end := strings.Index(text[i:], "-----END "); end >= 0 {
		end += i + len("-----END ")
		if dashes := strings.Index(text[end:], "-----"); dashes >= 0 && dashes < 80 {
			return found1{i, end + dashes + 5, kindPrivateKey}, true
		}
	}
	return found1{i, len(text), kindPrivateKey}, true
}

// maxAuthority bounds how far a URL's user is looked for.
const maxAuthority = 512

// urlPassword finds the password of scheme://user:password@host.
func urlPassword(text string, i int) (found1, bool) {
	colon := -1
	for at := i; at < len(text) && at-i < maxAuthority; at++ {
		switch c := text[at]; {
		case c == '@':
			if colon > 0 && at > colon+1 {
				return found1{colon + 1, at, kindCredential}, true
			}
			return found1{}, false
		case c == ':' && colon < 0:
			colon = at
		case c <= ' ' || c == '/' || c == '?' || c == '#' || c == '"' || c == '<':
			return found1{}, false
		}
	}
	return found1{}, false
}

// word finds what begins with a letter.
func (s *scanner) word(text string, i int) (found1, bool) {
	if s.wants(kindAPIKey) {
		if end := apiKey(text, i); end > 0 {
			return found1{i, end, kindAPIKey}, true
		}
	}
	if s.wants(kindJWT) && strings.HasPrefix(text[i:], "eyJ") {
		if end := jsonWebToken(text, i); end > 0 {
			return found1{i, end, kindJWT}, true
		}
	}
	if s.wants(kindCredential) {
		if f, ok := credential(text, i); ok {
			return f, true
		}
	}
	if s.wants(kindIBAN) {
		if end := iban(text, i); end > 0 {
			return found1{i, end, kindIBAN}, true
		}
	}
	if s.wants(kindNationalID) {
		if end := letteredID(text, i); end > 0 {
			return found1{i, end, kindNationalID}, true
		}
	}
	if s.wants(kindIP) {
		if end := address(text, i); end > 0 {
			return found1{i, end, kindIP}, true
		}
	}
	if s.names != nil {
		if end := s.name(text, i); end > 0 {
			return found1{i, end, kindName}, true
		}
	}
	return found1{}, false
}

// name finds the longest name at i.
func (s *scanner) name(text string, i int) int {
	end := wordEnd(text, i)
	var buf [maxWordBytes]byte
	if end-i > len(buf) {
		return 0
	}
	lower := appendLower(buf[:0], text[i:end])
	for _, rest := range s.names[string(lower)] {
		if at, ok := wordsFollow(text, end, rest); ok {
			return at
		}
	}
	return 0
}

// wordsFollow tells whether words follow, with blanks between them, and where they end.
func wordsFollow(text string, at int, words string) (int, bool) {
	for words != "" {
		word, rest, _ := strings.Cut(words, " ")
		start := at
		for at < len(text) && (text[at] == ' ' || text[at] == '\t') && at-start < 8 {
			at++
		}
		end := wordEnd(text, at)
		if at == start || !strings.EqualFold(text[at:end], word) {
			return 0, false
		}
		at, words = end, rest
	}
	return at, true
}

// maxWordBytes bounds a word of a name.
const maxWordBytes = 80

func wordEnd(text string, at int) int {
	from := at
	for at < len(text) && at-from < maxWordBytes && isAlnum(text[at]) { // most words are ASCII
		at++
	}
	for at < len(text) && at-from < maxWordBytes {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '\'' && r != '-' && r != '.' {
			break
		}
		at += size
	}
	for at > from && (text[at-1] == '.' || text[at-1] == '-' || text[at-1] == '\'') { // of the sentence, not of the word
		at--
	}
	return at
}

func appendLower(dst []byte, text string) []byte {
	for i, r := range text {
		if r < utf8.RuneSelf {
			c := text[i]
			if c >= 'A' && c <= 'Z' {
				c |= 0x20
			}
			dst = append(dst, c)
			continue
		}
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
	}
	return dst
}

// address finds an IP address.
func address(text string, i int) int {
	end := i
	for end < len(text) && end-i < 45 && (isAlnum(text[end]) || text[end] == '.' || text[end] == ':') {
		end++
	}
	candidate := strings.TrimRight(text[i:end], ".:")
	if strings.Count(candidate, ".") != 3 && strings.Count(candidate, ":") < 2 {
		return 0
	}
	if _, err := netip.ParseAddr(candidate); err == nil {
		return i + len(candidate)
	}
	if host, _, ok := strings.Cut(candidate, ":"); ok { // with a port
		if _, err := netip.ParseAddr(host); err == nil {
			return i + len(host)
		}
	}
	return 0
}
