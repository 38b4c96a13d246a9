package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

//go:embed rivals/duckdb/queries.sql
var duckDBQueries string

//go:embed rivals/chdb/queries.sql
var chDBQueries string

func duckDB() rival {
	return rival{name: "duckdb", title: "DuckDB",
		how:     "in process, one file; each file of 100,000 documents is one INSERT from read_json, committed; CHECKPOINT after the load",
		prepare: pythonRival("duckdb", duckDBQueries)}
}

func chDB() rival {
	return rival{name: "chdb", title: "ClickHouse (chDB)",
		how:     "in process, MergeTree by time, LowCardinality, T64, Delta and ZSTD codecs, Bloom filters on ids, text indexes on message and stack_trace; each file of 100,000 documents is one INSERT",
		prepare: pythonRival("chdb", chDBQueries)}
}

// pythonRival installs a rival's requirements into an environment of its own and runs its rival.py.
func pythonRival(name, sql string) func(context.Context, string) (starter, error) {
	return func(ctx context.Context, folder string) (starter, error) {
		environment := filepath.Join(folder, name)
		requirements := filepath.Join("rivals", name, "requirements.txt")
		install := func() error {
			if err := command(ctx, "", "python3", "-m", "venv", environment); err != nil {
				return err
			}
			return command(ctx, "", filepath.Join(environment, "bin", "pip"), "install", "-q", "--disable-pip-version-check", "-r", requirements)
		}
		if err := once(environment, requirements, install); err != nil {
			return nil, err
		}
		script, err := filepath.Abs(filepath.Join("rivals", name, "rival.py"))
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context, data, set string, t *truth) (engine, error) {
			return startPipe(ctx, exec.Command(filepath.Join(environment, "bin", "python"), "-B", script, data, set), data, sql, t)
		}, nil
	}
}

// once installs into a folder unless that was done from the same list before: a copy of the list is left
// there as the mark.
func once(folder, list string, install func() error) error {
	want, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	mark := filepath.Join(folder, "installed-"+filepath.Base(list))
	if have, err := os.ReadFile(mark); err == nil && bytes.Equal(have, want) {
		return nil
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := install(); err != nil {
		return err
	}
	return os.WriteFile(mark, want, 0o644)
}

// command runs a program to its end; its output is part of the error.
func command(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %.300s", filepath.Base(name), err, lastBytes(out, 300))
	}
	return nil
}

func lastBytes(b []byte, n int) []byte { return b[max(0, len(b)-n):] }
