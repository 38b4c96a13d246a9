package processor

import (
	"maps"
	"slices"
)

// unbuilt are processors of Filebeat that are not here, with what their absence means. A configuration that asks for one is
// warned and runs without.
var unbuilt = map[string]string{
	"add_docker_metadata":       "container names, images and labels are not added; container.id is taken from the path",
	"add_kubernetes_metadata":   "pod names and labels are not added",
	"add_cloud_metadata":        "the cloud provider's instance and region are not added",
	"add_process_metadata":      "processes are not looked up",
	"add_locale":                "the time zone is not added",
	"add_id":                    "the store gives ids",
	"community_id":              "no community id is computed",
	"truncate_fields":           "fields are not cut",
	"script":                    "scripts are not run",
	"dns":                       "names are not looked up",
	"fingerprint":               "no fingerprint is computed; use fingerprint in the pipeline",
	"registered_domain":         "domains are not taken apart",
	"translate_sid":             "Windows identifiers are not translated",
	"urldecode":                 "text is not decoded",
	"decode_base64_field":       "text is not decoded",
	"decode_xml":                "XML is not decoded",
	"decompress_gzip_field":     "text is not decompressed",
	"extract_array":             "arrays are not taken apart",
	"replace":                   "text is not replaced; use mutate in the pipeline",
	"rate_limit":                "events are not limited",
	"add_network_direction":     "the direction is not added",
	"detect_mime_type":          "no type is detected",
	"syslog":                    "syslog lines are not taken apart; use the pipeline's syslog input or grok",
	"parse_aws_vpc_flow_log":    "flow logs are not taken apart; use dissect or grok in the pipeline",
	"move_fields":               "fields are not moved; use rename",
	"cache":                     "nothing is looked up",
	"append":                    "nothing is appended",
	"lowercase":                 "text is not changed; use mutate in the pipeline",
	"uppercase":                 "text is not changed; use mutate in the pipeline",
	"add_nomad_metadata":        "the names of jobs are not added",
	"add_cloudfoundry_metadata": "the names of applications are not added",
	"add_session_metadata":      "sessions are not added",
	"add_formatted_index":       "indices are not made of fields; use output.elasticsearch.index",
	"decode_csv_fields":         "lines are not taken apart; use csv in the pipeline",
	"decode_cef":                "CEF is not decoded",
	"decode_duration":           "time spans are not converted",
	"decode_xml_wineventlog":    "XML is not decoded",
}

// Unbuilt reports what is missing without a processor that Filebeat has and we do not; ok is false for other names.
func Unbuilt(name string) (missing string, ok bool) {
	missing, ok = unbuilt[name]
	return missing, ok
}

// UnbuiltNames are the names that Unbuilt knows.
func UnbuiltNames() []string { return slices.Collect(maps.Keys(unbuilt)) }
