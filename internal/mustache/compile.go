package mustache

import (
	"regexp"
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
)

// Template is text with Mustache tags, compiled.
type Template struct {
	source   string
	nodes    []node
	constant bool // there are no tags
}

// Constant says whether the template renders to its source, whatever the scope.
func (t *Template) Constant() bool { return t.constant }

// Source is the template as it was written.
func (t *Template) Source() string { return t.source }

// node is text, a variable or a section.
type node struct {
	kind      nodeKind
	text      string // text, or the tag's name
	names     []Part // the tag's name taken apart
	escape    Escaping
	delimiter string // of join
	nodes     []node
}

type nodeKind uint8

const (
	nodeText nodeKind = iota
	nodeVariable
	nodeSection
	nodeInverted
	nodeJSON
	nodeJoin
	nodeURL
)

// Part is one part of a dotted name.
type Part struct {
	Name string
	// Index is the place in a list that the name stands for, if it may stand for one.
	Index   int
	IsIndex bool
}

// Escaping is what {{name}} does to a text.
type Escaping uint8

// The escapings.
const (
	JSON Escaping = iota
	Plain
	Form
)

// EscapingFor is the escaping of a media type.
func EscapingFor(mediaType string) (escape Escaping, known bool) {
	switch mediaType, _, _ = strings.Cut(mediaType, ";"); strings.TrimSpace(mediaType) {
	case "application/json":
		return JSON, true
	case "text/plain":
		return Plain, true
	case "application/x-www-form-urlencoded":
		return Form, true
	}
	return JSON, false
}

// maxDepth bounds sections inside each other.
const maxDepth = 50

// Compile compiles text. The error is Elasticsearch's script_exception.
func Compile(text string, escape Escaping) (*Template, error) {
	t := &Template{source: text, constant: !strings.Contains(text, "{{")}
	if t.constant {
		return t, nil
	}
	c := compiler{rest: text, escape: escape, open: "{{", closing: "}}"}
	nodes, err := c.until("", "")
	if err != nil {
		return nil, err
	}
	t.nodes = nodes
	return t, nil
}

type compiler struct {
	rest          string
	escape        Escaping
	depth         int
	open, closing string // the delimiters
}

func fault(format string, args ...any) error {
	cause := eserr.New(400, "general_script_exception", format, args...)
	return eserr.New(400, "script_exception", format, args...).Because(cause)
}

// until compiles up to the tag that closes the section name, or the function of that section; to the end for "".
func (c *compiler) until(name, function string) ([]node, error) {
	var nodes []node
	for {
		at := strings.Index(c.rest, c.open)
		if at < 0 {
			if name != "" {
				return nil, fault("Failed to close '%s' tag", name)
			}
			return appendText(nodes, c.rest), nil
		}
		nodes = appendText(nodes, c.rest[:at])
		c.rest = c.rest[at:]
		tag, sigil, err := c.tag()
		if err != nil {
			return nil, err
		}
		switch sigil {
		case '!':
		case '=':
			if err := c.delimiters(tag); err != nil {
				return nil, err
			}
		case '/':
			if tag != name && (function == "" || tag != function) {
				return nil, fault("Mismatched start/end tags: %s != %s", name, tag)
			}
			return nodes, nil
		case '#', '^':
			n, err := c.section(tag, sigil)
			if err != nil {
				return nil, err
			}
			nodes = append(nodes, n)
		case '>', '<', '$':
			return nil, fault("tag {{%c}} is not supported in a template", sigil)
		default:
			n := node{kind: nodeVariable, text: tag, names: split(tag), escape: c.escape}
			if sigil == '&' {
				n.escape = Plain
			}
			nodes = append(nodes, n)
		}
	}
}

func appendText(nodes []node, text string) []node {
	if text == "" {
		return nodes
	}
	return append(nodes, node{kind: nodeText, text: text})
}

// tag reads the tag that rest begins with: its name and what it is ('&' for one that is not escaped).
func (c *compiler) tag() (name string, sigil byte, err error) {
	open, closing := c.open, c.closing
	switch {
	case open == "{{" && strings.HasPrefix(c.rest, "{{{"):
		open, closing, sigil = "{{{", "}}}", '&'
	case strings.HasPrefix(c.rest[len(open):], "="):
		closing = "=" + closing
	}
	end := strings.Index(c.rest[len(open):], closing)
	if end < 0 {
		return "", 0, fault("Improperly closed variable: %.100s", c.rest)
	}
	name = strings.TrimSpace(c.rest[len(open) : len(open)+end])
	c.rest = c.rest[len(open)+end+len(closing):]
	if name == "" {
		return "", 0, fault("Empty mustache tag")
	}
	if sigil == 0 && strings.IndexByte("#^/!&>=<$", name[0]) >= 0 {
		sigil = name[0]
		if name = strings.TrimSpace(name[1:]); name == "" && sigil != '!' && sigil != '=' { // else {{/}} would end the template
			return "", 0, fault("Empty mustache tag")
		}
	}
	return name, sigil, nil
}

// delimiters reads the two that {{=…=}} sets for what comes behind it.
func (c *compiler) delimiters(tag string) error {
	pair := strings.Fields(tag)
	if len(pair) != 2 || strings.Contains(tag, "=") {
		return fault("Invalid delimiter string: %s", tag)
	}
	c.open, c.closing = pair[0], pair[1]
	return nil
}

// joinWith is the tag of a join with a delimiter of its own.
var joinWith = regexp.MustCompile(`^join delimiter='(.*)'$`)

// section compiles a section whose opening tag was read.
func (c *compiler) section(tag string, sigil byte) (node, error) {
	if c.depth++; c.depth > maxDepth {
		return node{}, fault("sections are nested more than %d deep", maxDepth)
	}
	defer func() { c.depth-- }()
	n := node{kind: nodeSection, text: tag, names: split(tag)}
	function := ""
	if sigil == '^' {
		n.kind = nodeInverted
	} else if with := joinWith.FindStringSubmatch(tag); with != nil {
		n.kind, n.delimiter, function = nodeJoin, with[1], "join"
	} else {
		switch strings.ToLower(tag) {
		case "tojson":
			n.kind, function = nodeJSON, tag
		case "join":
			n.kind, n.delimiter, function = nodeJoin, ",", tag
		case "url":
			n.kind = nodeURL
		}
	}
	inner, err := c.until(tag, function)
	if err != nil {
		return n, err
	}
	n.nodes = inner
	if n.kind == nodeJSON || n.kind == nodeJoin {
		if len(inner) != 1 || inner[0].kind != nodeText || strings.TrimSpace(inner[0].text) == "" {
			return n, fault("Mustache function [%s] must contain one and only one identifier", function)
		}
		n.text = inner[0].text
		n.names = split(strings.TrimSpace(inner[0].text))
	}
	return n, nil
}

func split(name string) []Part {
	if name == "." {
		return nil
	}
	var parts []Part
	for p := range strings.SplitSeq(name, ".") {
		n, err := strconv.ParseInt(p, 10, 32)
		parts = append(parts, Part{Name: p, Index: int(n), IsIndex: err == nil})
	}
	return parts
}
