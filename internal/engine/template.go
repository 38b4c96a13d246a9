package engine

import (
	"context"
	"maps"
	"sort"
	"strconv"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/wildcard"
)

// blueprint is what an index is made of: templates' settings, mappings and aliases, overlaid by the
// request's own.
type blueprint struct {
	settings map[string]string
	mapping  *mapping.Mapping
	aliases  []es.Alias
	template string // that won, "" for none
	// legacy says that templates of the old kind took part.
	legacy bool
	// stream is what a template says of the data streams that it makes; nil for one that makes indices.
	stream     *streamOptions
	lifecycle  []byte // of data streams
	meta       []byte // the template's _meta
	autoCreate *bool  // allow_auto_create
}

// streamOptions is the member data_stream of an index template.
type streamOptions struct{ hidden, customRouting bool }

// readOptions reads what an index template says besides settings, mappings and aliases.
func (bp *blueprint) readOptions(n *jsonval.Node) error {
	bp.meta = rawOf(n.Get("_meta"))
	if v := n.Get("allow_auto_create"); v != nil && v.Kind == jsonval.Bool {
		allow := v.Text == "true"
		bp.autoCreate = &allow
	}
	ds := n.Get("data_stream")
	if ds == nil || ds.Kind == jsonval.Null {
		return nil
	}
	bp.stream = &streamOptions{}
	for i, key := range ds.Keys {
		v := &ds.Items[i]
		switch {
		case key == "hidden":
			bp.stream.hidden = v.Text == "true"
		case key == "allow_custom_routing":
			bp.stream.customRouting = v.Text == "true"
		case key == "failure_store" && v.Text != "true":
		case key == "failure_store":
			return eserr.IllegalArgument("[data_stream.failure_store] is not supported by this store: failed documents are answered with their error")
		default:
			return eserr.XContentParse("[%d:%d] [data_stream_template] unknown field [%s]", v.Line, v.Col, key)
		}
	}
	return nil
}

// templateBody is the part that composable, component and legacy templates share.
type templateBody struct {
	settings map[string]string
	mapping  *mapping.Mapping
	aliases  []es.Alias
}

// resolveTemplates gives the blueprint for a new index of that name: the composable template of the
// highest priority with its components, else all matching legacy templates by order.
func (e *Engine) resolveTemplates(name string) (*blueprint, error) {
	composable, err := e.meta.objects(es.KindIndexTemplate, nil)
	if err != nil {
		return nil, err
	}
	var best *jsonval.Node
	bp := &blueprint{settings: map[string]string{}, mapping: mapping.Empty()}
	bestPriority := int64(-1)
	for _, t := range composable {
		n, err := jsonval.Parse(t.JSON)
		if err != nil {
			return nil, err
		}
		priority, _ := memberOf(n, "priority").Scalar().Int64()
		if patternsMatch(n.Get("index_patterns"), name) && priority > bestPriority {
			best, bestPriority, bp.template = n, priority, t.Name
		}
	}
	if best == nil {
		return bp, e.applyLegacy(bp, name)
	}
	if err := bp.readOptions(best); err != nil {
		return nil, err
	}
	return bp, e.applyComposable(bp, best)
}

// applyComposable overlays an index template's components, in order, and then the template itself.
func (e *Engine) applyComposable(bp *blueprint, n *jsonval.Node) error {
	for _, component := range textsOf(n.Get("composed_of")) {
		if err := e.applyComponent(bp, component, n.Get("ignore_missing_component_templates")); err != nil {
			return err
		}
	}
	return bp.applyNode(n.Get("template"))
}

// memberOf is Get that never answers nil.
func memberOf(n *jsonval.Node, key string) *jsonval.Node {
	if m := n.Get(key); m != nil {
		return m
	}
	return &jsonval.Node{}
}

func patternsMatch(patterns *jsonval.Node, name string) bool {
	if patterns == nil {
		return false
	}
	if patterns.Kind == jsonval.String {
		return wildcard.Match(patterns.Text, name)
	}
	for i := range patterns.Items {
		if wildcard.Match(patterns.Items[i].Text, name) {
			return true
		}
	}
	return false
}

func (e *Engine) applyComponent(bp *blueprint, name string, mayMiss *jsonval.Node) error {
	found, err := e.meta.objects(es.KindComponentTemplate, []string{name})
	if err != nil {
		return err
	}
	if len(found) == 0 {
		if mayMiss != nil {
			for i := range mayMiss.Items {
				if mayMiss.Items[i].Text == name {
					return nil
				}
			}
		}
		return eserr.IllegalArgument("component template [%s] does not exist", name)
	}
	n, err := jsonval.Parse(found[0].JSON)
	if err != nil {
		return err
	}
	return bp.applyNode(n.Get("template"))
}

// applyLegacy overlays the matching legacy templates, lowest order first.
func (e *Engine) applyLegacy(bp *blueprint, name string) error {
	all, err := e.meta.objects(es.KindLegacyTemplate, nil)
	if err != nil {
		return err
	}
	type ordered struct {
		node  *jsonval.Node
		order int64
	}
	var matching []ordered
	for _, t := range all {
		n, err := jsonval.Parse(t.JSON)
		if err != nil {
			return err
		}
		if patternsMatch(n.Get("index_patterns"), name) {
			order, _ := memberOf(n, "order").Scalar().Int64()
			matching = append(matching, ordered{n, order})
		}
	}
	sort.SliceStable(matching, func(i, j int) bool { return matching[i].order < matching[j].order })
	bp.legacy = len(matching) > 0
	for _, t := range matching {
		if err := bp.applyNode(t.node); err != nil {
			return err
		}
	}
	return nil
}

// applyNode overlays a template's "template" object (or a legacy template itself).
func (bp *blueprint) applyNode(n *jsonval.Node) error {
	if n == nil || n.Kind == jsonval.Null {
		return nil
	}
	body, err := parseTemplateBody(rawOf(n.Get("settings")), rawOf(n.Get("mappings")), rawOf(n.Get("aliases")))
	if err != nil {
		return err
	}
	if own := n.Get("lifecycle"); own != nil {
		bp.lifecycle = rawOf(own)
	}
	return bp.overlay(body)
}

func rawOf(n *jsonval.Node) []byte {
	if n == nil || n.Kind == jsonval.Null {
		return nil
	}
	return n.Raw
}

func (bp *blueprint) overlay(b *templateBody) error {
	maps.Copy(bp.settings, b.settings)
	merged, err := mapping.Overlay(bp.mapping, b.mapping)
	if err != nil {
		return err
	}
	bp.mapping = merged
	for _, a := range b.aliases {
		replaced := false
		for i := range bp.aliases {
			if bp.aliases[i].Name == a.Name {
				bp.aliases[i], replaced = a, true
			}
		}
		if !replaced {
			bp.aliases = append(bp.aliases, a)
		}
	}
	return nil
}

func parseTemplateBody(settings, mappings, aliases []byte) (*templateBody, error) {
	b := &templateBody{mapping: mapping.Empty()}
	var err error
	if b.settings, err = flattenSettings(settings); err != nil {
		return nil, err
	}
	if len(mappings) > 0 {
		if b.mapping, err = parseMappings(mappings); err != nil {
			return nil, err
		}
	}
	b.aliases, err = parseAliases(aliases)
	return b, err
}

// parseMappings parses a mapping, also inside the "_doc" of typed requests.
func parseMappings(body []byte) (*mapping.Mapping, error) {
	n, err := jsonval.Parse(body)
	if err != nil {
		return nil, err
	}
	if inner := n.Get("_doc"); inner != nil && len(n.Keys) == 1 {
		n = inner
	}
	m, err := mapping.ParseNode(n)
	if err != nil {
		return nil, wrapMappingError(err)
	}
	return m, nil
}

// wrapMappingError gives a mapping's fault the outer error that Elasticsearch has.
func wrapMappingError(err error) error {
	e := eserr.From(err)
	if e.Type != "mapper_parsing_exception" || strings.HasPrefix(e.Reason, "Failed to parse mapping") {
		return err
	}
	return eserr.MapperParsing("Failed to parse mapping: %s", e.Reason).Because(e)
}

// parseAliases parses {"name": {"filter": …, "is_write_index": …}, …}.
func parseAliases(body []byte) ([]es.Alias, error) {
	if len(body) == 0 {
		return nil, nil
	}
	n, err := jsonval.Parse(body)
	if err != nil {
		return nil, err
	}
	list := make([]es.Alias, 0, len(n.Keys))
	for i, name := range n.Keys {
		a, err := parseAlias(name, &n.Items[i])
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

func parseAlias(name string, n *jsonval.Node) (es.Alias, error) {
	a := es.Alias{Name: name}
	for i, key := range n.Keys {
		v := &n.Items[i]
		switch key {
		case "filter":
			if v.Kind == jsonval.Null {
				continue
			}
			if _, err := query.Parse(v.Raw); err != nil {
				return a, eserr.IllegalArgument("failed to parse filter for alias [%s]", name).Because(err)
			}
			a.Filter = v.Raw
		case "routing":
			a.IndexRouting, a.SearchRouting = v.Text, v.Text
		case "index_routing":
			a.IndexRouting = v.Text
		case "search_routing":
			a.SearchRouting = v.Text
		case "is_write_index":
			if v.Kind != jsonval.Null {
				b, err := strconv.ParseBool(v.Text)
				if err != nil {
					return a, eserr.IllegalArgument("Failed to parse value [%s] of [is_write_index] as only [true] or [false] are allowed.", v.Text)
				}
				a.IsWriteIndex = &b
			}
		case "is_hidden":
			a.IsHidden = v.Text == "true"
		default:
			return a, eserr.IllegalArgument("unknown key [%s] in the definition of alias [%s]", key, name)
		}
	}
	return a, nil
}

// putTemplate checks a template before it is stored: a fault is found now, not at the first document.
func (e *Engine) checkTemplate(c *es.PutObject) error {
	n, err := jsonval.Parse(c.JSON)
	if err != nil {
		return err
	}
	if n.Kind != jsonval.Object {
		return eserr.ParseException("a template must be an object")
	}
	if c.Kind != es.KindComponentTemplate && n.Get("index_patterns") == nil {
		return eserr.Validation("Validation Failed: 1: index patterns are missing;")
	}
	known := map[es.ObjectKind][]string{
		es.KindIndexTemplate:     {"index_patterns", "template", "priority", "composed_of", "version", "_meta", "data_stream", "allow_auto_create", "ignore_missing_component_templates", "deprecated"},
		es.KindComponentTemplate: {"template", "version", "_meta", "allow_auto_create", "deprecated"},
		es.KindLegacyTemplate:    {"index_patterns", "settings", "mappings", "aliases", "order", "version"},
	}[c.Kind]
	for _, key := range n.Keys {
		found := false
		for _, k := range known {
			found = found || k == key
		}
		if !found {
			return eserr.XContentParse("[1:1] [%s] unknown field [%s]", kindTitle(c.Kind), key)
		}
	}
	if c.Kind == es.KindIndexTemplate {
		if err := e.checkTemplateRelations(c.Name, n); err != nil {
			return err
		}
	}
	body := n.Get("template")
	if c.Kind == es.KindLegacyTemplate {
		body = n
	} else if err := checkTemplateMembers(body); err != nil {
		return err
	}
	bp := &blueprint{settings: map[string]string{}, mapping: mapping.Empty()}
	if err := bp.readOptions(n); err != nil {
		return err
	}
	if err := bp.applyNode(body); err != nil {
		return err
	}
	if bp.stream != nil {
		if _, err := mapping.WithTimestamp(bp.mapping); err != nil {
			return err
		}
	}
	if bp.lifecycle != nil {
		if _, err := es.ParseStreamLifecycle(bp.lifecycle); err != nil {
			return err
		}
	}
	_, err = parseSettings(bp.settings)
	return err
}

// autoCreate makes an index, or a data stream, for the first document written to it. creates says that some operation is a
// create, which is what data streams take.
func (e *Engine) autoCreate(ctx context.Context, name string, creates bool) (*writeTarget, error) {
	bp, err := e.resolveTemplates(name)
	if err != nil {
		return nil, err
	}
	if err := e.mayAutoCreate(name, bp); err != nil {
		return nil, err
	}
	if bp.stream != nil || creates && bp.template == "" && !bp.legacy && e.builtinFor(name) != nil {
		err = e.createStream(ctx, name)
	} else {
		err = e.createIndex(ctx, &es.CreateIndex{Name: name})
	}
	if err != nil && !eserr.Is(err, "resource_already_exists_exception") {
		return nil, err
	}
	t, err := e.writeTarget(name)
	if err == nil && t.index == nil {
		err = eserr.IndexNotFound(name)
	}
	return t, err
}

// checkTemplateMembers refuses what the "template" of an index or component template does not have.
func checkTemplateMembers(n *jsonval.Node) error {
	if n == nil {
		return nil
	}
	for i, key := range n.Keys {
		switch key {
		case "settings", "mappings", "aliases", "lifecycle":
		case "data_stream_options":
			return eserr.IllegalArgument("[data_stream_options] is not supported by this store: there is no failure store")
		default:
			return eserr.XContentParse("[%d:%d] [template] unknown field [%s]", n.Items[i].Line, n.Items[i].Col, key)
		}
	}
	return nil
}
