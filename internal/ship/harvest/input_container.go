package harvest

import (
	"slices"

	"elkhorn/internal/plugin"
)

var containerInput = Spec{
	Name:    "container",
	Summary: "Reads the log files of container runtimes: Docker's json-file driver and Kubernetes (CRI).",
	Options: slices.Concat(fileOptions, logFileOptions, jsonLineOptions, multilineOptionList, []plugin.Option{
		{Name: "stream", Kind: plugin.String, Default: "all", Allowed: []string{"all", "stdout", "stderr"}, Help: "Which of a container's streams are sent."},
		{Name: "format", Kind: plugin.String, Default: "auto", Allowed: []string{"auto", "docker", "cri"}, Help: "Format of the files; auto looks at each line."},
	}),
	New: newContainerInput,
}

func newContainerInput(env *Env, s *plugin.Settings) (Input, error) {
	o := &optionReader{Settings: s}
	p := o.logProspector(env)
	p.events.inputType = "container"
	p.events.decode.container = &containerOptions{stream: s.String("stream"), format: s.String("format")}
	return p.orError(o)
}
