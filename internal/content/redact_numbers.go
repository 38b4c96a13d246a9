package content

import "strings"

// maxGroups and maxNumberDigits bound a number that is written in groups.
const (
	maxGroups       = 10
	maxNumberDigits = 34
)

// grouped is a number as it is written: its digits, and where each group ends.
type grouped struct {
	start  int
	plus   bool // begins with +
	paren  bool // begins with (
	groups int
	length int // of digits
	digits [maxNumberDigits]byte
	ends   [maxGroups]int  // byte after each group
	counts [maxGroups]int  // digits up to and including each group
	seps   [maxGroups]byte // behind each group; ' ' also for several marks
}

// number finds what begins with a digit, + or (.
func (s *scanner) number(text string, i int) (found1, bool) {
	if i > 0 && (text[i-1] == '.' || text[i-1] == '-' || text[i-1] == ',') && i > 1 && isAlnum(text[i-2]) {
		return found1{}, false // in the middle of a number, a date or an identifier
	}
	if s.wants(kindIP) && isDigit(text[i]) {
		if end := address(text, i); end > 0 {
			return found1{i, end, kindIP}, true
		}
	}
	if s.wants(kindNationalID) && isDigit(text[i]) {
		if end := letteredID(text, i); end > 0 {
			return found1{i, end, kindNationalID}, true
		}
	}
	g := grouped{start: i}
	g.read(text)
	for n := g.groups; n > 0; n-- {
		end := g.ends[n-1]
		if g.counts[n-1] < 7 || end < len(text) && isWord(text[end]) ||
			n < g.groups && g.seps[n-1] != ' ' || end+1 < len(text) && (text[end] == '-' || text[end] == '.') && isAlnum(text[end+1]) {
			continue
		}
		if kind, ok := s.classify(&g, n); ok {
			return found1{i, end, kind}, true
		}
	}
	return found1{}, false
}

// read takes groups of digits with one or two separators between them.
func (g *grouped) read(text string) {
	at := g.start
	switch text[at] {
	case '+':
		g.plus = true
		at++
	case '(':
		g.paren = true
		at++
	}
	for at < len(text) && g.groups < maxGroups {
		from := at
		for at < len(text) && isDigit(text[at]) && g.length < maxNumberDigits {
			g.digits[g.length] = text[at]
			g.length++
			at++
		}
		if at == from {
			return
		}
		g.ends[g.groups], g.counts[g.groups] = at, g.length
		g.groups++
		sep := byte(0)
		for k := 0; k < 3 && at < len(text) && strings.IndexByte(" -.()/", text[at]) >= 0; k++ {
			if sep == 0 || sep == text[at] {
				sep = text[at]
			} else {
				sep = ' '
			}
			at++
		}
		if sep == 0 {
			return
		}
		g.seps[g.groups-1] = sep
	}
}

// classify tells what the first n groups are.
func (s *scanner) classify(g *grouped, n int) (uint8, bool) {
	d := g.digits[:g.counts[n-1]]
	switch {
	case s.wants(kindNationalID) && !g.plus && !g.paren && len(d) >= 9 && len(d) <= 18 && numericID(g, n):
		return kindNationalID, true
	case s.wants(kindCard) && !g.plus && !g.paren && len(d) >= 13 && g.evenly(n) && isCard(string(d)):
		return kindCard, true
	case s.wants(kindPhone) && g.isPhone(n):
		return kindPhone, true
	}
	return 0, false
}

// shape tells whether the first n groups have these lengths, with sep between all of them (0: any).
func (g *grouped) shape(n int, sep byte, lengths ...int) bool {
	if n != len(lengths) {
		return false
	}
	before := 0
	for i, length := range lengths {
		if g.counts[i]-before != length || i > 0 && sep != 0 && g.seps[i-1] != sep {
			return false
		}
		before = g.counts[i]
	}
	return true
}

// evenly tells whether the groups are as on cards: all digits together, or groups of at least three with the same separator.
func (g *grouped) evenly(n int) bool {
	before := 0
	for i := range n {
		if n > 1 && g.counts[i]-before < 3 || i > 0 && (g.seps[i-1] != g.seps[0] || g.seps[0] != ' ' && g.seps[0] != '-') {
			return false
		}
		before = g.counts[i]
	}
	return true
}

// isCard checks length, the first digits of the issuers in use, and the check digit (ISO/IEC 7812).
func isCard(digits string) bool {
	n := len(digits)
	if n < 13 || n > 19 {
		return false
	}
	issuer := false
	switch digits[0] {
	case '4':
		issuer = n == 13 || n == 16 || n == 19
	case '5':
		issuer = n == 16 && digits[1] >= '1' && digits[1] <= '5' || digits[1] == '0' || digits[1] >= '6'
	case '3':
		issuer = n == 15 && (digits[1] == '4' || digits[1] == '7') || n >= 14 && (digits[1] == '0' || digits[1] == '6' || digits[1] == '8') || n >= 16 && digits[1] == '5'
	case '2':
		issuer = n == 16 && digits[:4] >= "2200" && digits[:4] <= "2720"
	case '6':
		issuer = n >= 16
	}
	return issuer && luhn(digits) && strings.Count(digits, digits[:1]) < n
}

// luhn checks the check digit of ISO/IEC 7812.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// isPhone knows + with country code, and the North American forms.
func (g *grouped) isPhone(n int) bool {
	d := g.digits[:g.counts[n-1]]
	if g.plus {
		return len(d) >= 8 && len(d) <= 15 && d[0] != '0'
	}
	if g.paren {
		return g.shape(n, 0, 3, 3, 4) && d[0] >= '2' && d[3] >= '2'
	}
	for _, sep := range []byte{'-', '.', ' '} {
		if g.shape(n, sep, 3, 3, 4) {
			return d[0] >= '2' && d[3] >= '2'
		}
		if g.shape(n, sep, 1, 3, 3, 4) {
			return d[0] == '1' && d[1] >= '2' && d[4] >= '2'
		}
	}
	return n == 4 && d[0] == '1' && g.shape(n, 0, 1, 3, 3, 4) && d[1] >= '2' && d[4] >= '2'
}
