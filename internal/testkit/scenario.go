package testkit

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Scenario is a file of steps.
type Scenario struct {
	Steps []Step
	// Differs holds for each step of the file.
	Differs []Named
}

// Named is a place where a server that is compared with this one may answer otherwise, and why.
type Named struct{ Path, Reason string }

// Step is one request with the answer that is expected.
type Step struct {
	Title  string
	Line   int // of the request line in the file, 1-based
	Method string
	Target string
	Header map[string]string
	Body   string

	Status     int
	WantHeader map[string]string
	Want       string // pattern for the body; "" accepts any
	Save       []Save

	Differs []Named
	// Apart is the reason why the step is not sent to a server that is compared with this one; "" where it is.
	Apart string
}

// Save names a value of the answer for later steps. Path is dotted; numbers index arrays.
type Save struct{ Name, Path string }

var (
	requestLine = regexp.MustCompile(`^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH) (/\S*)$`)
	headerLine  = regexp.MustCompile(`^([A-Z][A-Za-z-]*): (.*)$`)
	statusLine  = regexp.MustCompile(`^==> (\d{3})$`)
	saveLine    = regexp.MustCompile(`^save (\w+) (\S+)$`)
	differsLine = regexp.MustCompile(`^differs (\S+): (.+)$`)
	compareLine = regexp.MustCompile(`^compare (?:on|off: (.+))$`)
	macro       = regexp.MustCompile(`\{\{(repeat (\d+) (.+?)|bytes ([0-9a-f ]+))\}\}`)
)

// ParseScenario reads a scenario file.
func ParseScenario(text string) (*Scenario, error) {
	p := &scenarioParser{lines: strings.Split(text, "\n")}
	s := &Scenario{}
	apart := ""
	for {
		title, more := p.title()
		if !more {
			return s, nil
		}
		if m := compareLine.FindStringSubmatch(p.lines[p.at]); m != nil {
			apart = m[1]
			p.at++
			continue
		}
		if m := differsLine.FindStringSubmatch(p.lines[p.at]); m != nil && len(s.Steps) == 0 {
			s.Differs = append(s.Differs, Named{m[1], m[2]})
			p.at++
			continue
		}
		step, err := p.step()
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", p.at+1, err)
		}
		step.Title, step.Apart = title, apart
		s.Steps = append(s.Steps, step)
	}
}

type scenarioParser struct {
	lines []string
	at    int
}

// title skips blank lines and comments and returns the last comment.
func (p *scenarioParser) title() (title string, more bool) {
	for ; p.at < len(p.lines); p.at++ {
		line := strings.TrimSpace(p.lines[p.at])
		switch {
		case line == "":
		case strings.HasPrefix(line, "#"):
			title = strings.TrimSpace(strings.TrimPrefix(line, "#"))
		default:
			return title, true
		}
	}
	return "", false
}

func (p *scenarioParser) step() (Step, error) {
	m := requestLine.FindStringSubmatch(p.lines[p.at])
	if m == nil {
		return Step{}, fmt.Errorf("%q is no request line", p.lines[p.at])
	}
	step := Step{Line: p.at + 1, Method: m[1], Target: m[2]}
	p.at++
	step.Header = p.headers()
	body, err := p.until(func(line string) bool { return strings.HasPrefix(line, "==>") })
	if err != nil {
		return step, err
	}
	if step.Body, err = expand(body); err != nil {
		return step, err
	}
	m = statusLine.FindStringSubmatch(p.lines[p.at])
	if m == nil {
		return step, fmt.Errorf("%q is no status line such as ==> 200", p.lines[p.at])
	}
	step.Status, err = strconv.Atoi(m[1])
	if err != nil {
		return step, err
	}
	p.at++
	step.WantHeader = p.headers()
	step.Want = p.rest(&step)
	return step, nil
}

// headers reads header lines.
func (p *scenarioParser) headers() map[string]string {
	found := map[string]string{}
	for ; p.at < len(p.lines); p.at++ {
		m := headerLine.FindStringSubmatch(p.lines[p.at])
		if m == nil {
			break
		}
		found[m[1]] = m[2]
	}
	return found
}

// until reads the lines before one that ends them.
func (p *scenarioParser) until(end func(string) bool) (string, error) {
	start := p.at
	for ; p.at < len(p.lines); p.at++ {
		if end(p.lines[p.at]) {
			return block(p.lines[start:p.at]), nil
		}
	}
	return "", fmt.Errorf("the answer (a line with ==>) is missing")
}

// rest reads the expected body, what to save and what may differ, up to the next step.
func (p *scenarioParser) rest(step *Step) string {
	var want []string
	for ; p.at < len(p.lines); p.at++ {
		line := p.lines[p.at]
		if strings.HasPrefix(line, "#") || requestLine.MatchString(line) || compareLine.MatchString(line) {
			break
		}
		if m := differsLine.FindStringSubmatch(line); m != nil {
			step.Differs = append(step.Differs, Named{m[1], m[2]})
			continue
		}
		if m := saveLine.FindStringSubmatch(line); m != nil {
			step.Save = append(step.Save, Save{Name: m[1], Path: m[2]})
			continue
		}
		want = append(want, line)
	}
	return block(want)
}

// block joins lines without the blank ones at both ends; it ends with a newline unless it is empty.
func block(lines []string) string {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// expand replaces {{repeat N TEXT}} and {{bytes HEX}}.
func expand(body string) (string, error) {
	var failed error
	out := macro.ReplaceAllStringFunc(body, func(found string) string {
		m := macro.FindStringSubmatch(found)
		if m[4] != "" {
			raw, err := hex.DecodeString(strings.ReplaceAll(m[4], " ", ""))
			if err != nil {
				failed = err
			}
			return string(raw)
		}
		n, err := strconv.Atoi(m[2])
		if err != nil || n > 64<<20 {
			failed = fmt.Errorf("%q repeats too often", found)
			return ""
		}
		return strings.Repeat(m[3], n)
	})
	return out, failed
}
