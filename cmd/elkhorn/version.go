package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"elkhorn/internal/api"
)

type versionCmd struct{}

// Run prints the version of the program, of the API it speaks, and of Go.
func (*versionCmd) Run(*app) error {
	fmt.Println(versionLine())
	return nil
}

func versionLine() string {
	version := "development"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	return fmt.Sprintf("elkhorn %s (speaks Elasticsearch %s), %s %s/%s", version, api.DefaultVersion, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
