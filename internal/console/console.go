package console

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"elkhorn/internal/console/saved"
	"elkhorn/internal/es"
)

// Informant tells what /api/status reports; every es.Store does.
type Informant interface {
	Info(ctx context.Context) (es.Info, error)
}

// Guard puts a handler behind checks of who may call it; api.Guard does.
type Guard interface {
	Wrap(next http.Handler) http.Handler
}

// Parts are what the console is put together from. All but Address and Inputs are required.
type Parts struct {
	UI    http.Handler // everything that is not listed in New
	API   http.Handler // the REST API, with paths as on its own port
	Store Informant
	Guard Guard
	Saved *saved.Store // what people keep
	// Pipelines is the API of pipelines, with paths as on its own port, and what people do to them besides; nil means there are none.
	Pipelines http.Handler
	// Metrics are the samples of the last day; nil has no history.
	Metrics *Metrics
	// Slow lists the searches that took long, to be printed as JSON; nil lists none.
	Slow func() any
	// Now is the clock; nil is the machine's.
	Now func() time.Time
	// Version is the one that the API reports.
	Version string
	Logger  *slog.Logger
	// Endpoints are those of API, which the console completes.
	Endpoints Endpoints
	// Address tells the host:port of API's own port, "" when it has none; nil means it has none.
	Address func() string
	// Inputs tells where events can be sent, by kind of input; nil means nowhere but the REST API.
	Inputs func() map[string]string
}

// New returns the console's handler.
func New(p Parts) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/es/", http.StripPrefix("/es", p.API))
	mux.HandleFunc("GET /api/status", p.status)
	mux.HandleFunc("GET /api/console/endpoints", p.endpoints)
	mux.HandleFunc("POST /api/console/proxy", p.proxy)
	mux.HandleFunc("GET /api/grokdebugger/patterns", p.grokPatterns)
	mux.HandleFunc("POST /api/grokdebugger/simulate", p.grokSimulate)
	if p.Metrics != nil {
		mux.HandleFunc("GET /api/console/metrics", p.metrics)
	}
	if p.Pipelines != nil {
		mux.Handle("/api/pipelines/", http.StripPrefix("/api/pipelines", p.Pipelines))
	}
	p.savedObjectRoutes(mux)
	p.spaceRoutes(mux)
	mux.HandleFunc("/api/", p.unknown)
	mux.Handle("/", p.UI)
	return p.Guard.Wrap(p.spaced(mux))
}

// statusAnswer is the part of Kibana's status that health checks and agents read.
type statusAnswer struct {
	Name    string        `json:"name"`
	UUID    string        `json:"uuid"`
	Version statusVersion `json:"version"`
	Status  statusLevels  `json:"status"`
	// Inputs are the addresses at which events are taken ("http", "beats"); our own addition.
	Inputs map[string]string `json:"inputs,omitempty"`
}

type statusVersion struct {
	Number        string `json:"number"`
	BuildSnapshot bool   `json:"build_snapshot"`
}

type statusLevels struct {
	Overall level            `json:"overall"`
	Core    map[string]level `json:"core"`
}

type level struct {
	Level   string `json:"level"`
	Summary string `json:"summary"`
}

// status answers GET /api/status: available as long as the store can be used, else 503.
func (p Parts) status(w http.ResponseWriter, r *http.Request) {
	info, err := p.Store.Info(r.Context())
	state := level{Level: "available", Summary: "All services are available"}
	code := http.StatusOK
	switch {
	case err != nil:
		state, code = level{Level: "unavailable", Summary: err.Error()}, http.StatusServiceUnavailable
	case info.Health.Status == "red":
		state, code = level{Level: "critical", Summary: info.Health.Reason}, http.StatusServiceUnavailable
	case info.Health.Status == "yellow":
		state = level{Level: "degraded", Summary: info.Health.Reason}
	}
	p.answer(w, code, statusAnswer{
		Name:    info.Name,
		UUID:    info.ClusterUUID,
		Version: statusVersion{Number: p.Version},
		Status:  statusLevels{Overall: state, Core: map[string]level{"elasticsearch": state}},
		Inputs:  p.inputs(),
	})
}

func (p Parts) inputs() map[string]string {
	if p.Inputs == nil {
		return nil
	}
	return p.Inputs()
}

// unknown refuses the Kibana paths that are not here, by name.
func (p Parts) unknown(w http.ResponseWriter, r *http.Request) {
	p.refuse(w, http.StatusNotFound, "there is no "+r.Method+" "+r.URL.Path+" here")
}

// refusal is an error in Kibana's shape.
type refusal struct {
	StatusCode int    `json:"statusCode"`
	Error      string `json:"error"`
	Message    string `json:"message"`
}

func (p Parts) refuse(w http.ResponseWriter, code int, message string) {
	p.answer(w, code, refusal{StatusCode: code, Error: http.StatusText(code), Message: message})
}

func (p Parts) answer(w http.ResponseWriter, code int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		p.Logger.Error("answer not printed", "error", err)
		code, text = http.StatusInternalServerError, nil
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	if _, err := w.Write(text); err != nil {
		p.Logger.Debug("client went away", "error", err)
	}
}
