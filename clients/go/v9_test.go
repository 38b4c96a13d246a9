package clients

import (
	"encoding/json"
	"strings"
	"testing"

	elasticsearch "github.com/elastic/go-elasticsearch/v9"
)

const indexV9 = "go-client-9"

func TestV9IndexAndSearch(t *testing.T) {
	rec := &recorder{}
	client, err := elasticsearch.NewClient(elasticsearch.Config{Addresses: []string{serverURL(t)}, Transport: rec})
	if err != nil {
		t.Fatal(err)
	}
	res, err := client.Indices.Delete([]string{indexV9}, client.Indices.Delete.WithIgnoreUnavailable(true))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	for range 3 {
		res, err := client.Index(indexV9, strings.NewReader(`{"level":"ERROR","at":"2026-02-27T22:15:30Z"}`), client.Index.WithRefresh("wait_for"))
		if err != nil {
			t.Fatal(err)
		}
		if res.IsError() {
			t.Fatal(res.String())
		}
		res.Body.Close()
	}
	res, err = client.Count(client.Count.WithIndex(indexV9), client.Count.WithQuery("level:ERROR"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var count struct{ Count int }
	if err := json.NewDecoder(res.Body).Decode(&count); err != nil {
		t.Fatal(err)
	}
	if count.Count != 3 {
		t.Errorf("count %+v", count)
	}
	info, err := client.Info()
	if err != nil || info.IsError() {
		t.Fatalf("info: %v %v", err, info)
	}
	info.Body.Close()
	rec.check(t)
}
