package filter

import (
	"strconv"
	"strings"

	"elkhorn/internal/event"
)

// geoField is one field of a lookup's result and where databases keep it. Paths are tried in order; a step that is a
// number is an index, -1 being the last item.
type geoField struct {
	name  string
	ecs   []string // its place in the Elastic Common Schema; none has a field that is left out there
	alias string   // MaxMind's name for it, taken by the option fields
	paths []string
	make  func(record map[string]any) event.Value // instead of paths
}

// geoFields are in the order in which they are written into the event. Nested paths are GeoIP2's (city, country and ASN
// databases), plain ones those of flat databases such as DB-IP's.
var geoFields = []geoField{
	{name: "ip", ecs: []string{"ip"}},
	{name: "country_name", ecs: []string{"geo", "country_name"}, make: countryName},
	{name: "country_code2", ecs: []string{"geo", "country_iso_code"}, paths: countryCodePaths},
	// GeoIP2 no longer has three-letter codes; Logstash repeats the two letters.
	{name: "country_code3", paths: []string{"country_code3", "country.iso_code", "registered_country.iso_code", "country_code"}},
	{name: "continent_code", ecs: []string{"geo", "continent_code"}, paths: []string{"continent.code", "continent_code"}},
	{name: "continent_name", ecs: []string{"geo", "continent_name"}, paths: []string{"continent.names.en", "continent_name"}},
	{name: "region_name", ecs: []string{"geo", "region_name"}, paths: []string{"subdivisions.-1.names.en", "state1", "state", "region_name", "region"}},
	{name: "region_code", ecs: []string{"geo", "region_code"}, paths: []string{"subdivisions.-1.iso_code", "region_code", "state_code"}},
	{name: "region_iso_code", ecs: []string{"geo", "region_iso_code"}, make: regionISOCode},
	{name: "city_name", ecs: []string{"geo", "city_name"}, paths: []string{"city.names.en", "city_name", "city"}},
	{name: "postal_code", ecs: []string{"geo", "postal_code"}, paths: []string{"postal.code", "postcode", "postal_code"}},
	{name: "dma_code", ecs: []string{"mmdb", "dma_code"}, paths: []string{"location.metro_code", "dma_code", "metro_code"}},
	{name: "timezone", ecs: []string{"geo", "timezone"}, paths: []string{"location.time_zone", "timezone", "time_zone"}},
	{name: "latitude", paths: latitudePaths},
	{name: "longitude", paths: longitudePaths},
	{name: "location", ecs: []string{"geo", "location"}, make: geoPoint},
	{name: "asn", ecs: []string{"as", "number"}, alias: "autonomous_system_number", paths: []string{"autonomous_system_number", "asn"}},
	{name: "as_org", ecs: []string{"as", "organization", "name"}, alias: "autonomous_system_organization", paths: []string{"autonomous_system_organization", "as_name", "as_org"}},
}

var (
	countryCodePaths = []string{"country.iso_code", "registered_country.iso_code", "country_code"}

	latitudePaths  = []string{"location.latitude", "latitude", "lat"}
	longitudePaths = []string{"location.longitude", "longitude", "lon", "lng"}
)

func geoFieldNames() []string {
	names := make([]string, len(geoFields))
	for i, f := range geoFields {
		names[i] = f.name
	}
	return names
}

// is compares with a name of the option fields, in any case.
func (f *geoField) is(name string) bool {
	return strings.EqualFold(name, f.name) || f.alias != "" && strings.EqualFold(name, f.alias)
}

func (f *geoField) value(record map[string]any) event.Value {
	if f.make != nil {
		return f.make(record)
	}
	for _, path := range f.paths {
		if v := geoScalar(follow(record, path)); v.Kind() != event.Null {
			return v
		}
	}
	return event.NullValue
}

// follow walks a dotted path; nil when it leads nowhere.
func follow(record map[string]any, path string) any {
	var at any = record
	for _, step := range strings.Split(path, ".") {
		switch have := at.(type) {
		case map[string]any:
			at = have[step]
		case []any:
			i, err := strconv.Atoi(step)
			if i < 0 {
				i += len(have)
			}
			if err != nil || i < 0 || i >= len(have) {
				return nil
			}
			at = have[i]
		default:
			return nil
		}
	}
	return at
}

// geoScalar makes a value of what a database decodes to; null for anything but texts and numbers, and for an empty text.
func geoScalar(v any) event.Value {
	switch v := v.(type) {
	case string:
		if v != "" {
			return event.StringOf(v)
		}
	case float64:
		return event.FloatOf(v)
	case float32: // by way of its shortest decimal form, so that 51.5 does not become 51.50000001
		f, err := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64)
		if err == nil {
			return event.FloatOf(f)
		}
	case int:
		return event.IntOf(int64(v))
	case int32:
		return event.IntOf(int64(v))
	case uint16:
		return event.IntOf(int64(v))
	case uint32:
		return event.IntOf(int64(v))
	case uint64:
		return event.IntOf(int64(v))
	}
	return event.NullValue
}

func geoPoint(record map[string]any) event.Value {
	lat := (&geoField{paths: latitudePaths}).value(record)
	lon := (&geoField{paths: longitudePaths}).value(record)
	if !lat.IsNumber() || !lon.IsNumber() {
		return event.NullValue
	}
	point := event.NewObject()
	point.SetMember("lat", lat)
	point.SetMember("lon", lon)
	return point
}

// regionISOCode is ISO 3166-2: country and region joined by a hyphen.
func regionISOCode(record map[string]any) event.Value {
	country := geoScalar(follow(record, "country.iso_code"))
	region := geoScalar(follow(record, "subdivisions.-1.iso_code"))
	if country.Kind() != event.String || region.Kind() != event.String {
		return event.NullValue
	}
	return event.StringOf(country.Str() + "-" + region.Str())
}
