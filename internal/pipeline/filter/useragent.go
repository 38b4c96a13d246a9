package filter

import (
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var useragent = pipeline.FilterSpec{
	Name: "useragent",
	Summary: "Takes a User-Agent header apart into program, operating system and device. It knows the common browsers, HTTP clients, " +
		"crawlers (those of search engines and of AI companies), systems and phones; what it does not know is called Other. " +
		"Names are those of the ua-parser project, whose list Logstash uses.",
	Options: []plugin.Option{
		{Name: "source", Kind: plugin.Field, Required: true, Help: "Field with the header; of an array the first item."},
		{Name: "target", Kind: plugin.Field, Help: "Field for the result; without it the fields become fields of the event. With ecs_compatibility the default is user_agent."},
		{Name: "prefix", Kind: plugin.String, Help: "Text put before the name of each field of the result."},
		{Name: "lru_cache_size", Kind: plugin.Integer, Default: 100_000, Unit: "headers", Help: "Results kept in memory, at about 1.5 kB each; up to twice as many are held. Too low takes the same headers apart again and again."},
		{Name: "regexes", Kind: plugin.Path, Unsupported: "the filter has rules of its own and reads no regexes.yaml"},
		ecsOption,
	},
	New: newUserAgent,
}

type useragentFilter struct {
	source, target *event.Path
	prefix         string
	ecs            bool
	cache          *cache[agentResult] // by header
}

// agentResult is what an event gets: an object for the target and, in the common schema, one for the metadata.
type agentResult struct {
	object, metadata event.Value
}

// agentMetadataPath is where the parts of version numbers go that the common schema has no place for.
var agentMetadataPath = event.MustPath("[@metadata][filter][user_agent]")

// maxUserAgentBytes is how much of a header is looked at; browsers send 60 to 250 bytes. It also bounds what the cache
// holds per entry.
const maxUserAgentBytes = 1024

func newUserAgent(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &useragentFilter{prefix: s.String("prefix"), ecs: ecsLayout(s)}
	var err error
	if f.source, err = pathOption(s, "source"); err != nil {
		return nil, err
	}
	if f.target, err = pathOption(s, "target"); err != nil {
		return nil, err
	}
	if f.ecs && f.target == nil {
		f.target = event.MustPath("user_agent")
	}
	size := s.Int("lru_cache_size")
	if size < 1 || size > 10_000_000 {
		return nil, s.Errorf("lru_cache_size", "must lie between 1 and 10000000")
	}
	f.cache = newCache[agentResult](int(size))
	return f, nil
}

func (f *useragentFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	v, _ := ev.Get(f.source)
	header := firstItem(v).Str()
	if header == "" {
		return pipeline.Unmatched
	}
	if len(header) > maxUserAgentBytes {
		header = header[:maxUserAgentBytes]
	}
	result, ok := f.cache.get(header)
	if !ok {
		a := parseAgent(strings.Clone(header))
		if f.ecs {
			result = ecsAgent(a, strings.Clone(header))
		} else {
			result.object = legacyAgent(a, f.prefix)
		}
		f.cache.put(header, result)
	}
	if f.target == nil {
		mergeMembers(ev.Fields(), result.object)
		return pipeline.Matched
	}
	mergeObject(ev, f.target, result.object.Clone())
	if result.metadata.Len() > 0 {
		mergeObject(ev, agentMetadataPath, result.metadata.Clone())
	}
	return pipeline.Matched
}

// legacyAgent is the legacy layout of Logstash's filter. Every value is a text.
func legacyAgent(a agent, prefix string) event.Value {
	object := event.NewObject()
	set := func(name, value string) {
		if value != "" {
			object.SetMember(prefix+name, event.StringOf(value))
		}
	}
	set("name", a.name)
	set("version", joinVersion(a.version))
	set("major", a.version[0])
	set("minor", a.version[1])
	set("patch", a.version[2])
	set("os", a.os)
	set("os_name", a.os)
	set("os_version", joinVersion(a.osVersion))
	set("os_major", a.osVersion[0])
	set("os_minor", a.osVersion[1])
	set("os_patch", a.osVersion[2])
	set("os_full", a.fullSystem())
	set("device", a.device)
	return object
}

// ecsAgent is the layout of the Elastic Common Schema.
func ecsAgent(a agent, header string) agentResult {
	result := agentResult{object: event.NewObject(), metadata: event.NewObject()}
	set := func(object event.Value, value string, names ...string) {
		if value != "" {
			setNested(object, names, event.StringOf(value))
		}
	}
	set(result.object, header, "original")
	set(result.object, a.name, "name")
	set(result.object, joinVersion(a.version), "version")
	set(result.object, a.os, "os", "name")
	set(result.object, joinVersion(a.osVersion), "os", "version")
	set(result.object, a.fullSystem(), "os", "full")
	set(result.object, a.device, "device", "name")
	for i, part := range []string{"major", "minor", "patch"} {
		set(result.metadata, a.version[i], "version", part)
		set(result.metadata, a.osVersion[i], "os", "version", part)
	}
	return result
}

// version is up to four parts of a version number; parts that are missing are "".
type version [4]string

func joinVersion(v version) string {
	n := 0
	for n < len(v) && v[n] != "" {
		n++
	}
	return strings.Join(v[:n], ".")
}

// agent is what a header says.
type agent struct {
	name      string
	version   version
	os        string
	osVersion version
	device    string
}

// fullSystem is the system with its version.
func (a *agent) fullSystem() string {
	if v := joinVersion(a.osVersion); v != "" {
		return a.os + " " + v
	}
	return a.os
}

// parseAgent applies the rules: the first that fits names the program, the system and the device, each by itself.
func parseAgent(header string) agent {
	a := agent{name: "Other", os: "Other", device: "Other"}
	kind := parseProgram(header, &a)
	a.os, a.osVersion = parseSystem(header)
	switch kind {
	case crawler:
		a.device = "Spider"
	case browser:
		a.device = parseDevice(header)
	}
	return a
}

// parseProgram sets name and version, and tells what kind of program it is; a header that no rule knows is taken for a
// browser's.
func parseProgram(header string, a *agent) programKind {
	if kind, ok := applyRules(programRules, header, a); ok {
		return kind
	}
	if name, v, ok := unlistedCrawler(header); ok {
		a.name, a.version = name, v
		return crawler
	}
	kind, _ := applyRules(browserRules, header, a)
	return kind
}

func applyRules(rules []programRule, header string, a *agent) (programKind, bool) {
	for i := range rules {
		if v, ok := rules[i].apply(header); ok {
			a.name, a.version = rules[i].family(header), v
			return rules[i].kind, true
		}
	}
	return browser, false
}

// readVersion reads numbers joined by points, or by underscores as Apple writes them.
func readVersion(text string) version {
	var v version
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
