package processor

import (
	"html"
	"strings"
)

// newHTMLStrip leaves the text of HTML.
func newHTMLStrip(c *config) (Processor, error) { return newText(c, plainly(stripHTML)) }

// inlineTags stand within a line: nothing takes their place, where other tags leave a newline.
var inlineTags = map[string]bool{
	"a": true, "abbr": true, "acronym": true, "b": true, "basefont": true, "bdo": true, "big": true, "cite": true, "code": true, "dfn": true,
	"em": true, "font": true, "i": true, "img": true, "input": true, "kbd": true, "label": true, "q": true, "s": true, "samp": true,
	"select": true, "small": true, "span": true, "strike": true, "strong": true, "sub": true, "sup": true, "textarea": true, "tt": true,
	"u": true, "var": true,
}

// stripHTML takes tags, comments, scripts and styles out of a text and reads its entities.
func stripHTML(text string) string {
	var out strings.Builder
	for {
		at := strings.IndexByte(text, '<')
		if at < 0 {
			break
		}
		out.WriteString(html.UnescapeString(text[:at]))
		text = text[at:]
		size, replacement := markup(text)
		if size == 0 {
			out.WriteByte('<')
			text = text[1:]
			continue
		}
		out.WriteString(replacement)
		text = text[size:]
	}
	out.WriteString(html.UnescapeString(text))
	return out.String()
}

// markup measures the markup that text begins with, 0 when a < is only a <, and says what stands for it.
func markup(text string) (size int, replacement string) {
	switch {
	case strings.HasPrefix(text, "<!--"):
		if end := strings.Index(text[4:], "-->"); end >= 0 {
			return end + 7, ""
		}
		return 0, ""
	case strings.HasPrefix(text, "<![CDATA["):
		if end := strings.Index(text, "]]>"); end >= 0 {
			return end + 3, text[len("<![CDATA["):end]
		}
		return 0, ""
	case strings.HasPrefix(text, "<!"), strings.HasPrefix(text, "<?"):
		return tagEnd(text), ""
	}
	rest := strings.TrimPrefix(text[1:], "/")
	n := 0
	for n < len(rest) && (rest[n]|0x20 >= 'a' && rest[n]|0x20 <= 'z' || n > 0 && rest[n] >= '0' && rest[n] <= '9') {
		n++
	}
	if n == 0 {
		return 0, ""
	}
	name := strings.ToLower(rest[:n])
	size = tagEnd(text)
	if size > 0 && (name == "script" || name == "style") && text[1] != '/' {
		if end := strings.Index(strings.ToLower(text[size:]), "</"+name); end >= 0 {
			size += end + tagEnd(text[size+end:])
		}
		return size, "\n"
	}
	if inlineTags[name] {
		return size, ""
	}
	return size, "\n"
}

// tagEnd is the place behind the > that ends a tag; one in quotes does not. It is 0 when the tag does not end.
func tagEnd(text string) int {
	quote := byte(0)
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return 0
}
