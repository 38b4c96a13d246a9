package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"elkhorn/internal/es/query"
)

type searchCmd struct {
	clientFlags
	Query  string `arg:"" optional:"" help:"KQL, such as 'log_level:ERROR and service_name:x'; nothing finds everything."`
	Index  string `short:"i" default:"*" help:"Index, alias or pattern."`
	Since  string `help:"Only events at or after this time: 2026-02-27T14:00:00Z, or date math such as now-15m." placeholder:"TIME"`
	Until  string `help:"Only events before this time." placeholder:"TIME"`
	Size   int    `short:"n" default:"50" help:"How many events to print, newest first."`
	By     string `help:"Print counts by this field instead of events." placeholder:"FIELD"`
	JSON   bool   `help:"Print whole documents as NDJSON."`
	Oldest bool   `help:"Oldest first."`
}

// searchAnswer is the part of an answer that the terminal shows.
type searchAnswer struct {
	Took int64 `json:"took"`
	Hits struct {
		Total struct {
			Value    int64  `json:"value"`
			Relation string `json:"relation"`
		} `json:"total"`
		Hits []hit `json:"hits"`
	} `json:"hits"`
	Aggregations struct {
		By struct {
			Buckets []struct {
				Key         any    `json:"key"`
				KeyAsString string `json:"key_as_string"`
				Count       int64  `json:"doc_count"`
			} `json:"buckets"`
			Others int64 `json:"sum_other_doc_count"`
		} `json:"by"`
	} `json:"aggregations"`
}

type hit struct {
	Index  string          `json:"_index"`
	ID     string          `json:"_id"`
	Source json.RawMessage `json:"_source"`
	Sort   []any           `json:"sort"`
}

// Help shows what to type.
func (*searchCmd) Help() string {
	return `Examples:

  elkhorn search 'log_level:ERROR and service_name:mcp-server' --since now-1h
  elkhorn search 'message:"connection timeout"' -n 5 --json
  elkhorn search --by log_level.keyword --index 'logs-*'`
}

// Run searches once and prints what was found.
func (c *searchCmd) Run(a *app) error {
	q, err := parseKQL(c.Query)
	if err != nil {
		return err
	}
	body := map[string]any{"query": rangeQuery(q, c.Since, c.Until), "size": c.Size, "track_total_hits": true}
	order := "desc"
	if c.Oldest {
		order = "asc"
	}
	body["sort"] = byTime(order)
	if c.By != "" {
		body["size"] = 0
		body["aggs"] = map[string]any{"by": map[string]any{"terms": map[string]any{"field": c.By, "size": 1000}}}
	}
	var answer searchAnswer
	if err := c.call(a.ctx, "POST", "/"+url.PathEscape(c.Index)+"/_search", body, &answer); err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	if c.By != "" {
		printCounts(out, &answer)
	} else {
		for i := range answer.Hits.Hits {
			printHit(out, &answer.Hits.Hits[i], c.JSON)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	fmt.Fprintf(os.Stderr, "%d events in %d ms\n", answer.Hits.Total.Value, answer.Took)
	if c.By != "" && answer.Hits.Total.Value > 0 && len(answer.Aggregations.By.Buckets) == 0 {
		hint := ""
		if !strings.HasSuffix(c.By, ".keyword") {
			hint = fmt.Sprintf("; a text field is counted by %s.keyword", c.By)
		}
		fmt.Fprintf(os.Stderr, "none of them has the field %s%s\n", c.By, hint)
	}
	return nil
}

// byTime sorts by event time, and events of the same millisecond by arrival in the same direction: the
// lines of a file that is read at once often share one, and the last of them is the newest.
func byTime(order string) []any {
	return []any{
		map[string]any{"@timestamp": map[string]any{"order": order, "unmapped_type": "date"}},
		map[string]any{"_doc": order},
	}
}

// rangeQuery adds bounds on the event time.
func rangeQuery(q query.Query, since, until string) json.RawMessage {
	if since == "" && until == "" {
		return json.RawMessage(query.String(q))
	}
	bounds := map[string]any{}
	if since != "" {
		bounds["gte"] = since
	}
	if until != "" {
		bounds["lt"] = until
	}
	text, err := json.Marshal(map[string]any{"bool": map[string]any{
		"must":   []json.RawMessage{json.RawMessage(query.String(q))},
		"filter": []any{map[string]any{"range": map[string]any{"@timestamp": bounds}}}}})
	if err != nil {
		panic(err) // maps of text always print
	}
	return text
}

func printCounts(out io.Writer, answer *searchAnswer) {
	for _, b := range answer.Aggregations.By.Buckets {
		key := b.KeyAsString
		if key == "" {
			key = fmt.Sprint(b.Key)
		}
		fmt.Fprintf(out, "%10d  %s\n", b.Count, key)
	}
	if n := answer.Aggregations.By.Others; n > 0 {
		fmt.Fprintf(out, "%10d  (others)\n", n)
	}
}
