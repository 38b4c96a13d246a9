package processor

import (
	"net/url"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
)

// template is text with Mustache tags, compiled: {{field}} escaped for the media type, {{{field}}} and {{&field}} as it is,
// {{#list}}…{{/list}} and {{^list}}…{{/list}}, {{#toJson}}field{{/toJson}}, {{#join}}list{{/join}} (also with
// delimiter='…'), {{#url}}…{{/url}} and {{! a comment}}. Partials and changed delimiters are refused by name.
type template struct {
	source string
	nodes  []templateNode
	// whole is set when the template is constant.
	constant bool
}

// templateNode is text, a variable or a section.
type templateNode struct {
	kind      nodeKind
	text      string // text, or the tag's name
	names     []part // the tag's name taken apart
	escape    escaping
	delimiter string // of join
	nodes     []templateNode
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

// escaping is what {{field}} does to a text.
type escaping uint8

const (
	escapeJSON escaping = iota
	escapeNothing
	escapeForm
)

// escapings are the media types that the set processor takes.
var escapings = map[string]escaping{"application/json": escapeJSON, "text/plain": escapeNothing, "application/x-www-form-urlencoded": escapeForm}

// maxTemplateDepth bounds sections inside each other.
const maxTemplateDepth = 50

// compileTemplate compiles text. The error is Elasticsearch's script_exception.
func compileTemplate(text string, escape escaping) (*template, error) {
	t := &template{source: text, constant: !strings.Contains(text, "{{")}
	if t.constant {
		return t, nil
	}
	c := templateCompiler{rest: text, escape: escape}
	nodes, err := c.until("")
	if err != nil {
		return nil, err
	}
	t.nodes = nodes
	return t, nil
}

type templateCompiler struct {
	rest   string
	escape escaping
	depth  int
}

func templateFault(format string, args ...any) error {
	fault := eserr.New(400, "general_script_exception", format, args...)
	return eserr.New(400, "script_exception", format, args...).Because(fault)
}

// until compiles up to the tag that closes the section name, or to the end for "".
func (c *templateCompiler) until(name string) ([]templateNode, error) {
	var nodes []templateNode
	for {
		at := strings.Index(c.rest, "{{")
		if at < 0 {
			if name != "" {
				return nil, templateFault("Failed to close '%s' tag", name)
			}
			return appendTextNode(nodes, c.rest), nil
		}
		nodes = appendTextNode(nodes, c.rest[:at])
		c.rest = c.rest[at:]
		tag, sigil, err := c.tag()
		if err != nil {
			return nil, err
		}
		switch sigil {
		case '!':
		case '/':
			if tag != name {
				return nil, templateFault("Mismatched start/end tags: %s != %s", name, tag)
			}
			return nodes, nil
		case '#', '^':
			node, err := c.section(tag, sigil)
			if err != nil {
				return nil, err
			}
			nodes = append(nodes, node)
		case '>', '=', '<', '$':
			return nil, templateFault("tag {{%c}} is not supported in a template", sigil)
		default:
			node := templateNode{kind: nodeVariable, text: tag, names: splitParts(tag), escape: c.escape}
			if sigil == '&' {
				node.escape = escapeNothing
			}
			nodes = append(nodes, node)
		}
	}
}

func appendTextNode(nodes []templateNode, text string) []templateNode {
	if text == "" {
		return nodes
	}
	return append(nodes, templateNode{kind: nodeText, text: text})
}

// tag reads the tag that rest begins with: its name and what it is ('&' for one that is not escaped).
func (c *templateCompiler) tag() (name string, sigil byte, err error) {
	open, closing := "{{", "}}"
	if strings.HasPrefix(c.rest, "{{{") {
		open, closing, sigil = "{{{", "}}}", '&'
	}
	end := strings.Index(c.rest, closing)
	if end < 0 {
		return "", 0, templateFault("Improperly closed variable: %.100s", c.rest)
	}
	name = strings.TrimSpace(c.rest[len(open):end])
	c.rest = c.rest[end+len(closing):]
	if name == "" {
		return "", 0, templateFault("Empty mustache tag")
	}
	if sigil == 0 && strings.IndexByte("#^/!&>=<$", name[0]) >= 0 {
		sigil = name[0]
		name = strings.TrimSpace(name[1:])
	}
	return name, sigil, nil
}

// section compiles a section whose opening tag was read.
func (c *templateCompiler) section(tag string, sigil byte) (templateNode, error) {
	if c.depth++; c.depth > maxTemplateDepth {
		return templateNode{}, templateFault("sections are nested more than %d deep", maxTemplateDepth)
	}
	defer func() { c.depth-- }()
	function, argument, _ := strings.Cut(tag, " ")
	node := templateNode{kind: nodeSection, text: tag, names: splitParts(tag)}
	closing := tag
	if sigil == '^' {
		node.kind = nodeInverted
	} else {
		switch function {
		case "toJson":
			node.kind, closing = nodeJSON, function
		case "join":
			node.kind, node.delimiter, closing = nodeJoin, ",", function
			if d, ok := strings.CutPrefix(strings.TrimSpace(argument), "delimiter="); ok {
				node.delimiter = strings.Trim(d, `'"`)
			}
		case "url":
			node.kind = nodeURL
		}
	}
	inner, err := c.until(closing)
	if err != nil {
		return node, err
	}
	node.nodes = inner
	if node.kind == nodeJSON || node.kind == nodeJoin {
		if len(inner) != 1 || inner[0].kind != nodeText || strings.TrimSpace(inner[0].text) == "" {
			return node, templateFault("Mustache function [%s] must contain one and only one identifier", function)
		}
		node.names = splitParts(strings.TrimSpace(inner[0].text))
	}
	return node, nil
}

func splitParts(name string) []part {
	if name == "." {
		return nil
	}
	var parts []part
	for p := range strings.SplitSeq(name, ".") {
		parts = append(parts, newPart(p))
	}
	return parts
}

// render returns the text for a document.
func (d *Document) render(t *template) (string, error) {
	if t.constant {
		return t.source, nil
	}
	r := renderer{doc: d}
	if err := r.run(t.nodes); err != nil {
		return "", err
	}
	return string(r.out), nil
}

// renderer prints a template. inner are the objects and items of the sections around, the innermost last.
type renderer struct {
	doc   *Document
	inner []value
	out   []byte
}

func (r *renderer) run(nodes []templateNode) error {
	for i := range nodes {
		n := &nodes[i]
		before := len(r.out)
		if err := r.node(n); err != nil {
			return err
		}
		if err := r.doc.spend(len(r.out) - before + 1); err != nil {
			return err
		}
	}
	return nil
}

func (r *renderer) node(n *templateNode) error {
	switch n.kind {
	case nodeText:
		r.out = append(r.out, n.text...)
	case nodeVariable:
		if v, ok := r.find(n.names); ok && v.Kind() != event.Null {
			r.variable(v, n.escape)
		}
	case nodeJSON:
		if v, ok := r.find(n.names); ok {
			r.out = v.AppendJSON(r.out)
		}
	case nodeJoin:
		v, _ := r.find(n.names)
		for i, item := range v.Items() {
			if i > 0 {
				r.out = append(r.out, n.delimiter...)
			}
			r.out = appendTemplateText(r.out, item)
		}
	case nodeURL:
		start := len(r.out)
		if err := r.run(n.nodes); err != nil {
			return err
		}
		r.out = append(r.out[:start], url.QueryEscape(string(r.out[start:]))...)
	case nodeInverted:
		if v, _ := r.find(n.names); !truthy(v) {
			return r.run(n.nodes)
		}
	case nodeSection:
		return r.section(n)
	}
	return nil
}

// section prints a section once for each item of a list, or once when its value is there and not false.
func (r *renderer) section(n *templateNode) error {
	v, _ := r.find(n.names)
	if !truthy(v) {
		return nil
	}
	items := []value{v}
	if v.Kind() == event.Array {
		items = v.Items()
	}
	for _, item := range items {
		r.inner = append(r.inner, item)
		err := r.run(n.nodes)
		r.inner = r.inner[:len(r.inner)-1]
		if err != nil {
			return err
		}
	}
	return nil
}

func truthy(v value) bool {
	switch v.Kind() {
	case event.Array:
		return v.Len() > 0
	case event.String:
		return v.Str() != ""
	}
	return v.Truthy()
}

// find looks a name up in the sections around, then in the document.
func (r *renderer) find(names []part) (value, bool) {
	if len(names) == 0 { // {{.}}
		if len(r.inner) == 0 {
			return value{}, false
		}
		return r.inner[len(r.inner)-1], true
	}
	for i := len(r.inner) - 1; i >= 0; i-- {
		if m, ok := r.inner[i].Member(names[0].name); ok {
			return follow(m, names[1:])
		}
	}
	switch first := names[0].name; {
	case first == "_ingest":
		return follow(r.doc.ingest, names[1:])
	case first == "_source":
		names = names[1:]
		if len(names) == 0 {
			return r.doc.source, true
		}
		if isMetadata(names[0].name) {
			return follow(r.doc.meta, names)
		}
	case isMetadata(first):
		return follow(r.doc.meta, names)
	}
	return follow(r.doc.source, names)
}

func follow(v value, names []part) (value, bool) {
	for i := range names {
		switch n := &names[i]; v.Kind() {
		case event.Object:
			m, ok := v.Member(n.name)
			if !ok {
				return value{}, false
			}
			v = m
		case event.Array:
			if n.name == "size" && i == len(names)-1 {
				return event.IntOf(int64(v.Len())), true
			}
			if !n.isIndex || n.index < 0 || n.index >= v.Len() {
				return value{}, false
			}
			v = v.At(n.index)
		default:
			return value{}, false
		}
	}
	return v, true
}

func (r *renderer) variable(v value, escape escaping) {
	start := len(r.out)
	r.out = appendTemplateText(r.out, v)
	switch escape {
	case escapeJSON:
		if needsEscape(r.out[start:]) {
			quoted := event.AppendQuoted(nil, string(r.out[start:]))
			r.out = append(r.out[:start], quoted[1:len(quoted)-1]...)
		}
	case escapeForm:
		r.out = append(r.out[:start], url.QueryEscape(string(r.out[start:]))...)
	}
}

func needsEscape(text []byte) bool {
	for _, c := range text {
		if c < 0x20 || c == '"' || c == '\\' {
			return true
		}
	}
	return false
}

// appendTemplateText writes a value as a template prints it: a list with the number of each item, as the template engine of
// Elasticsearch sees it.
func appendTemplateText(dst []byte, v value) []byte {
	if v.Kind() != event.Array {
		return appendText(dst, v)
	}
	dst = append(dst, '{')
	for i, item := range v.Items() {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = event.IntOf(int64(i)).AppendText(dst)
		dst = appendTemplateText(append(dst, '='), item)
	}
	return append(dst, '}')
}
