package harvest

import "elkhorn/internal/plugin"

// Table is every input there is, in alphabetical order.
var Table = plugin.NewTable("input", CommonOptions,
	&containerInput,
	&filestreamInput,
	&logInput,
	&stdinInput,
)
