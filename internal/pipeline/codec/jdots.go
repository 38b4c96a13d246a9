package codec

import "elkhorn/internal/pipeline"

// jdots is dots under the name that it has as one of Logstash's built-in codecs.
var jdots = pipeline.CodecSpec{Name: "jdots", Summary: "Is dots under another name.", Options: dots.Options, New: newDots}
