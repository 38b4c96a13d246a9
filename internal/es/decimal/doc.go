// Package decimal prints numbers by the patterns that aggregations take as "format" where a field holds numbers:
// those of Java's DecimalFormat, with a point and commas.
//
// Compile reads a pattern once; a Format does not change and may be shared.
package decimal
