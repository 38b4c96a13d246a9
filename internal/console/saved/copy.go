package saved

import (
	"context"
	"slices"
)

// Copied is what became of objects in one of the spaces that they were copied to; see Imported.
type Copied struct {
	Success      bool            `json:"success"`
	SuccessCount int             `json:"successCount"`
	Successes    []ImportSuccess `json:"successResults,omitempty"`
	Errors       []ImportError   `json:"errors,omitempty"`
}

// Copy takes objects of this space, with deep all that they refer to, into others, each in its own way. Before anything is
// written, an unknown space is an Error of status 404, and objects that are not there are a MissingError.
func (s *Store) Copy(ctx context.Context, objects []Key, deep bool, into map[string]Import) (map[string]*Copied, error) {
	for space := range into {
		if err := s.HasSpace(ctx, space); err != nil {
			return nil, err
		}
	}
	file, err := s.Export(ctx, Export{Objects: objects, Deep: deep, NoDetails: true})
	if err != nil {
		return nil, err
	}
	out := make(map[string]*Copied, len(into))
	for space, how := range into {
		// Each space gets objects of its own, as an import changes them.
		copies, err := Read(file)
		if err != nil {
			return nil, err
		}
		how.Retries = slices.Clone(how.Retries)
		done, err := s.In(space).Import(ctx, copies, how)
		if err != nil {
			return nil, err
		}
		out[space] = &Copied{Success: done.Success, SuccessCount: done.SuccessCount, Successes: done.Successes, Errors: done.Errors}
	}
	return out, nil
}
