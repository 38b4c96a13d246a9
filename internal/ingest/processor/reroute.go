package processor

import (
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
)

// rerouteProcessor sends a document to another index or data stream, whose default pipeline it passes then.
type rerouteProcessor struct {
	destination        string
	dataset, namespace []streamPart
}

// streamPart is a part of a data stream's name: a text, or the field that holds it.
type streamPart struct {
	text       string
	field      *path
	disallowed string
}

// What the parts of a data stream's name must not have; it is replaced by underscores.
const (
	notInDataset   = "\\/*?\"<>| ,#:-"
	notInNamespace = "\\/*?\"<>| ,#:"
	// maxStreamPart is the longest part of a data stream's name, in characters.
	maxStreamPart = 100
)

var (
	dataStreamType, dataStreamDataset  = mustPath("data_stream.type"), mustPath("data_stream.dataset")
	dataStreamNamespace, eventDataset  = mustPath("data_stream.namespace"), mustPath("event.dataset")
	defaultDataset, defaultNamespacing = []string{"{{data_stream.dataset}}"}, []string{"{{data_stream.namespace}}"}
)

func newReroute(c *config) (Processor, error) {
	p := &rerouteProcessor{destination: c.strOr("destination", "")}
	dataset, namespace := c.oneOrMore("dataset"), c.oneOrMore("namespace")
	if p.destination != "" && (len(dataset) > 0 || len(namespace) > 0) {
		c.fail("destination", "can only be set if dataset and namespace are not set")
	}
	if len(dataset) == 0 {
		dataset = defaultDataset
	}
	if len(namespace) == 0 {
		namespace = defaultNamespacing
	}
	p.dataset = c.streamParts("dataset", dataset, notInDataset)
	p.namespace = c.streamParts("namespace", namespace, notInNamespace)
	return p, c.err
}

func (c *config) streamParts(name string, texts []string, disallowed string) []streamPart {
	var parts []streamPart
	for _, text := range texts {
		part := streamPart{text: text, disallowed: disallowed}
		if strings.Contains(text, "{{") || strings.Contains(text, "}}") {
			inner, opens := strings.CutPrefix(text, "{{")
			inner, closes := strings.CutSuffix(inner, "}}")
			if strings.HasPrefix(inner, "{") && strings.HasSuffix(inner, "}") {
				inner = inner[1 : len(inner)-1]
			}
			if !opens || !closes || strings.ContainsAny(inner, "{}") {
				c.fail(name, "'%s' is not a valid field reference", text)
				return nil
			}
			part.field = c.pathOf(name, inner)
		} else if part.clean(text) != text {
			c.fail(name, "'%s' contains disallowed characters", text)
		}
		parts = append(parts, part)
	}
	return parts
}

// clean makes a text fit for a data stream's name.
func (p *streamPart) clean(text string) string {
	runes := []rune(strings.ToLower(text))
	if len(runes) > maxStreamPart {
		runes = runes[:maxStreamPart]
	}
	for i, r := range runes {
		if strings.ContainsRune(p.disallowed, r) {
			runes[i] = '_'
		}
	}
	return string(runes)
}

// Run sets the index and ends the pipeline.
func (p *rerouteProcessor) Run(d *Document) error {
	if p.destination != "" {
		d.rerouted = true
		return d.set(indexField, event.StringOf(p.destination))
	}
	index, _, err := d.text(indexField, false)
	if err != nil {
		return err
	}
	kind, rest, dashed := strings.Cut(index, "-")
	dataset, namespace, twice := strings.Cut(rest, "-")
	if !dashed || !twice {
		return eserr.IllegalArgument("invalid data stream name: [%s]; must follow naming scheme <type>-<dataset>-<namespace>", index)
	}
	dataset = d.firstPart(p.dataset, dataset)
	namespace = d.firstPart(p.namespace, namespace)
	d.rerouted = true
	for _, f := range []struct {
		at   *path
		text string
	}{{indexField, kind + "-" + dataset + "-" + namespace}, {dataStreamType, kind}, {dataStreamDataset, dataset}, {dataStreamNamespace, namespace}} {
		if err := d.set(f.at, event.StringOf(f.text)); err != nil {
			return err
		}
	}
	if d.has(eventDataset) {
		return d.set(eventDataset, event.StringOf(dataset))
	}
	return nil
}

// firstPart is the first of the parts that the document has.
func (d *Document) firstPart(parts []streamPart, otherwise string) string {
	for i := range parts {
		p := &parts[i]
		if p.field == nil {
			return p.text
		}
		if v, found := d.lookup(p.field); found && v.Kind() == event.String {
			return p.clean(v.Str())
		}
	}
	return otherwise
}
