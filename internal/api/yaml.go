package api

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// YAML is another way to write what is JSON inside: bodies are turned into JSON before anyone looks at them, answers into YAML
// last of all.

const (
	mediaYAML       = "application/yaml"
	mediaVendorYAML = "application/vnd.elasticsearch+yaml"
)

// isYAMLType reports whether a media type is YAML.
func isYAMLType(media string) bool {
	return media == mediaYAML || media == mediaVendorYAML || media == "application/x-yaml" || media == "text/yaml"
}

// refusedFormats are binary forms of JSON that Elasticsearch takes and this store does not.
var refusedFormats = []string{"cbor", "smile"}

// refusedType returns which of the refused formats a media type names, "" for none.
func refusedType(media string) string {
	for _, format := range refusedFormats {
		if media == "application/"+format || media == "application/vnd.elasticsearch+"+format {
			return format
		}
	}
	return ""
}

// maxYAMLDepth bounds the nesting of a YAML body, as that of JSON is bounded.
const maxYAMLDepth = 200

// yamlToJSON turns a YAML body into JSON. Anchors and aliases are refused: a few of them may stand for a huge document.
func yamlToJSON(body []byte) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(body, &doc); err != nil {
		return nil, eserr.ParseException("the request body is not valid YAML: %s", err)
	}
	if doc.Kind == 0 {
		return nil, nil
	}
	return appendYAML(nil, &doc, 0)
}

func appendYAML(dst []byte, n *yaml.Node, depth int) ([]byte, error) {
	if depth > maxYAMLDepth {
		return nil, eserr.ParseException("the YAML body is nested deeper than [%d]", maxYAMLDepth)
	}
	var err error
	switch n.Kind {
	case yaml.DocumentNode:
		return appendYAML(dst, n.Content[0], depth)
	case yaml.MappingNode:
		dst = append(dst, '{')
		for i := 0; i+1 < len(n.Content); i += 2 {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(jsonval.AppendString(dst, n.Content[i].Value), ':')
			if dst, err = appendYAML(dst, n.Content[i+1], depth+1); err != nil {
				return nil, err
			}
		}
		return append(dst, '}'), nil
	case yaml.SequenceNode:
		dst = append(dst, '[')
		for i, item := range n.Content {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, err = appendYAML(dst, item, depth+1); err != nil {
				return nil, err
			}
		}
		return append(dst, ']'), nil
	case yaml.ScalarNode:
		return appendYAMLScalar(dst, n), nil
	}
	return nil, eserr.ParseException("the YAML body has an alias at line [%d]: anchors and aliases are not supported", n.Line)
}

// appendYAMLScalar prints a scalar by its tag. A number that JSON does not write that way (0x10, 1_000) becomes text.
func appendYAMLScalar(dst []byte, n *yaml.Node) []byte {
	switch n.ShortTag() {
	case "!!null":
		return append(dst, "null"...)
	case "!!bool":
		return append(dst, strings.ToLower(n.Value)...)
	case "!!int", "!!float":
		if parsed, err := jsonval.Parse([]byte(n.Value)); err == nil && parsed.Kind == jsonval.Number {
			return append(dst, n.Value...)
		}
	}
	return jsonval.AppendString(dst, n.Value)
}

// jsonToYAML turns a JSON answer into YAML as Elasticsearch prints it: after a line of hyphens, texts in quotes. An answer that
// does not parse, which none of this store's does, stays as it is.
func jsonToYAML(body []byte) []byte {
	n, err := jsonval.Parse(body)
	if err != nil {
		return body
	}
	var out bytes.Buffer
	out.WriteString("---\n")
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(yamlNode(n)); err != nil {
		return body
	}
	if err := enc.Close(); err != nil {
		return body
	}
	return out.Bytes()
}

func yamlNode(n *jsonval.Node) *yaml.Node {
	switch n.Kind {
	case jsonval.Object:
		out := &yaml.Node{Kind: yaml.MappingNode}
		if len(n.Keys) == 0 {
			out.Style = yaml.FlowStyle
		}
		for i, key := range n.Keys {
			out.Content = append(out.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, yamlNode(&n.Items[i]))
		}
		return out
	case jsonval.Array:
		out := &yaml.Node{Kind: yaml.SequenceNode}
		if len(n.Items) == 0 {
			out.Style = yaml.FlowStyle
		}
		for i := range n.Items {
			out.Content = append(out.Content, yamlNode(&n.Items[i]))
		}
		return out
	case jsonval.String:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: n.Text}
	case jsonval.Null:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	case jsonval.Bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: n.Text}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: n.Text} // without a tag a number stands as it is
}
