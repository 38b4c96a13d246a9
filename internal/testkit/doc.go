// Package testkit holds what tests of several packages share: scenarios, which are files of HTTP
// requests and expected answers, and the matching of JSON against patterns.
//
// A scenario file reads:
//
//	# A title for the step
//	POST /logs/_bulk?refresh
//	Content-Type: application/x-ndjson
//
//	{"index":{}}
//	{"level":"ERROR"}
//
//	==> 200
//	{"errors":false,"items":[{"index":{"_id":"<string>"}}]}
//	save id items.0.index._id
//
// Steps run in order on one fresh server. Header lines may follow the request line; the body goes from
// the first line that is no header to the line with ==>, without blank lines at both ends, and ends with
// a newline. After the status come expected header lines, the expected body, and "save NAME PATH"
// lines, which make ${NAME} stand for a value of the answer in later steps. In a body {{repeat N TEXT}}
// and {{bytes HEX}} stand for what a text file does not hold well.
//
// The same steps can be sent to another server too, and the two answers compared whole ([Differences]). What
// must differ is named after the expected body, as "differs PATH: REASON"; before the first step the line
// holds for the whole file. PATH may have stars ([ParseNames]); "<status>" is the status,
// "<NAME>" an expected header, "<answer>" all of them; with "<unasked>" the other server's answer only has to be
// as the step expects. The steps between "compare off: REASON" and
// "compare on" are not sent to the other server.
//
// [Match] says how an answer is compared. Only tests import this package.
package testkit
