package exec

import (
	"elkhorn/internal/es/result"
)

// fieldFetcher fills a hit's "fields".
type fieldFetcher struct{}

func newFieldFetcher(*plan, *leaf, *fetchOptions) (*fieldFetcher, error) { return &fieldFetcher{}, nil }

func (f *fieldFetcher) needsSource() bool { return false }

func (f *fieldFetcher) fetch(int, []byte, *result.Hit) error { return nil }
