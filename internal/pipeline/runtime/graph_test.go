package runtime

import (
	"fmt"
	"strings"
	"testing"
)

// TestGraph: conditions are vertices with a way for yes and one for no, filters follow one another, outputs stand side by side.
func TestGraph(t *testing.T) {
	h := newHarness(t, `
input { generator { id => "a" count => 1 } heartbeat { id => "b" count => 1 } }
filter {
  mutate { id => "first" }
  if [x] == "1" and [y] {
    mutate { id => "one" }
    if [z] { drop { id => "drop" } }
  } else if "t" in [tags] {
    mutate { id => "two" }
  } else {
    mutate { id => "other" }
  }
  if [unused] { }
  mutate { id => "last" }
}
output {
  stdout { id => "all" }
  if [bad] { null { id => "bad" } } else { null { id => "good" } null { id => "too" } }
}`, nil)
	g := h.pipeline.Graph()
	var vertices, edges []string
	for _, v := range g.Vertices {
		switch {
		case v.Condition != "":
			vertices = append(vertices, fmt.Sprintf("%s: %s", v.ID, v.Condition))
		case v.PluginKind != "":
			vertices = append(vertices, fmt.Sprintf("%s: %s %s", v.ID, v.PluginKind, v.Name))
		default:
			vertices = append(vertices, v.ID)
		}
	}
	for _, e := range g.Edges {
		way := ""
		if e.Boolean {
			way = fmt.Sprintf(" %t", e.When)
		}
		edges = append(edges, fmt.Sprintf("%s > %s%s", e.From, e.To, way))
	}
	want := `a: input generator
b: input heartbeat
__QUEUE__
first: filter mutate
if_5_3: [x] == "1" and [y]
one: filter mutate
if_7_5: [z]
drop: filter drop
if_8_5: "t" in [tags]
two: filter mutate
other: filter mutate
if_13_3: [unused]
last: filter mutate
all: output stdout
if_18_3: [bad]
bad: output null
good: output null
too: output null`
	if got := strings.Join(vertices, "\n"); got != want {
		t.Errorf("vertices\n%s\nwant\n%s", got, want)
	}
	want = `a > __QUEUE__
b > __QUEUE__
__QUEUE__ > first
first > if_5_3
if_5_3 > one true
one > if_7_5
if_7_5 > drop true
if_5_3 > if_8_5 false
if_8_5 > two true
if_8_5 > other false
drop > if_13_3
if_7_5 > if_13_3 false
two > if_13_3
other > if_13_3
if_13_3 > last true
if_13_3 > last false
last > all
last > if_18_3
if_18_3 > bad true
if_18_3 > good false
if_18_3 > too false`
	if got := strings.Join(edges, "\n"); got != want {
		t.Errorf("edges\n%s\nwant\n%s", got, want)
	}
}
