package main

import (
	"encoding/json"
	"testing"
)

func TestEventsOfOneMillisecondKeepTheDirection(t *testing.T) {
	for _, order := range []string{"asc", "desc"} {
		got, err := json.Marshal(byTime(order))
		if err != nil {
			t.Fatal(err)
		}
		want := `[{"@timestamp":{"order":"` + order + `","unmapped_type":"date"}},{"_doc":"` + order + `"}]`
		if string(got) != want {
			t.Errorf("byTime(%s) = %s, want %s", order, got, want)
		}
	}
}
