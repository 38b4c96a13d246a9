package filter

import (
	"net/netip"
	"slices"
	"strings"

	"elkhorn/internal/cache"
	"elkhorn/internal/event"
	"elkhorn/internal/geoip"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var geoIP = pipeline.FilterSpec{
	Name:    "geoip",
	Summary: "Looks up where an address is, in a MaxMind-format database that the configuration names.",
	Options: []plugin.Option{
		{Name: "source", Kind: plugin.Field, Required: true, Help: "Field with the address; of an array the first item. An event without the field gets the failure tag."},
		{Name: "target", Kind: plugin.Field, Default: "geoip", Help: "Field for the result; its location is an object of lat and lon, which is mapped as geo_point. With ecs_compatibility the default is what source lies in ([client] for [client][ip]), and another source needs a target."},
		{Name: "database", Kind: plugin.Path, Help: "The .mmdb file: a city, country or ASN database with GeoIP2's nested names or with flat ones (country_code, city, latitude). No database is shipped: without one every event gets the failure tag."},
		{Name: "fields", Kind: plugin.Strings, Help: "Fields to keep: " + strings.Join(geoip.FieldNames(), ", ") + ". Without it all that the database has, but for region_iso_code, which with ecs_compatibility comes in place of region_code."},
		{Name: "cache_size", Kind: plugin.Integer, Default: 1000, Unit: "addresses", Help: "Results kept in memory, at about 1 kB each; up to twice as many are held. Too low looks an address up again and again."},
		{Name: "default_database_type", Kind: plugin.String, Default: "City", Allowed: []string{"City", "ASN"}, Ignored: "no database is shipped that it could choose; name one with database"},
		failureTagOption("_geoip_lookup_failure"), ecsOption,
	},
	New: newGeoIP,
}

type geoipFilter struct {
	source, target *event.Path
	database       *geoip.Database // nil without a database
	wanted         []*geoip.Field
	ecs            bool
	cache          *cache.Cache[event.Value] // address to result; null when the database does not know it
	failureTags    []string
}

func newGeoIP(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &geoipFilter{failureTags: s.Strings("tag_on_failure"), ecs: ecsLayout(s)}
	var err error
	if f.source, err = pathOption(s, "source"); err != nil {
		return nil, err
	}
	if f.target, err = geoTarget(s); err != nil {
		return nil, err
	}
	size := s.Int("cache_size")
	if size < 1 || size > 10_000_000 {
		return nil, s.Errorf("cache_size", "must lie between 1 and 10000000")
	}
	f.cache = cache.New[event.Value](int(size))
	if f.wanted, err = wantedGeoFields(s); err != nil {
		return nil, err
	}
	if !s.Has("database") {
		s.Warn("database", "is not given and none is shipped: every event will get the tags %s instead of a location", strings.Join(f.failureTags, ", "))
		return f, nil
	}
	path := env.ResolvePath(s.String("database"))
	if f.database, err = geoip.Open(path); err != nil {
		return nil, s.Errorf("database", "open %s: %v", path, err)
	}
	return f, nil
}

// geoTarget is the option target or its default.
func geoTarget(s *plugin.Settings) (*event.Path, error) {
	if !ecsLayout(s) || s.Has("target") {
		return pathOption(s, "target")
	}
	outer, ok := strings.CutSuffix(s.String("source"), "[ip]")
	if !ok || outer == "" {
		return nil, s.Errorf("target", "is required with ecs_compatibility unless source ends in [ip], as [client][ip] does")
	}
	return event.ParsePath(outer)
}

func wantedGeoFields(s *plugin.Settings) ([]*geoip.Field, error) {
	names := s.Strings("fields")
	without := "region_iso_code"
	if ecsLayout(s) {
		without = "region_code"
	}
	var wanted []*geoip.Field
	for i := range geoip.Fields {
		field := &geoip.Fields[i]
		given := slices.ContainsFunc(names, func(name string) bool { return field.Is(name) })
		if given || len(names) == 0 && field.Name != without {
			wanted = append(wanted, field)
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(geoip.Fields, func(field geoip.Field) bool { return field.Is(name) }) {
			return nil, s.Errorf("fields", "there is no field %q; there are %s", name, strings.Join(geoip.FieldNames(), ", "))
		}
	}
	return wanted, nil
}

func (f *geoipFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	v, _ := ev.Get(f.source)
	found := f.lookup(strings.TrimSpace(firstItem(v).Str()))
	if found.Kind() != event.Object {
		tagAll(ev, f.failureTags)
		return pipeline.Unmatched
	}
	mergeObject(ev, f.target, found.Clone())
	return pipeline.Matched
}

// lookup returns the result for an address, null when there is none: no address, not in the database, or nothing wanted
// is known of it.
func (f *geoipFilter) lookup(text string) event.Value {
	if f.database == nil || text == "" {
		return event.NullValue
	}
	if found, ok := f.cache.Get(text); ok {
		return found
	}
	found := f.read(text)
	f.cache.Put(text, found)
	return found
}

func (f *geoipFilter) read(text string) event.Value {
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return event.NullValue
	}
	record, found := f.database.Lookup(addr)
	if !found {
		return event.NullValue
	}
	object := event.NewObject()
	known := false
	for _, field := range f.wanted {
		names := []string{field.Name}
		if f.ecs {
			names = field.ECS
		}
		if len(names) == 0 {
			continue
		}
		if field.Name == "ip" {
			setNested(object, names, event.StringOf(addr.String()))
			continue
		}
		if v := field.Value(record); v.Kind() != event.Null {
			setNested(object, names, v)
			known = true
		}
	}
	if !known {
		return event.NullValue
	}
	return object
}
