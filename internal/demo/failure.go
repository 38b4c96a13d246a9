package demo

import "strings"

// failure is a way in which a call fails.
type failure struct {
	kind    string // the exception's class
	message string
	// stack are the frames, innermost first.
	stack []string
	// timeout: the call fails only after it has waited long.
	timeout bool
	status  int
}

// trace prints the stack trace as the runtime of the service would.
func (f *failure) trace() string {
	return f.kind + ": " + f.message + "\n    at " + strings.Join(f.stack, "\n    at ")
}

var databaseFailures = []failure{
	{"ConnectionTimeoutError", "timed out after 10000ms waiting for a connection from pool booking-primary (64 in use, 31 waiting)", []string{
		"Pool.acquire (/app/node_modules/pg-pool/index.js:203:15)", "Repository.query (/app/src/db/repository.ts:61:22)",
		"ReservationStore.slots (/app/src/reservations/store.ts:118:31)", "createReservation (/app/src/tools/reservation.ts:44:19)",
		"Server.handleToolCall (/app/src/mcp/server.ts:88:5)", "process.processTicksAndRejections (node:internal/process/task_queues:105:5)"}, true, 504},
	{"TypeError", "Cannot read properties of undefined (reading 'tableId')", []string{
		"assignTable (/app/src/reservations/assign.ts:27:34)", "createReservation (/app/src/tools/reservation.ts:52:11)",
		"Server.handleToolCall (/app/src/mcp/server.ts:88:5)"}, false, 500},
}

var partnerFailures = []failure{
	{"UpstreamError", "partner API answered 503 Service Unavailable", []string{
		"PartnerClient.request (/app/src/partners/client.ts:140:13)", "withRetry (/app/src/lib/retry.ts:33:20)",
		"searchOffers (/app/src/tools/offers.ts:71:24)", "Server.handleToolCall (/app/src/mcp/server.ts:88:5)"}, false, 502},
	{"FetchTimeoutError", "no response from partner API within 8000ms", []string{
		"Timeout._onTimeout (/app/src/lib/fetch.ts:58:16)", "listOnTimeout (node:internal/timers:608:17)",
		"process.processTimers (node:internal/timers:543:7)"}, true, 504},
}

var searchFailures = []failure{
	{"VectorIndexError", "shard 3 of index documents-v7 is not ready: 41% loaded", []string{
		"IndexClient.query (/app/src/index/client.ts:92:17)", "hybridSearch (/app/src/search/hybrid.ts:39:26)",
		"Server.handleToolCall (/app/src/mcp/server.ts:88:5)"}, false, 503},
	{"ContextLengthError", "document has 141284 tokens, the model takes 128000", []string{
		"chunk (/app/src/summarize/chunk.ts:18:11)", "summarize (/app/src/tools/summarize.ts:29:20)"}, false, 422},
}

var paymentFailures = []failure{
	{"PaymentDeclinedError", "card was declined: insufficient_funds", []string{
		"StripeAdapter.capture (/app/src/payments/stripe.ts:77:13)", "refund (/app/src/tools/refund.ts:34:9)"}, false, 402},
}

var protocolFailures = []failure{
	{"UnhandledPromiseRejection", "Connection timeout", []string{
		"Socket.onTimeout (/app/src/db.js:42:11)", "listOnTimeout (node:internal/timers:608:17)"}, true, 504},
	{"JsonRpcError", "-32602 Invalid params: missing required property 'arguments'", []string{
		"validate (/app/src/mcp/schema.ts:51:15)", "Server.handleRequest (/app/src/mcp/server.ts:63:9)"}, false, 400},
}

var modelTimeout = failure{"InferenceTimeoutError", "model server gave no result within 2000ms", []string{
	"PredictClient.call (/srv/ranker/client.py:88)", "rank_candidates (/srv/ranker/rank.py:141)", "handle (/srv/ranker/app.py:52)"}, true, 504}
