package datefmt

import "fmt"

// numberLetters maps a letter that both languages share to its field and the most digits it can have.
var numberLetters = map[byte]op{
	'd': {kind: opDay, max: 2},
	'D': {kind: opDayOfYear, max: 3},
	'w': {kind: opWeek, max: 2},
	'H': {kind: opHour, max: 2},
	'k': {kind: opHour24, max: 2},
	'h': {kind: opHour12, max: 2},
	'K': {kind: opHour11, max: 2},
	'm': {kind: opMinute, max: 2},
	's': {kind: opSecond, max: 2},
}

// maxFractionDigits is a nanosecond's; more letters print zeros and read no further.
const maxFractionDigits = 9

// field compiles one run of n equal letters.
func (c *compiler) field(letter byte, n int) (op, error) {
	if o, ok := numberLetters[letter]; ok {
		return c.number(o.kind, n, o.max), nil
	}
	switch letter {
	case 'y':
		return c.year(opYear, n), nil
	case 'M':
		return c.month(n), nil
	case 'L':
		if c.dialect == Java {
			return c.month(n), nil
		}
	case 'S':
		if n > maxFractionDigits {
			return op{}, fmt.Errorf("letter S is given %d times, the finest fraction has %d digits", n, maxFractionDigits)
		}
		o := op{kind: opFraction, min: n, max: n}
		if c.dialect == Joda {
			o.min = 1
		}
		return o, nil
	case 'E':
		return op{kind: opWeekdayText, max: n}, nil
	case 'a':
		return op{kind: opHalfDay, max: n}, nil
	case 'G':
		return op{kind: opEra, max: n}, nil
	case 'z':
		c.letters |= hasZone
		return op{kind: opZoneName, max: n}, nil
	}
	if c.dialect == Joda {
		return c.jodaField(letter, n)
	}
	return c.javaField(letter, n)
}

func (c *compiler) jodaField(letter byte, n int) (op, error) {
	switch letter {
	case 'Y':
		return c.year(opYear, n), nil
	case 'x':
		return c.year(opWeekYear, n), nil
	case 'e':
		return c.number(opWeekday, n, 1), nil
	case 'Z':
		c.letters |= hasZone
		switch n {
		case 1:
			return op{kind: opOffset, max: offsetBasic}, nil
		case 2:
			return op{kind: opOffset, max: offsetColon}, nil
		}
		return op{kind: opZoneID}, nil
	}
	return op{}, fmt.Errorf("letter %q is no field of a Joda date pattern", letter)
}

func (c *compiler) javaField(letter byte, n int) (op, error) {
	switch letter {
	case 'u':
		return c.year(opYear, n), nil
	case 'Y':
		return c.year(opWeekYear, n), nil
	case 'e', 'c':
		if n > 2 {
			return op{kind: opWeekdayText, max: n}, nil
		}
		return c.number(opWeekday, n, 1), nil
	case 'n':
		return op{kind: opNano, min: min(n, 9), max: 9}, nil
	case 'A':
		return op{kind: opMillisOfDay, min: min(n, 8), max: 8}, nil
	case 'V':
		if n != 2 {
			return op{}, fmt.Errorf("zone id is written VV, not %d times V", n)
		}
		c.letters |= hasZone
		return op{kind: opZoneID}, nil
	case 'Z', 'X', 'x', 'O':
		return c.javaOffset(letter, n)
	}
	return op{}, fmt.Errorf("letter %q is no field of a java.time date pattern that is supported", letter)
}

func (c *compiler) javaOffset(letter byte, n int) (op, error) {
	c.letters |= hasZone
	style := -1
	switch {
	case letter == 'Z' && n <= 3:
		style = offsetBasic
	case letter == 'Z' && n == 5, letter == 'X' && n == 3:
		style = offsetColonZ
	case letter == 'Z' && n == 4, letter == 'O' && n == 4:
		style = offsetGMT
	case letter == 'X' && n == 1:
		style = offsetShortZ
	case letter == 'X' && n == 2:
		style = offsetBasicZ
	case letter == 'x' && n == 1:
		style = offsetShort
	case letter == 'x' && n == 2:
		style = offsetBasic
	case letter == 'x' && n == 3:
		style = offsetColon
	}
	if style < 0 {
		return op{}, fmt.Errorf("offset letter %q cannot be given %d times", letter, n)
	}
	return op{kind: opOffset, max: style}, nil
}

// number compiles a numeric field. Joda reads from one digit on; java.time wants at least as many as there are letters.
func (c *compiler) number(kind opKind, n, maxDigits int) op {
	o := op{kind: kind, min: n, max: max(n, maxDigits)}
	if c.dialect == Java && n > 1 {
		o.max = n
	}
	return o
}

func (c *compiler) month(n int) op {
	if n >= 3 {
		return op{kind: opMonthText, max: n}
	}
	return c.number(opMonth, n, 2)
}

// maxYearDigits keeps a year within what time.Time and 64-bit milliseconds can hold.
const maxYearDigits = 9

func (c *compiler) year(kind opKind, n int) op {
	c.letters |= hasYear
	switch {
	case n == 2:
		return op{kind: kind, min: 2, max: 2}
	case c.dialect == Java && n > 2:
		return op{kind: kind, min: n, max: n}
	}
	return op{kind: kind, min: n, max: max(n, maxYearDigits)}
}
