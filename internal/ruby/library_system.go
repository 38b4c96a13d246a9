package ruby

import (
	"os"
	"strings"
)

// The parts of File and Socket that reach nothing but names: no file is opened.

func hostName(*call) (Value, error) {
	name, err := os.Hostname()
	if err != nil {
		return nil, raisef("SocketError", "%v", err)
	}
	return name, nil
}

// fileBaseName is File.basename(path), and with a second argument the name without that ending; ".*" stands for any.
func fileBaseName(c *call) (Value, error) {
	path, err := textArg(c.args[0])
	if err != nil {
		return nil, err
	}
	trimmed := strings.TrimRight(path, "/")
	if trimmed == "" && path != "" {
		return "/", nil
	}
	name := trimmed[strings.LastIndexByte(trimmed, '/')+1:]
	if len(c.args) == 2 {
		ending, err := textArg(c.args[1])
		if err != nil {
			return nil, err
		}
		if ending == ".*" {
			ending = fileExtension(name)
		}
		if ending != name {
			name = strings.TrimSuffix(name, ending)
		}
	}
	return name, nil
}

// fileFolder is File.dirname: all before the last name, "." where there is nothing before it.
func fileFolder(path string) string {
	trimmed := strings.TrimRight(path, "/")
	at := strings.LastIndexByte(trimmed, '/')
	switch {
	case trimmed == "" && path != "":
		return "/"
	case at < 0:
		return "."
	}
	if folder := strings.TrimRight(trimmed[:at], "/"); folder != "" {
		return folder
	}
	return "/"
}

// fileExtension is File.extname: from the last dot of the name, which is neither its first nor its last byte.
func fileExtension(path string) string {
	name := strings.TrimRight(path, "/")
	name = name[strings.LastIndexByte(name, '/')+1:]
	at := strings.LastIndexByte(name, '.')
	if at == len(name)-1 || strings.Trim(name[:max(at, 0)], ".") == "" {
		return ""
	}
	return name[at:]
}
