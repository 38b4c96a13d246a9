package datefmt

import "time"

// The day arithmetic below is the proleptic Gregorian calendar in 400-year eras, as Howard Hinnant describes it in
// "chrono-Compatible Low-Level Date Algorithms". Days count from 1970-01-01.

const daysPerEra = 146_097

func daysFromCivil(year, month, day int) int {
	if month <= 2 {
		year--
	}
	era := floorDiv(year, 400)
	yearOfEra := year - era*400
	dayOfYear := (153*((month+9)%12)+2)/5 + day - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return era*daysPerEra + dayOfEra - 719_468
}

func civil(days int) (year, month, day int) {
	days += 719_468
	era := floorDiv(days, daysPerEra)
	dayOfEra := days - era*daysPerEra
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36_524 - dayOfEra/146_096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	m := (5*dayOfYear + 2) / 153
	day = dayOfYear - (153*m+2)/5 + 1
	month = m + 3
	if month > 12 {
		month -= 12
	}
	year = yearOfEra + era*400
	if month <= 2 {
		year++
	}
	return year, month, day
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// instant is time.Date for UTC with fields already checked; seconds may lie outside the minute.
func instant(year, month, day, hour, minute, second, nano int) time.Time {
	days := daysFromCivil(year, month, day)
	return time.Unix(int64(days)*86_400+int64(hour*3600+minute*60+second), int64(nano)).UTC()
}

func isLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

var monthDays = [...]int{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// daysIn wants a month of 1 to 12.
func daysIn(year, month int) int {
	if month == 2 && isLeap(year) {
		return 29
	}
	return monthDays[month]
}

// firstWeekStart is the Monday of week 1 of an ISO 8601 year: the week that holds January 4.
func firstWeekStart(year int) int {
	jan4 := daysFromCivil(year, 1, 4)
	return jan4 - isoWeekday(jan4) + 1
}

// isoWeekday is 1 for Monday to 7 for Sunday; day 0 was a Thursday.
func isoWeekday(days int) int { return ((days+3)%7+7)%7 + 1 }

func weeksInYear(year int) int { return (firstWeekStart(year+1) - firstWeekStart(year)) / 7 }
