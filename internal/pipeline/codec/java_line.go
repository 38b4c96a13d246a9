package codec

import "elkhorn/internal/pipeline"

// javaLine is line under the name that it has as one of Logstash's built-in codecs.
var javaLine = pipeline.CodecSpec{Name: "java_line", Summary: "Is line under another name.", Options: line.Options, New: line.New}
