package datefmt

var monthNames = [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September",
	"October", "November", "December"}

// weekdayNames begin with Monday, day 1 of ISO 8601.
var weekdayNames = [...]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// shortNameBytes is the length of every short English name of a month or day.
const shortNameBytes = 3

// matchName finds the name text begins with and how many bytes it took; 0 when none fits. Joda takes the long and the
// short form whichever the pattern asks for, java.time only the one asked for. Case does not matter.
func matchName(names []string, text string, dialect Dialect, letters int) (index, length int) {
	if len(text) < shortNameBytes {
		return 0, 0
	}
	for i, name := range names {
		if !hasFoldPrefix(text, name[:shortNameBytes]) {
			continue
		}
		long := hasFoldPrefix(text, name)
		switch {
		case dialect == Java && letters > 3:
			if !long {
				return 0, 0
			}
			return i, len(name)
		case dialect == Joda && long:
			return i, len(name)
		}
		return i, shortNameBytes
	}
	return 0, 0
}

// hasFoldPrefix compares ASCII letters without regard to case.
func hasFoldPrefix(text, prefix string) bool {
	if len(text) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		if text[i] != prefix[i] && (text[i]|0x20 != prefix[i]|0x20 || !isLetter(text[i])) {
			return false
		}
	}
	return true
}
