package useragent

import "strings"

// Version is up to four parts of a version number; parts that are missing are "".
type Version [4]string

// String joins the parts with points.
func (v Version) String() string {
	n := 0
	for n < len(v) && v[n] != "" {
		n++
	}
	return strings.Join(v[:n], ".")
}

// Agent is what a header says. What it does not say is Other.
type Agent struct {
	Name      string
	Version   Version
	OS        string
	OSVersion Version
	Device    string
}

// System is the operating system with its version.
func (a *Agent) System() string {
	if v := a.OSVersion.String(); v != "" {
		return a.OS + " " + v
	}
	return a.OS
}

// Parse applies the rules: the first that fits names the program, the system and the device, each by itself.
func Parse(header string) Agent {
	a := Agent{Name: "Other", OS: "Other", Device: "Other"}
	kind := parseProgram(header, &a)
	a.OS, a.OSVersion = parseSystem(header)
	switch kind {
	case crawler:
		a.Device = "Spider"
	case browser:
		a.Device = parseDevice(header)
	}
	return a
}

// parseProgram sets name and version, and tells what kind of program it is; a header that no rule knows is taken for a
// browser's.
func parseProgram(header string, a *Agent) programKind {
	if kind, ok := applyRules(programRules, header, a); ok {
		return kind
	}
	if name, v, ok := unlistedCrawler(header); ok {
		a.Name, a.Version = name, v
		return crawler
	}
	kind, _ := applyRules(browserRules, header, a)
	return kind
}

func applyRules(rules []programRule, header string, a *Agent) (programKind, bool) {
	for i := range rules {
		if v, ok := rules[i].apply(header); ok {
			a.Name, a.Version = rules[i].family(header), v
			return rules[i].kind, true
		}
	}
	return browser, false
}

// readVersion reads numbers joined by points, or by underscores as Apple writes them.
func readVersion(text string) Version {
	var v Version
	pos := 0
	for part := range v {
		n := digitsAt(text, pos)
		if n == 0 {
			break
		}
		v[part] = text[pos : pos+n]
		pos += n
		if pos >= len(text) || text[pos] != '.' && text[pos] != '_' {
			break
		}
		pos++
	}
	return v
}

func digitsAt(text string, pos int) int {
	n := 0
	for pos+n < len(text) && '0' <= text[pos+n] && text[pos+n] <= '9' {
		n++
	}
	return n
}
