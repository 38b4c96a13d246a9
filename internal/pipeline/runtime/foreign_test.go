package runtime

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
)

// defaultSet are the plugins that Logstash 9 comes with, aliases included.
var defaultSet = map[string]string{
	"input": "azure_event_hubs beats couchdb_changes dead_letter_queue elasticsearch elastic_agent elastic_serverless_forwarder exec file ganglia gelf generator graphite " +
		"heartbeat http http_poller jms pipe redis stdin syslog tcp twitter udp unix jdbc kafka logstash rabbitmq snmp snmptrap cloudwatch s3 sqs pipeline java_generator java_stdin",
	"output": "csv elasticsearch email file graphite http lumberjack nagios null redis stdout tcp udp webhdfs kafka logstash rabbitmq cloudwatch s3 sns sqs pipeline " +
		"java_stdout sink",
	"codec": "avro cef collectd dots edn edn_lines es_bulk fluent graphite json json_lines line msgpack multiline netflow plain rubydebug java_line java_plain",
	"filter": "aggregate anonymize cidr clone csv date de_dot dissect dns drop elastic_integration elasticsearch fingerprint geoip grok http json kv memcached " +
		"metrics mutate prune ruby sleep split syslog_pri throttle translate truncate urldecode useragent uuid xml jdbc_streaming jdbc_static java_uuid",
}

// TestDefaultSetIsKnown wants each plugin of Logstash's own to be there or to be refused with what to use instead.
func TestDefaultSetIsKnown(t *testing.T) {
	known := func(kind, name string) bool {
		switch kind {
		case "input":
			return tables.Inputs.Find(name) != nil || tables.Inputs.Foreign()[name] != ""
		case "filter":
			return tables.Filters.Find(name) != nil || tables.Filters.Foreign()[name] != ""
		case "output":
			return tables.Outputs.Find(name) != nil || tables.Outputs.Foreign()[name] != ""
		}
		return tables.Codecs.Find(name) != nil || tables.Codecs.Foreign()[name] != ""
	}
	for kind, names := range defaultSet {
		for _, name := range strings.Fields(names) {
			if !known(kind, name) {
				t.Errorf("the %s %s is neither there nor named as missing", kind, name)
			}
		}
	}
}

// TestForeignPluginsAreRefusedByName loads one of each kind.
func TestForeignPluginsAreRefusedByName(t *testing.T) {
	for conf, want := range map[string]string{
		`filter { xml { source => "message" } }`:       "1:10: xml: the filter plugin xml of Logstash is not here; ",
		`input { stdin { codec => avro {} } }`:         "1:26: avro: the codec plugin avro of Logstash is not here; ",
		`input { jdbc {} }`:                            "1:9: jdbc: the input plugin jdbc of Logstash is not here; ",
		`output { if [a] { graphite { port => 1 } } }`: "1:19: graphite: the output plugin graphite of Logstash is not here; use tcp with the line codec",
	} {
		_, err := Test(t.Context(), Source{Inline: conf, Lookup: noVariables}, tables, false, strings.NewReader(""), &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", conf, err)
		}
	}
}

// TestAlternativesAreSentences reads what is said about each missing plugin.
func TestAlternativesAreSentences(t *testing.T) {
	for _, foreign := range []map[string]string{tables.Inputs.Foreign(), tables.Filters.Foreign(), tables.Outputs.Foreign(), tables.Codecs.Foreign()} {
		for _, name := range slices.Sorted(maps.Keys(foreign)) {
			if instead := foreign[name]; len(instead) < 7 || strings.HasSuffix(instead, ".") || strings.ToUpper(instead[:1]) == instead[:1] && name != "azure_event_hubs" {
				t.Errorf("%s: %q", name, instead)
			}
		}
	}
}
