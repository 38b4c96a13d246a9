package main

import (
	"context"
	"os/exec"
	"path/filepath"
)

func tantivy() rival {
	return rival{name: "tantivy", title: "tantivy",
		how:     "in process, a Rust program; keywords and numbers indexed and as columns, texts with positions, all stored; a writer with 300 MB over all threads, a commit every 100,000 documents, a search thread for each processor",
		prepare: prepareTantivy}
}

func prepareTantivy(ctx context.Context, folder string) (starter, error) {
	target := filepath.Join(folder, "tantivy")
	if err := command(ctx, "", "cargo", "build", "-q", "--release", "--manifest-path", "rivals/tantivy/Cargo.toml", "--target-dir", target); err != nil {
		return nil, err
	}
	return program(filepath.Join(target, "release", "rival-tantivy")), nil
}

func bleve() rival {
	return rival{name: "bleve", title: "bleve", slow: true,
		how:     "in process, a Go program; keywords, numbers and times indexed and as columns, texts with positions, all stored; batches of 1,000 documents",
		prepare: prepareBleve}
}

func prepareBleve(ctx context.Context, folder string) (starter, error) {
	bin := filepath.Join(folder, "bleve", "rival-bleve")
	if err := command(ctx, "", "go", "build", "-o", bin, "./rivals/bleve"); err != nil {
		return nil, err
	}
	return program(bin), nil
}

// program starts a rival's own program, which knows the rows itself.
func program(bin string) starter {
	return func(ctx context.Context, data, set string, t *truth) (engine, error) {
		return startPipe(ctx, exec.Command(bin, data, set), data, "", t)
	}
}
