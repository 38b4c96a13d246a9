package saved

import (
	"cmp"
	"maps"
	"slices"
)

// kind is what is particular to a type of objects.
type kind struct {
	// icon is the name that answers of imports carry.
	icon string
	// title is the attribute that names an object; "" is "title".
	title string
	// version is the form that Kibana 8 calls this type's latest; exports say it.
	version string
	// migrate brings older forms to the present one; nil when there is none.
	migrate func(*form)
}

var unknownKind = kind{}

// kinds are all types, in alphabetical order.
var kinds = map[string]*kind{
	"canvas-workpad":         {icon: "canvasApp", title: "name", version: "8.9.0"},
	"config":                 {icon: "gear", title: "buildNum", version: "8.9.0"},
	"dashboard":              {icon: "dashboardApp", version: "8.9.0", migrate: migrateDashboard},
	"event-annotation-group": {icon: "flag", version: "8.9.0"},
	"index-pattern":          {icon: "indexPatternApp", version: "8.0.0"},
	"lens":                   {icon: "lensApp", version: "8.9.0", migrate: migrateSearchSource},
	"links":                  {icon: "link", version: "8.9.0"},
	"map":                    {icon: "gisApp", version: "8.4.0"},
	"query":                  {icon: "search", version: "8.0.0"},
	"search":                 {icon: "discoverApp", version: "8.0.0", migrate: migrateSearch},
	"tag":                    {icon: "tag", title: "name", version: "8.0.0"},
	"url":                    {icon: "link", title: "slug", version: "8.6.0"},
	"visualization":          {icon: "visualizeApp", version: "8.5.0", migrate: migrateVisualization},
}

func kindOf(typ string) *kind {
	if k, ok := kinds[typ]; ok {
		return k
	}
	return &unknownKind
}

func (k *kind) titleAttribute() string { return cmp.Or(k.title, "title") }

// Types are the types of objects, sorted.
func Types() []string { return slices.Sorted(maps.Keys(kinds)) }

func checkType(typ string) error {
	if _, ok := kinds[typ]; !ok {
		return bad("Unsupported saved object type: '%s': Bad Request", cut(typ, 80))
	}
	return nil
}

// Icon is the name of a type's icon.
func Icon(typ string) string { return kindOf(typ).icon }
