package demo

// tool is something that the product can do for a user in a chat.
type tool struct {
	name    string
	service string
	// medianMillis is what a call usually takes.
	medianMillis float64
	weight       float64
	// widget is shown with the answer, "" for none.
	widget string
	// recommends: the answer is ranked by the recommendation model.
	recommends bool
	failures   []failure
}

var tools = []tool{
	{"search_restaurants", "restaurant-booking", 180, 20, "MapWidget", true, databaseFailures},
	{"create_reservation", "restaurant-booking", 240, 11, "ReservationCard", false, databaseFailures},
	{"cancel_reservation", "restaurant-booking", 150, 2, "ReservationCard", false, databaseFailures},
	{"get_menu", "restaurant-booking", 90, 6, "MenuList", false, databaseFailures},
	{"search_flights", "travel-planner", 1450, 9, "FlightTable", true, partnerFailures},
	{"find_hotels", "travel-planner", 820, 8, "MapWidget", true, partnerFailures},
	{"get_weather", "travel-planner", 120, 12, "WeatherCard", false, partnerFailures},
	{"search_documents", "document-search", 310, 14, "", false, searchFailures},
	{"summarize_document", "document-search", 2100, 7, "", false, searchFailures},
	{"create_invoice", "payments-service", 380, 3, "InvoiceCard", false, paymentFailures},
	{"refund_payment", "payments-service", 520, 1, "InvoiceCard", false, paymentFailures},
	{"list_tools", "mcp-server", 12, 7, "", false, protocolFailures},
}

var toolOf = newAlias(toolWeights())

func toolWeights() []float64 {
	weights := make([]float64, len(tools))
	for i := range tools {
		weights[i] = tools[i].weight
	}
	return weights
}

// versions are what is deployed of each service.
var versions = map[string]string{
	"restaurant-booking": "v2.14.0", "travel-planner": "v1.9.3", "document-search": "v3.1.1", "payments-service": "v4.0.7",
	"mcp-server": "v1.22.4", "auth-service": "v2.3.0", "widget-runtime": "v0.18.2", "llm-gateway": "v5.6.1",
}

var regions = []string{"eu-central-1", "eu-west-1", "us-east-1", "us-west-2", "ap-southeast-1"}

// latencyClass sorts a response time into the classes that the dashboards of such products use.
func latencyClass(millis int) string {
	switch {
	case millis <= 100:
		return "fast"
	case millis <= 500:
		return "normal"
	case millis <= 2000:
		return "slow"
	default:
		return "very_slow"
	}
}
