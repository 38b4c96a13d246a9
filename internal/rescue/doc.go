// Package rescue turns panics into errors.
//
// A panic is a fault of this program. Where it meets one request, one document or one merge, that fails and tells of the fault; in a
// goroutine of its own it would end the process, and with it everything else that the machine is there for.
//
// Callers: whatever does such work in goroutines. It imports nothing of the product.
package rescue
