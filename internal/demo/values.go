package demo

// The values of the fields with few of them.
var (
	benchServices = [BenchServices]string{
		"mcp-server", "auth-service", "llm-gateway", "restaurant-booking", "widget-runtime",
		"recommendation-model", "feature-store", "embedding-service", "vector-index", "retrieval-api",
		"session-store", "billing-service", "quota-service", "prompt-registry", "safety-filter",
		"batch-scheduler", "model-router", "telemetry-agent", "file-service", "webhook-relay",
	}
	benchEnvironments = [...]string{"staging", "development", "production"}
	benchRegions      = [...]string{"eu-west-1", "eu-central-1", "us-east-1", "us-west-2", "ap-southeast-1", "sa-east-1"}
	benchVersions     = [...]string{"2026.2.14", "2026.2.17", "2026.3.1-rc2", "2025.12.9"}
	benchTools        = makeBenchTools()
)

// benchModel is a model and what 1,000,000 tokens cost, in units of the currency.
type benchModel struct {
	name  string
	price float64
}

var benchModels = [BenchModels]benchModel{
	{"gpt-4o", 5}, {"gpt-4o-mini", 0.3}, {"gpt-4-turbo", 15}, {"o3-mini", 2.2}, {"gpt-3.5-turbo", 0.8}, {"text-embedding-3-large", 0.13},
}

func makeBenchTools() (tools [BenchTools]string) {
	verbs := [...]string{"create", "search", "update", "cancel", "describe"}
	nouns := [...]string{"reservation", "restaurants", "invoice", "calendar", "weather", "flights", "document", "customer", "inventory", "route"}
	for i := range tools {
		tools[i] = verbs[i/len(nouns)] + "_" + nouns[i%len(nouns)]
	}
	return tools
}

// place is a city that users are in.
type place struct {
	city, country, countryName string
	lat, lon                   float64
}

var places = []place{
	{"Berlin", "DE", "Germany", 52.52, 13.405}, {"Munich", "DE", "Germany", 48.137, 11.575},
	{"London", "GB", "United Kingdom", 51.507, -0.128}, {"Manchester", "GB", "United Kingdom", 53.481, -2.242},
	{"New York", "US", "United States", 40.713, -74.006}, {"San Francisco", "US", "United States", 37.775, -122.419},
	{"Chicago", "US", "United States", 41.878, -87.63}, {"Austin", "US", "United States", 30.267, -97.743},
	{"Toronto", "CA", "Canada", 43.653, -79.383}, {"São Paulo", "BR", "Brazil", -23.551, -46.633},
	{"Paris", "FR", "France", 48.857, 2.352}, {"Madrid", "ES", "Spain", 40.417, -3.704},
	{"Warsaw", "PL", "Poland", 52.23, 21.012}, {"Bangalore", "IN", "India", 12.972, 77.594},
	{"Mumbai", "IN", "India", 19.076, 72.878}, {"Singapore", "SG", "Singapore", 1.352, 103.82},
	{"Tokyo", "JP", "Japan", 35.676, 139.65}, {"Seoul", "KR", "South Korea", 37.567, 126.978},
	{"Sydney", "AU", "Australia", -33.869, 151.209}, {"Nairobi", "KE", "Kenya", -1.292, 36.822},
}

// region is the data centre that serves a place: the nearest by longitude.
func (p *place) region() string {
	switch {
	case p.lon < -100:
		return "us-west-2"
	case p.lon < -30:
		return "us-east-1"
	case p.lon < 5:
		return "eu-west-1"
	case p.lon < 60:
		return "eu-central-1"
	default:
		return "ap-southeast-1"
	}
}
