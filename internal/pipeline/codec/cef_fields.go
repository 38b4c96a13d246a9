package codec

import (
	_ "embed"
	"strconv"
	"strings"

	"elkhorn/internal/event"
)

// cefFieldTable is the extension fields of ArcSight's "Implementing CEF", with their places in the Elastic Common Schema.
//
//go:embed cef/fields.txt
var cefFieldTable string

// cefNumbered is how many custom fields of a kind there can be: six by the standard, more from some connectors.
const cefNumbered = 15

// cefField is where the values of an extension key go.
type cefField struct {
	path *event.Path
	time bool // a timestamp, in the ECS layout
}

// cefNames are the names of extension fields in one layout.
type cefNames struct {
	decode map[string]cefField // by key and by full name
	encode map[string]string   // event field to key
}

// newCEFNames reads the table for a layout. short says that keys are written, not full names.
func newCEFNames(ecs bool, device string, short bool) *cefNames {
	n := &cefNames{decode: map[string]cefField{}, encode: map[string]string{}}
	for line := range strings.Lines(cefFieldTable) {
		columns := strings.Fields(line)
		switch {
		case columns[0] == "#":
		case strings.Contains(columns[2], "_N."):
			for i := 1; i <= cefNumbered; i++ {
				number := strconv.Itoa(i)
				n.add([]string{cefNumber(columns[0], number), cefNumber(columns[1], number), strings.Replace(columns[2], "_N.", "_"+number+".", 1)}, ecs, device, short)
			}
		default:
			n.add(columns, ecs, device, short)
		}
	}
	return n
}

// cefNumber puts a number in the place of the last N of a name, which "Label" may follow.
func cefNumber(name, number string) string {
	at := strings.LastIndexByte(name, 'N')
	return name[:at] + number + name[at+1:]
}

func (n *cefNames) add(columns []string, ecs bool, device string, short bool) {
	name, key, field, older := columns[0], columns[1], columns[0], ""
	if key == "-" {
		key = name
	}
	isTime := columns[len(columns)-1] == "time"
	if len(columns) > 3 && columns[3] != "time" {
		older = columns[3]
	}
	if ecs {
		field = cefECSField(columns[2], device)
	}
	to := cefField{path: event.MustPath(field), time: ecs && isTime}
	n.decode[key], n.decode[name] = to, to
	written := name
	if short {
		written = key
	}
	for _, from := range []string{field, name} {
		if _, taken := n.encode[from]; !taken { // where two have one place, the first is the more exact
			n.encode[from] = written
		}
	}
	if older == "" {
		return
	}
	if !ecs {
		to.path = event.MustPath(older)
		written = older
	}
	n.decode[older] = to
	if short {
		written = key
	}
	n.encode[older] = written
}

// cefECSField writes a place of the table as a field reference.
func cefECSField(place, device string) string {
	switch place {
	case "@timestamp":
		return place
	case "DEVICE.id_or_name":
		place = map[string]string{"host": "host.id", "observer": "observer.name"}[device]
	case "DEVICE.name_or_hostname":
		place = map[string]string{"host": "host.name", "observer": "observer.hostname"}[device]
	}
	place = strings.Replace(place, "DEVICE.", device+".", 1)
	return "[" + strings.ReplaceAll(place, ".", "][") + "]"
}
