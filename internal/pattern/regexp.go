package pattern

import "time"

// DefaultTimeout bounds one search of a [Regexp]. It is far above what any reasonable expression needs, and low enough
// that one bad line does not hold up a pipeline.
const DefaultTimeout = time.Second

// Regexp is a compiled regular expression with Ruby's meaning. It is immutable and safe for concurrent use.
type Regexp struct {
	source  string
	prog    *program
	timeout time.Duration
}

// Compile compiles an expression as it stands between the slashes of a Ruby literal. An error is a *SyntaxError.
func Compile(source string) (*Regexp, error) { return CompileFlags(source, 0) }

// CompileFlags is [Compile] with the options that stand behind the closing slash.
func CompileFlags(source string, flags Flags) (*Regexp, error) {
	root, p, err := parse(source, flags)
	if err != nil {
		return nil, err
	}
	prog, err := compile(root, p, false)
	if err != nil {
		return nil, err
	}
	return &Regexp{source: source, prog: prog, timeout: DefaultTimeout}, nil
}

// MustCompile is Compile for expressions written in the program itself.
func MustCompile(source string) *Regexp {
	re, err := Compile(source)
	if err != nil {
		panic(err)
	}
	return re
}

// WithTimeout returns the same expression with another limit on the time of one search.
func (re *Regexp) WithTimeout(limit time.Duration) *Regexp {
	c := *re
	c.timeout = limit
	return &c
}

// String returns the source.
func (re *Regexp) String() string { return re.source }

// NumGroups is the number of capturing groups, without the match itself.
func (re *Regexp) NumGroups() int { return re.prog.groups - 1 }

// GroupNames lists the groups' names by number. Name 0 is "", and so is the name of a plain group. Names can repeat.
func (re *Regexp) GroupNames() []string { return re.prog.names }

// Match tells whether text holds a match. A search that is given up (see [Regexp.Search]) has none.
func (re *Regexp) Match(text string) bool {
	found, err := re.Search(text)
	return found && err == nil
}

// Search tells whether text holds a match. The error, ErrTimeout or ErrTooComplex, says that it was given up.
func (re *Regexp) Search(text string) (bool, error) {
	m := newMachine(re.prog, text, re.timeout)
	defer m.release()
	return m.find(0)
}

// Find looks for the first match at byte from or later and appends its bounds to dst: start and end of the match, then
// of each group, -1 for a group that took no part. It returns nil when there is none. The error is ErrTimeout or
// ErrTooComplex.
func (re *Regexp) Find(dst []int, text string, from int) ([]int, error) {
	m := newMachine(re.prog, text, re.timeout)
	defer m.release()
	found, err := m.find(from)
	if !found {
		return nil, err
	}
	return append(dst, m.slots[:2*re.prog.groups]...), nil
}

// FindSubmatch returns the text of the first match and of its groups by number, "" for one that took no part; nil when
// there is no match.
func (re *Regexp) FindSubmatch(text string) []string {
	bounds, err := re.Find(nil, text, 0)
	if bounds == nil || err != nil {
		return nil
	}
	groups := make([]string, len(bounds)/2)
	for i := range groups {
		if bounds[2*i] >= 0 {
			groups[i] = text[bounds[2*i]:bounds[2*i+1]]
		}
	}
	return groups
}

// Quote returns an expression that matches text and nothing else.
func Quote(text string) string {
	quoted := make([]byte, 0, len(text))
	for i := range len(text) {
		switch text[i] {
		case '\\', '.', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '^', '$', '-', '#', ' ', '/':
			quoted = append(quoted, '\\')
		}
		quoted = append(quoted, text[i])
	}
	return string(quoted)
}
