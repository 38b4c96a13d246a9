package ship

import (
	"os"
	"slices"
	"strings"
	"testing"

	"elkhorn/internal/ship/harvest"
	"elkhorn/internal/ship/module"
	"elkhorn/internal/ship/processor"
)

// TestPage: the page about moving from Filebeat names every input, processor and output, built or not, and its example loads.
func TestPage(t *testing.T) {
	data, err := os.ReadFile("../../docs/filebeat.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	sections := map[string][]string{"## Inputs": harvest.ForeignNames(), "## Processors": processor.UnbuiltNames(), "## Outputs": nil}
	for _, name := range module.Names() {
		sections["## Modules"] = append(append(sections["## Modules"], name), module.FilesetsOf(name)...)
	}
	for _, spec := range harvest.Table.Specs() {
		sections["## Inputs"] = append(sections["## Inputs"], spec.Name)
	}
	for _, spec := range processor.Table.Specs() {
		sections["## Processors"] = append(sections["## Processors"], spec.Name)
	}
	for name := range foreignOutputs {
		sections["## Outputs"] = append(sections["## Outputs"], name)
	}
	for name := range outputs {
		sections["## Outputs"] = append(sections["## Outputs"], "output."+name)
	}
	for title, names := range sections {
		_, text, found := strings.Cut(page, title)
		text, _, _ = strings.Cut(text, "\n## ")
		if !found {
			t.Fatalf("there is no section %s", title)
		}
		slices.Sort(names)
		for _, name := range names {
			if !strings.Contains(text, "`"+name+"`") {
				t.Errorf("%s does not name %s", title, name)
			}
		}
	}
	_, example, _ := strings.Cut(page, "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	c, findings, err := Load("example.yml", []byte(example), noVariables)
	if err != nil || len(findings) > 0 || len(c.Inputs) != 2 || len(c.Processors) != 2 {
		t.Errorf("the example: %v\n%s", err, describe(findings))
	}
}
