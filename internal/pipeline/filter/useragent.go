package filter

import (
	"strings"

	"elkhorn/internal/cache"
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/useragent"
)

var userAgent = pipeline.FilterSpec{
	Name: "useragent",
	Summary: "Takes a User-Agent header apart into program, operating system and device. It knows the common browsers, HTTP clients, " +
		"crawlers (those of search engines and of AI companies), systems and phones; what it does not know is called Other. " +
		"Names are those of the ua-parser project, whose list Logstash uses.",
	Options: []plugin.Option{
		{Name: "source", Kind: plugin.Field, Required: true, Help: "Field with the header; of an array the first item."},
		{Name: "target", Kind: plugin.Field, Help: "Field for the result; without it the fields become fields of the event. With ecs_compatibility the default is user_agent."},
		{Name: "prefix", Kind: plugin.String, Help: "Text put before the name of each field of the result."},
		{Name: "lru_cache_size", Kind: plugin.Integer, Default: 100_000, Unit: "headers", Help: "Results kept in memory, at about 1.5 kB each; up to twice as many are held. Too low takes the same headers apart again and again."},
		{Name: "regexes", Kind: plugin.Path, Help: "File of rules in the ua-parser project's format (regexes.yaml) to go by, in place of the filter's own."},
		ecsOption,
	},
	New: newUserAgent,
}

type useragentFilter struct {
	source, target *event.Path
	prefix         string
	ecs            bool
	regexes        *agentRegexes             // nil for the rules of package useragent
	cache          *cache.Cache[agentResult] // by header
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

func newUserAgent(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
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
	if f.ecs && f.prefix != "" {
		s.Warn("prefix", "has no effect with ecs_compatibility, whose names are fixed")
	}
	if f.regexes, err = readAgentRegexes(env, s); err != nil {
		return nil, err
	}
	size := s.Int("lru_cache_size")
	if size < 1 || size > 10_000_000 {
		return nil, s.Errorf("lru_cache_size", "must lie between 1 and 10000000")
	}
	f.cache = cache.New[agentResult](int(size))
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
	result, ok := f.cache.Get(header)
	if !ok {
		a := f.parse(strings.Clone(header))
		if f.ecs {
			result = ecsAgent(a, strings.Clone(header))
		} else {
			result.object = legacyAgent(a, f.prefix)
		}
		f.cache.Put(header, result)
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

func (f *useragentFilter) parse(header string) useragent.Agent {
	if f.regexes != nil {
		return f.regexes.parse(header)
	}
	return useragent.Parse(header)
}

// legacyAgent is the legacy layout of Logstash's filter. Every value is a text.
func legacyAgent(a useragent.Agent, prefix string) event.Value {
	object := event.NewObject()
	set := func(name, value string) {
		if value != "" {
			object.SetMember(prefix+name, event.StringOf(value))
		}
	}
	set("name", a.Name)
	set("version", a.Version.String())
	set("major", a.Version[0])
	set("minor", a.Version[1])
	set("patch", a.Version[2])
	set("os", a.OS)
	set("os_name", a.OS)
	set("os_version", a.OSVersion.String())
	set("os_major", a.OSVersion[0])
	set("os_minor", a.OSVersion[1])
	set("os_patch", a.OSVersion[2])
	set("os_full", a.System())
	set("device", a.Device)
	return object
}

// ecsAgent is the layout of the Elastic Common Schema.
func ecsAgent(a useragent.Agent, header string) agentResult {
	result := agentResult{object: event.NewObject(), metadata: event.NewObject()}
	set := func(object event.Value, value string, names ...string) {
		if value != "" {
			setNested(object, names, event.StringOf(value))
		}
	}
	set(result.object, header, "original")
	set(result.object, a.Name, "name")
	set(result.object, a.Version.String(), "version")
	set(result.object, a.OS, "os", "name")
	set(result.object, a.OSVersion.String(), "os", "version")
	set(result.object, a.System(), "os", "full")
	set(result.object, a.Device, "device", "name")
	for i, part := range []string{"major", "minor", "patch"} {
		set(result.metadata, a.Version[i], "version", part)
		set(result.metadata, a.OSVersion[i], "os", "version", part)
	}
	return result
}
