package runtime

import "elkhorn/internal/pipeline/config"

// Links are a pipeline's places in the graph of pipelines of a process.
type Links struct {
	Listens []string // addresses of its pipeline inputs
	Sends   []string // addresses that its pipeline outputs send to
	// Inner says that all its inputs are pipeline inputs: it has nothing to do once those who send to it have ended.
	Inner bool
}

// LinksOf reads a configuration's links.
func LinksOf(cfg *config.Config) Links {
	l := Links{Inner: true}
	inputs := 0
	cfg.Plugins(config.Input, func(p *config.Plugin) {
		inputs++
		if p.Name != "pipeline" {
			l.Inner = false
			return
		}
		if address, ok := p.Option("address"); ok {
			l.Listens = append(l.Listens, address.Text)
		}
	})
	l.Inner = l.Inner && inputs > 0
	cfg.Plugins(config.Output, func(p *config.Plugin) {
		to, ok := p.Option("send_to")
		if p.Name != "pipeline" || !ok {
			return
		}
		if to.Kind != config.List {
			l.Sends = append(l.Sends, to.Text)
		}
		for _, item := range to.Items {
			l.Sends = append(l.Sends, item.Text)
		}
	})
	return l
}
