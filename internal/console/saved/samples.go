package saved

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
)

// samples are dashboards that come with the program, in the form that articles print (printed.go).
//
//go:embed samples/*.json
var samples embed.FS

// sampleNames, in the order they are offered.
var sampleNames = []string{"chatgpt", "llm", "ml"}

// Sample is a dashboard that can be had with one request.
type Sample struct {
	Name        string `json:"name"`
	ID          string `json:"id"` // of the dashboard
	Title       string `json:"title"`
	Description string `json:"description"`
	Index       string `json:"index"` // the pattern of the indices that it looks at
	Panels      int    `json:"panels"`
}

// Samples lists them.
func Samples() []Sample {
	out := make([]Sample, len(sampleNames))
	for i, name := range sampleNames {
		d, err := readPrinted(sampleBody(name))
		if err != nil {
			panic(fmt.Sprintf("saved: the sample %s: %v", name, err)) // a test reads them all
		}
		out[i] = Sample{Name: name, ID: slug(d.ID), Title: d.Title, Description: d.Description, Index: d.DataView.Title, Panels: len(d.Panels)}
	}
	return out
}

func sampleBody(name string) json.RawMessage {
	body, err := samples.ReadFile("samples/" + name + ".json")
	if err != nil {
		return nil
	}
	return body
}

// AddSample makes a sample's objects. What is there already stays as it is, unless overwrite is set.
func (s *Store) AddSample(ctx context.Context, name string, overwrite bool) ([]Result, error) {
	body := sampleBody(name)
	if body == nil {
		return nil, &Error{http.StatusNotFound, fmt.Sprintf("there is no sample [%s]; there are chatgpt, llm and ml", cut(name, 40))}
	}
	objects, _, err := s.FromPrinted(ctx, body, "")
	if err != nil {
		return nil, err
	}
	results, err := s.Create(ctx, objects, overwrite)
	if err != nil {
		return nil, err
	}
	for i := range results {
		if StatusOf(results[i].Err) == http.StatusConflict {
			results[i].Object, results[i].Err = objects[i], nil
		}
	}
	return results, nil
}
