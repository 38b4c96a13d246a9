package processor

import (
	"context"
	"testing"

	"elkhorn/internal/event"
)

// BenchmarkAccess takes lines of an access log apart, parsing and printing included.
func BenchmarkAccess(b *testing.B) {
	tree, err := event.ParseObject([]byte(`{"processors":[
{"grok":{"field":"message","patterns":["%{COMBINEDAPACHELOG}"]}},
{"date":{"field":"timestamp","formats":["dd/MMM/yyyy:HH:mm:ss Z"]}},
{"user_agent":{"field":"agent"}}]}`))
	if err != nil {
		b.Fatal(err)
	}
	p, err := Compile("access", tree, testEnv(nil))
	if err != nil {
		b.Fatal(err)
	}
	doc := []byte(`{"message":"83.149.9.216 - - [17/May/2015:10:05:03 +0000] \"GET /presentations/logstash-monitorama-2013/images/kibana-search.png HTTP/1.1\" 200 203023 \"http://semicomplete.com/presentations/logstash-monitorama-2013/\" \"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/32.0.1700.77 Safari/537.36\""}`)
	var out []byte
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		source, err := event.ParseObject(doc)
		if err != nil {
			b.Fatal(err)
		}
		d := NewDocument(context.Background(), Metadata{Index: "i", Version: AnyVersion}, source, noon)
		if err := p.Run(d); err != nil {
			b.Fatal(err)
		}
		out = d.Source().AppendJSON(out[:0])
	}
}
