package filter

import "elkhorn/internal/pipeline"

// javaUUID is uuid under the name that it has as one of Logstash's built-in filters.
var javaUUID = pipeline.FilterSpec{Name: "java_uuid", Summary: "Is uuid under another name.", Options: uuid.Options, New: newUUID}
