package ship

import (
	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// FilesConfig is what ships the files of some paths, globs included, without a configuration file.
func FilesConfig(paths, hosts []string) *Config {
	list := plugin.Value{Kind: plugin.List}
	for _, path := range paths {
		list.List = append(list.List, plugin.Value{Kind: plugin.Text, Str: path})
	}
	return simpleConfig("log", hosts, plugin.Pair{Key: "paths", Value: list})
}

// StdinConfig is what ships standard input until its end.
func StdinConfig(hosts []string) *Config { return simpleConfig("stdin", hosts) }

func simpleConfig(input string, hosts []string, options ...plugin.Pair) *Config {
	options = append(options, plugin.Pair{Key: "type", Value: plugin.Value{Kind: plugin.Text, Str: input}})
	c := &Config{
		Fields: event.NewObject(),
		Inputs: []Input{{Block: &plugin.BlockConfig{Name: input, Options: options}, Fields: event.NewObject()}},
		Queue:  DefaultQueue(),
		Output: DefaultOutput(),
	}
	for _, host := range hosts {
		c.Output.Hosts = append(c.Output.Hosts, withPort(host))
	}
	return c
}
