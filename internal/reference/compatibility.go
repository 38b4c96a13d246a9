package reference

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"elkhorn/internal/api"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
	"elkhorn/internal/ingest/processor"
)

// compatibilityProse is what stands on the page besides the tables, with {{name}} where each table goes.
//
//go:embed compatibility.md
var compatibilityProse string

// Compatibility prints the page; conformance lists the tests of the conformance suite that fail, a line each: the
// test, a tab, why.
func Compatibility(conformance string) string {
	page := compatibilityProse
	for name, table := range map[string]string{
		"endpoints":    endpoints(api.Routes()),
		"absent":       bullets(api.Absent),
		"queries":      kinds("Query", query.Kinds(), query.LeftOut, query.Foreign),
		"aggregations": kinds("Aggregation", agg.Kinds(), agg.LeftOut, slices.Collect(maps.Keys(agg.Foreign))),
		"types":        kinds("Field type", mapping.TypeNames(), mapping.LeftOut, mapping.ForeignTypes()),
		"processors":   kinds("Processor", processor.Names(), processor.LeftOut, slices.Collect(maps.Keys(processor.Foreign))),
		"conformance":  failures(conformance),
	} {
		page = strings.Replace(page, "{{"+name+"}}\n", table, 1)
	}
	return "<!-- Generated: go test ./internal/reference -run Compatibility -rewrite -->\n\n" + page
}

// kinds prints a table of what is there, wholly or in part, and a line of what is not.
func kinds(what string, there []string, leftOut map[string]string, foreign []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | Supported | Left out |\n| --- | --- | --- |\n", what)
	for _, kind := range slices.Sorted(slices.Values(there)) {
		answer := "yes"
		if leftOut[kind] != "" {
			answer = "partly"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", kind, answer, leftOut[kind])
	}
	for _, kind := range slices.Sorted(slices.Values(foreign)) {
		fmt.Fprintf(&b, "| `%s` | no | refused by name |\n", kind)
	}
	return b.String()
}

// endpoints prints one row for each path, with the methods of all its routes. What differs is said once.
func endpoints(routes []api.RouteInfo) string {
	var b strings.Builder
	b.WriteString("| Endpoint | Methods | Supported | What differs |\n| --- | --- | --- | --- |\n")
	for _, r := range routes {
		answer := "yes"
		switch {
		case r.Own:
			answer = "own"
		case r.Note != "":
			answer = "partly"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.Path, strings.Join(r.Methods, ", "), answer, r.Note)
	}
	return b.String()
}

func bullets(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	return b.String()
}

// failures prints the failing tests grouped by their reason.
func failures(conformance string) string {
	var reasons []string
	tests := map[string][]string{}
	for line := range strings.Lines(conformance) {
		test, reason, found := strings.Cut(strings.TrimSpace(line), "\t")
		if !found || strings.HasPrefix(test, "#") {
			continue
		}
		if tests[reason] == nil {
			reasons = append(reasons, reason)
		}
		tests[reason] = append(tests[reason], test)
	}
	var b strings.Builder
	for _, reason := range reasons {
		fmt.Fprintf(&b, "- %s\n", reason)
		for _, test := range tests[reason] {
			fmt.Fprintf(&b, "  - `%s`\n", test)
		}
	}
	return b.String()
}
