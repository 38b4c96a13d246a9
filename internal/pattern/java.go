package pattern

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// CompileJava compiles an expression with the meaning that java.util.regex gives to what logs' configurations use: ^ and $ are
// the ends of the text unless (?m) is set, (?s) lets the dot match newlines, \Q…\E quotes. What only Java has (unions and
// intersections of classes without &&, \G between matches, Unicode blocks) has Ruby's meaning or is refused.
func CompileJava(source string) (*Regexp, error) {
	translated, err := fromJava(source)
	if err != nil {
		return nil, err
	}
	re, err := Compile(translated)
	if err != nil {
		return nil, err
	}
	re.source = source
	return re, nil
}

// fromJava writes an expression as Ruby has it.
func fromJava(source string) (string, error) {
	var out strings.Builder
	multiline := false
	class := 0 // depth of brackets
	for i := 0; i < len(source); i++ {
		switch c := source[i]; {
		case c == '\\' && i+1 < len(source) && source[i+1] == 'Q':
			quoted, _, _ := strings.Cut(source[i+2:], `\E`)
			out.WriteString(Quote(quoted))
			i += 1 + len(quoted)
			if strings.HasPrefix(source[i+1:], `\E`) {
				i += 2
			}
		case c == '\\' && i+1 < len(source):
			out.WriteString(source[i : i+2])
			i++
		case c == '[':
			class++
			out.WriteByte(c)
			if strings.HasPrefix(source[i+1:], "^") {
				out.WriteByte('^')
				i++
			}
		case c == ']' && class > 0:
			class--
			out.WriteByte(c)
		case class > 0:
			out.WriteByte(c)
		case c == '^' && !multiline:
			out.WriteString(`\A`)
		case c == '$' && !multiline:
			out.WriteString(`\Z`)
		case c == '(' && strings.HasPrefix(source[i:], "(?"):
			size, flags, on := inlineFlags(source[i:])
			if size == 0 {
				out.WriteByte(c)
				break
			}
			if strings.Contains(flags, "m") {
				multiline = on
			}
			translated, err := rubyFlags(source[i : i+size])
			if err != nil {
				return "", err
			}
			out.WriteString(translated)
			i += size - 1
		default:
			out.WriteByte(c)
		}
	}
	return out.String(), nil
}

// inlineFlags measures (?flags) or (?flags: at the start of text. on is false for flags behind a hyphen.
func inlineFlags(text string) (size int, flags string, on bool) {
	on = true
	for i := 2; i < len(text); i++ {
		switch c := text[i]; {
		case c == ')' || c == ':':
			if i == 2 { // (?: is a group
				return 0, "", true
			}
			return i + 1, text[2:i], on
		case c == '-':
			on = false
		case 'a' <= c && c <= 'z' || c == 'U':
		default:
			return 0, "", true
		}
	}
	return 0, "", true
}

// rubyFlags writes a group of flags: m is about ^ and $ in Java, which the caller sees to, and s is Ruby's m.
func rubyFlags(group string) (string, error) {
	var out strings.Builder
	for _, c := range group {
		switch c {
		case 's':
			out.WriteByte('m')
		case 'm', 'u', 'U':
		case 'd':
			return "", &SyntaxError{Source: group, Reason: "flag d is not supported"}
		default:
			out.WriteRune(c)
		}
	}
	switch text := strings.Replace(out.String(), "(?-)", "", 1); text {
	case "(?)", "(?:)":
		return "", nil
	case "(?-:":
		return "(?:", nil
	default:
		return text, nil
	}
}

// JavaReplacement compiles the text that replaces matches as Java's Matcher.replaceAll reads it: $1 and ${name} are groups,
// \ takes what follows as it is.
func (re *Regexp) JavaReplacement(text string) (*Replacement, error) {
	r := &Replacement{}
	var literal []byte
	flush := func() {
		if len(literal) > 0 {
			r.parts = append(r.parts, replacementPart{text: string(literal)})
			literal = nil
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			if i++; i == len(text) {
				return nil, fmt.Errorf("character to be escaped is missing")
			}
			literal = append(literal, text[i])
		case c == '$':
			groups, size, err := re.javaGroup(text[i+1:])
			if err != nil {
				return nil, err
			}
			flush()
			r.parts = append(r.parts, replacementPart{groups: groups})
			i += size
		default:
			literal = append(literal, c)
		}
	}
	flush()
	return r, nil
}

// javaGroup reads what follows a dollar sign, and its size.
func (re *Regexp) javaGroup(text string) (groups []int, size int, err error) {
	if strings.HasPrefix(text, "{") {
		end := strings.IndexByte(text, '}')
		if end < 0 {
			return nil, 0, fmt.Errorf("named capturing group is missing trailing '}'")
		}
		if groups = re.groupsNamed(text[1:end]); groups == nil {
			return nil, 0, fmt.Errorf("there is no group called %s", text[1:end])
		}
		return groups, end + 1, nil
	}
	group := -1
	for size < len(text) && '0' <= text[size] && text[size] <= '9' {
		next := max(group, 0)*10 + int(text[size]-'0')
		if next >= re.prog.groups && size > 0 { // Java takes as many digits as make a group
			break
		}
		group = next
		size++
	}
	switch {
	case group < 0:
		return nil, 0, fmt.Errorf("a group reference is no number")
	case group >= re.prog.groups:
		return nil, 0, fmt.Errorf("there is no group %d", group)
	}
	return []int{group}, size, nil
}

// Split cuts text at every match as Java's String.split does. limit 0 leaves out empty parts at the end, a negative one keeps
// them, a positive one is the most parts there are.
func (re *Regexp) Split(text string, limit int) ([]string, error) {
	m := newMachine(re.prog, text, re.timeout)
	defer m.release()
	var parts []string
	start := 0
	for from := 0; from <= len(text) && (limit <= 0 || len(parts) < limit-1); {
		found, err := m.find(from)
		if err != nil {
			return nil, err
		}
		if !found {
			break
		}
		begin, end := m.slots[0], m.slots[1]
		from = end
		if begin == end {
			from = nextChar(text, end)
			if begin == 0 || begin >= len(text) { // nothing is cut off at the ends
				continue
			}
		}
		parts = append(parts, text[start:begin])
		start = end
	}
	if parts == nil {
		return []string{text}, nil
	}
	parts = append(parts, text[start:])
	for limit == 0 && len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return parts, nil
}

// nextChar is the place behind the character at pos.
func nextChar(text string, pos int) int {
	_, size := utf8.DecodeRuneInString(text[pos:])
	return pos + max(size, 1)
}
