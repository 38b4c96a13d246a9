package processor

import (
	"slices"
	"strings"

	"elkhorn/internal/cache"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/useragent"
)

// userAgentProcessor takes a User-Agent header apart.
type userAgentProcessor struct {
	field, target *path
	properties    []string
	ignoreMissing bool
	deviceType    bool
	cache         *cache.Cache[value] // by header
}

var userAgentProperties = []string{"NAME", "OS", "DEVICE", "ORIGINAL", "VERSION"}

const (
	// userAgentCacheSize is Elasticsearch's ingest.user_agent.cache_size.
	userAgentCacheSize = 1000
	// maxUserAgentBytes is how much of a header is looked at; browsers send 60 to 250 bytes.
	maxUserAgentBytes = 1024
)

func newUserAgent(c *config) (Processor, error) {
	p := &userAgentProcessor{
		field: c.path("field"), target: c.pathOr("target_field", "user_agent"), ignoreMissing: c.flag("ignore_missing", false),
		deviceType: c.flag("extract_device_type", false), cache: cache.New[value](userAgentCacheSize),
	}
	c.flag("ecs", true) // the only layout there is
	if file := c.strOr("regex_file", ""); file != "" {
		c.fail("regex_file", "regex file [%s] doesn't exist (headers are read by the program's own rules)", file)
	}
	p.properties = userAgentProperties
	if c.has("properties") {
		p.properties = nil
		for _, name := range c.strs("properties") {
			name = strings.ToUpper(name)
			if !slices.Contains(userAgentProperties, name) {
				c.fail("properties", "illegal property value [%s]. valid values are %s", name, "["+strings.Join(userAgentProperties, ", ")+"]")
			}
			p.properties = append(p.properties, name)
		}
	}
	return p, c.err
}

// Run sets the parts of the header.
func (p *userAgentProcessor) Run(d *Document) error {
	header, present, err := d.text(p.field, p.ignoreMissing)
	switch {
	case err != nil:
		return err
	case !present && p.ignoreMissing:
		return nil
	case !present:
		return eserr.IllegalArgument("field [%s] is null, cannot parse user-agent.", p.field.text)
	}
	found, ok := p.cache.Get(header)
	if !ok {
		header = strings.Clone(header)
		found = p.layOut(header)
		if len(header) <= maxUserAgentBytes { // longer ones are not worth remembering
			p.cache.Put(header, found)
		}
	}
	if err := d.spend(2 * len(header)); err != nil {
		return err
	}
	return d.set(p.target, found.Clone())
}

func (p *userAgentProcessor) layOut(header string) value {
	read := header
	if len(read) > maxUserAgentBytes {
		read = read[:maxUserAgentBytes]
	}
	a := useragent.Parse(read)
	object := event.NewObject()
	set := func(object value, name, text string) {
		if text != "" {
			object.SetMember(name, event.StringOf(text))
		}
	}
	for _, property := range p.properties {
		switch property {
		case "ORIGINAL":
			set(object, "original", header)
		case "NAME":
			set(object, "name", a.Name)
		case "VERSION":
			set(object, "version", a.Version.String())
		case "OS":
			if a.OS == "Other" {
				continue
			}
			os := event.NewObject()
			set(os, "name", a.OS)
			if version := a.OSVersion.String(); version != "" {
				set(os, "version", version)
				set(os, "full", a.System())
			}
			object.SetMember("os", os)
		case "DEVICE":
			device := event.NewObject()
			set(device, "name", a.Device)
			if p.deviceType {
				set(device, "type", deviceType(&a))
			}
			object.SetMember("device", device)
		}
	}
	return object
}

// deviceType is the kind of device that the agent runs on.
func deviceType(a *useragent.Agent) string {
	switch a.OS {
	case "iOS", "Android", "Windows Phone", "BlackBerry OS", "KaiOS":
		if strings.Contains(a.Device, "iPad") || strings.Contains(a.Device, "Tablet") {
			return "Tablet"
		}
		return "Phone"
	case "Windows", "Mac OS X", "Linux", "Ubuntu", "Chrome OS", "Fedora", "Debian":
		return "Desktop"
	}
	if a.Device == "Spider" {
		return "Robot"
	}
	return "Other"
}
