package content

import "strings"

// numericID knows national numbers of digits only, in their written forms: the forms with separators, and the long ones with check
// digits. A number without separators and without a check is not told from any other number.
func numericID(g *grouped, n int) bool {
	d := string(g.digits[:g.counts[n-1]])
	switch {
	case g.shape(n, '-', 3, 2, 4), g.shape(n, ' ', 3, 2, 4): // USA: social security number
		return d[:3] != "000" && d[:3] != "666" && d[0] != '9' && d[3:5] != "00" && d[5:] != "0000"
	case g.shape(n, '-', 3, 3, 3), g.shape(n, ' ', 3, 3, 3): // Canada: social insurance number
		return d[0] != '0' && d[0] != '8' && luhn(d)
	case n == 4 && g.shape(n, 0, 3, 3, 3, 2) && g.seps[0] == '.' && g.seps[1] == '.' && g.seps[2] == '-': // Brazil: CPF
		return cpf(d)
	case g.shape(n, ' ', 4, 4, 4), g.shape(n, '-', 4, 4, 4): // India: Aadhaar
		return d[0] >= '2' && verhoeff(d)
	case g.shape(n, '-', 6, 4): // Sweden: personnummer
		return monthDay(d[2:6]) && luhn(d)
	case g.shape(n, '-', 6, 7): // Korea: resident registration number
		return monthDay(d[2:6]) && d[6] >= '1' && d[6] <= '8'
	case n == 1 && len(d) == 11: // Poland: PESEL
		return pesel(d)
	case n == 1 && len(d) == 15, n == 7 && g.shape(n, ' ', 1, 2, 2, 2, 3, 3, 2): // France: NIR
		return nir(d)
	case n == 1 && len(d) == 18: // China: resident identity card
		return monthDay(d[10:14]) && chinaID(d)
	}
	return false
}

// monthDay tells whether MMDD can be a date.
func monthDay(mmdd string) bool {
	m, d := mmdd[:2], mmdd[2:]
	return m >= "01" && m <= "12" && d >= "01" && d <= "31"
}

// weighted is the sum of digits times weights.
func weighted(digits string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(digits[i]-'0') * w
	}
	return sum
}

func cpf(d string) bool {
	if strings.Count(d, d[:1]) == len(d) {
		return false
	}
	check := func(sum int) byte {
		if r := sum * 10 % 11; r < 10 {
			return byte('0' + r)
		}
		return '0'
	}
	return check(weighted(d, 10, 9, 8, 7, 6, 5, 4, 3, 2)) == d[9] && check(weighted(d, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)) == d[10]
}

func pesel(d string) bool {
	month := (d[2]-'0')%2*10 + d[3] - '0' // the century is in the month
	return month >= 1 && month <= 12 && d[4:6] >= "01" && d[4:6] <= "31" && weighted(d, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)%10 == 0
}

// nir is the French number: 13 digits and 97 minus their remainder.
func nir(d string) bool {
	if d[0] != '1' && d[0] != '2' {
		return false
	}
	if m := d[3:5]; m < "01" || m > "12" && m < "20" {
		return false
	}
	return 97-remainder97(d[:13]) == int(d[13]-'0')*10+int(d[14]-'0')
}

func remainder97(digits string) int {
	r := 0
	for i := range len(digits) {
		r = (r*10 + int(digits[i]-'0')) % 97
	}
	return r
}

// chinaID checks the last of 18 digits, which may be X.
func chinaID(d string) bool {
	return "10X98765432"[weighted(d, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)%11] == d[17]
}

// verhoeff checks a number with Verhoeff's digit: the dihedral group of order ten.
func verhoeff(d string) bool {
	c := 0
	for i := range len(d) {
		v := int(d[len(d)-1-i] - '0')
		for range i % 8 {
			v = int("1576283094"[v] - '0')
		}
		c = dihedral(c, v)
	}
	return c == 0
}

func dihedral(a, b int) int {
	switch {
	case a < 5 && b < 5:
		return (a + b) % 5
	case a < 5:
		return (a+b-5)%5 + 5
	case b < 5:
		return (a-5-b+5)%5 + 5
	}
	return (a - b + 5) % 5
}

// letteredID knows national numbers with letters in them, written without separators or in their usual groups; it answers where the
// number ends, 0 for none.
func letteredID(text string, i int) int {
	if !canBeID(text[i:]) {
		return 0
	}
	var buf [20]byte
	id := buf[:0]
	end := i
	for end < len(text) && len(id) < 19 {
		c := text[end]
		switch {
		case isAlnum(c):
			if c >= 'a' {
				c -= 0x20
			}
			id = append(id, c)
		case (c == ' ' || c == '-') && len(id) > 0 && len(id) < 9 && end+1 < len(text) && isAlnum(text[end+1]) && nino(id, false):
		default:
			return lettered(string(id), end)
		}
		end++
	}
	if end < len(text) && isWord(text[end]) {
		return 0
	}
	return lettered(string(id), end)
}

// canBeID looks at the few bytes in which such numbers differ from words: most words end here.
func canBeID(s string) bool {
	digit := func(at int) bool { return at < len(s) && isDigit(s[at]) }
	switch {
	case isDigit(s[0]):
		return digit(1)
	case digit(1):
		return strings.IndexByte("XYZxyz", s[0]) >= 0
	case digit(2), digit(3) && (s[2] == ' ' || s[2] == '-'):
		return true
	}
	return digit(6) && digit(7)
}

func lettered(id string, end int) int {
	ok := false
	switch len(id) {
	case 9:
		ok = nino([]byte(id), true) || dni(id)
	case 16:
		ok = codiceFiscale(id)
	case 18:
		ok = id[17] == 'X' && allDigits(id[:17]) && monthDay(id[10:14]) && chinaID(id)
	}
	if ok {
		return end
	}
	return 0
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// nino is the UK's national insurance number: two letters, six digits, A to D. Of a part of one it tells whether it can become one.
func nino(id []byte, whole bool) bool {
	if whole && len(id) != 9 || len(id) < 2 || len(id) > 9 {
		return false
	}
	for i, c := range id {
		switch {
		case i < 2 && (isDigit(c) || strings.IndexByte("DFIQUV", c) >= 0 || i == 1 && c == 'O'), i >= 2 && i < 8 && !isDigit(c), i == 8 && (c < 'A' || c > 'D'):
			return false
		}
	}
	return !strings.Contains(" BG GB KN NK NT TN ZZ ", " "+string(id[:2])+" ")
}

// dni is Spain's number: eight digits (the first may be X, Y or Z) and a letter that checks them.
func dni(id string) bool {
	number := id[:8]
	if at := strings.IndexByte("XYZ", number[0]); at >= 0 {
		number = string(byte('0'+at)) + number[1:]
	}
	if !allDigits(number) {
		return false
	}
	n := 0
	for i := range len(number) {
		n = n*10 + int(number[i]-'0')
	}
	return "TRWAGMYFPDXBNJZSQVHLCKE"[n%23] == id[8]
}

// codiceFiscale is Italy's code with its check letter.
func codiceFiscale(id string) bool {
	for i := range 16 {
		letter := i < 6 || i == 8 || i == 11 || i == 15
		if letter == isDigit(id[i]) {
			return false
		}
	}
	const odd = "\x01\x00\x05\x07\x09\x0d\x0f\x11\x13\x15\x02\x04\x12\x14\x0b\x03\x06\x08\x0c\x0e\x10\x0a\x16\x19\x18\x17"
	sum := 0
	for i := range 15 {
		v := int(id[i])
		if isDigit(id[i]) {
			v -= '0'
		} else {
			v -= 'A'
		}
		if i%2 == 0 { // odd places, counted from one
			v = int(odd[v])
		}
		sum += v
	}
	return byte('A'+sum%26) == id[15]
}

// ibanLengths are those of the IBAN registry.
var ibanLengths = map[string]int{"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20}

// iban finds an account number, in one piece or in groups of four; 0 when there is none or its check digits are wrong (ISO 13616).
func iban(text string, i int) int {
	if i+4 > len(text) || !isDigit(text[i+2]) || !isDigit(text[i+3]) {
		return 0
	}
	want, ok := ibanLengths[text[i:i+2]]
	if !ok {
		return 0
	}
	var account [34]byte
	n, at := 0, i
	for ; at < len(text) && n < want; at++ {
		c := text[at]
		switch {
		case isDigit(c), c >= 'A' && c <= 'Z':
			account[n] = c
			n++
		case c == ' ' && n%4 == 0:
		default:
			return 0
		}
	}
	if n < want || at < len(text) && isWord(text[at]) {
		return 0
	}
	r := 0
	for k := range n {
		c := account[(k+4)%n]
		if isDigit(c) {
			r = (r*10 + int(c-'0')) % 97
		} else {
			r = (r*100 + int(c-'A') + 10) % 97
		}
	}
	if r != 1 {
		return 0
	}
	return at
}
