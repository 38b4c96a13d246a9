// Package saved keeps what people make in the interface: data views, searches, charts, dashboards, tags, settings. Each is an
// object of Kibana's saved-object model, so that exports of Kibana's can be read and ours can be taken there.
//
// An object is one document of the hidden index .kibana, reached through the store's roles, so that objects live wherever the
// logs do:
//
//	_id      dashboard:0f1e…, in another space than the default one s/SPACE:dashboard:0f1e…
//	_source  {"type":"dashboard", "dashboard":{…attributes…}, "references":[{"type","id","name"}], "label":"…",
//	          "created_at", "updated_at", "namespace", "coreMigrationVersion", "typeMigrationVersion", "managed"}
//
// "label" is the title in lower case, to sort and search by; attributes beside title and description are kept and not indexed.
// Each object belongs to one space (space.go), and "namespace" names it; the objects of the default space have none, as those
// that were kept before there were spaces. A Store is one space's objects, In has another's. A space is such a document itself, of
// the type "space", which cannot be reached as an object.
//
// An object's version, which guards writes, is made of the document's sequence number and primary term.
//
// What comes in is brought to one form (migrate.go): objects of Kibana 5 to 7 name other objects inside their attributes, and
// here they are references. import.go and export.go move objects as NDJSON, printed.go reads the plain dashboard files that
// articles print.
//
// The package knows no HTTP; package console does.
package saved
