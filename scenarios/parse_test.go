package scenarios

import (
	"os"
	"path/filepath"
	"testing"

	"elkhorn/internal/testkit"
)

// TestFilesParse names a broken file even where no server can be started.
func TestFilesParse(t *testing.T) {
	files, err := filepath.Glob("*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := testkit.ParseScenario(string(text)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}
