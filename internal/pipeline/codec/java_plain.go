package codec

import "elkhorn/internal/pipeline"

// javaPlain is plain under the name that it has as one of Logstash's built-in codecs.
var javaPlain = pipeline.CodecSpec{Name: "java_plain", Summary: "Is plain under another name.", Options: plain.Options, New: plain.New}
