package api

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var rewrite = flag.Bool("rewrite", false, "write the reference page of this run into docs")

const referencePage = "../../docs/rest-api.md"

// TestReferencePage keeps the reference page of the REST API the same as the table that serves it.
func TestReferencePage(t *testing.T) {
	want := reference()
	if *rewrite {
		if err := os.WriteFile(referencePage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(referencePage)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/rest-api.md is not what the route table says; run this test with -rewrite")
	}
}

// reference prints the route table and the parameters as a page.
func reference() string {
	var b strings.Builder
	b.WriteString("<!-- Generated from internal/api/routes.go and params.go: go test ./internal/api -run ReferencePage -rewrite -->\n\n" +
		"# The REST API\n\n" +
		"Every endpoint of port 9200, which port 5601 serves under `/es/` too. They answer as Elasticsearch's endpoints of the same\n" +
		"path do; what is answered differently stands in the last column. A path, a method, a parameter, a member of a body or a\n" +
		"clause that is not here is refused with an error that names it.\n\n" +
		"| Methods | Path | What it does | Differences |\n| --- | --- | --- | --- |\n")
	for _, r := range routeTable() {
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s |\n", strings.ReplaceAll(r.methods, " ", ", "), r.path, r.help, remark(&r))
	}
	b.WriteString("\n## Parameters\n\nAll endpoints take " + codes(commonParams) + ".\n\n| Parameter | Meaning | Endpoints |\n| --- | --- | --- |\n")
	var names []string
	for name := range params {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, params[name].help, users(name))
	}
	return b.String()
}

// remark is the last column.
func remark(r *route) string {
	if r.own {
		return "this server's own: " + r.note
	}
	return r.note
}

func codes(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

// users names the endpoints that take a parameter: the first few, and how many more.
func users(name string) string {
	if slices.Contains(commonParams, name) {
		return "all"
	}
	const shown = 3
	var paths []string
	for _, r := range routeTable() {
		if slices.Contains(strings.Fields(r.params), name) && !slices.Contains(paths, r.path) {
			paths = append(paths, r.path)
		}
	}
	if len(paths) > shown {
		return codes(paths[:shown]) + fmt.Sprintf(" and %d more", len(paths)-shown)
	}
	if len(paths) == 0 {
		return ""
	}
	return codes(paths)
}

// TestEveryParameterIsTaken finds descriptions that no endpoint uses any more.
func TestEveryParameterIsTaken(t *testing.T) {
	for name := range params {
		if users(name) == "" {
			t.Errorf("no endpoint takes the parameter %s", name)
		}
	}
}
