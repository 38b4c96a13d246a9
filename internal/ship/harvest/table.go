package harvest

import (
	"maps"
	"slices"

	"elkhorn/internal/plugin"
)

// Table is every input there is, in alphabetical order.
var Table = plugin.NewTable("input", CommonOptions,
	&containerInput,
	&filestreamInput,
	&logInput,
	&stdinInput,
)

const throughPipeline = "there is no such input of the shipper: a pipeline has it, "

// foreign are inputs of Filebeat that are not here, with what to use instead.
var foreign = map[string]string{
	"aws-cloudwatch": "there is no such input: let the events be written to files, or posted to a pipeline's http input",
	"aws-s3":         throughPipeline + "input { s3 { … } }",
	"azure-eventhub": throughPipeline + "input { kafka { … } }, which event hubs speak",
	"cel":            throughPipeline + "input { http_poller { … } }",
	"docker":         "use type container with paths [/var/lib/docker/containers/*/*.log]",
	"gcp-pubsub":     "there is no such input: let the events be written to files, or posted to a pipeline's http input",
	"http_endpoint":  throughPipeline + "input { http { … } }",
	"httpjson":       throughPipeline + "input { http_poller { … } }",
	"journald":       "there is no such input: journalctl -f -o json | elkhorn ship - reads the journal, or let rsyslog write it to a file",
	"kafka":          throughPipeline + "input { kafka { … } }",
	"mqtt":           "there is no such input: let a subscriber print the messages: mosquitto_sub … | elkhorn ship -",
	"netflow":        "there is no such input: let a collector write the flows to a file as JSON lines",
	"redis":          "the slow log of Redis is not read; lists and channels are, by a pipeline's input { redis { … } }",
	"syslog":         throughPipeline + "input { syslog { … } }",
	"tcp":            throughPipeline + "input { tcp { … } }",
	"udp":            throughPipeline + "input { udp { … } }",
	"unix":           "there is no such input: let the program write to TCP, to a pipeline's input { tcp { … } }, or print: app | elkhorn ship -",
	"winlog":         "there is no such input: Winlogbeat can send to a pipeline's beats input",
}

// Foreign says what to use instead of an input that Filebeat has and we do not; ok is false for other names.
func Foreign(name string) (instead string, ok bool) {
	instead, ok = foreign[name]
	return instead, ok
}

// ForeignNames are the names that Foreign knows.
func ForeignNames() []string { return slices.Collect(maps.Keys(foreign)) }
