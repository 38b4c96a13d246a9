package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"elkhorn/internal/es/kql"
	"elkhorn/internal/es/query"
)

type kqlCmd struct{}

// maxKQLBytes bounds a query read from standard input.
const maxKQLBytes = 1 << 20

// Help shows what to type.
func (*kqlCmd) Help() string {
	return `Example:

  echo 'log_level:ERROR and not service_name:test*' | elkhorn kql`
}

// Run turns KQL on standard input into query DSL on standard output.
func (*kqlCmd) Run(*app) error {
	text, err := io.ReadAll(io.LimitReader(os.Stdin, maxKQLBytes))
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	q, err := parseKQL(strings.TrimSpace(string(text)))
	if err != nil {
		return err
	}
	fmt.Println(query.String(q))
	return nil
}

// parseKQL turns KQL into a query and prints hints on standard error. Nothing is everything.
func parseKQL(text string) (query.Query, error) {
	if text == "" {
		return &query.MatchAll{}, nil
	}
	q, hints, err := kql.Query(text, kql.Options{})
	if err != nil {
		return nil, err
	}
	for _, h := range hints {
		fmt.Fprintf(os.Stderr, "hint: %s\n", h.Text)
	}
	return q, nil
}
