package pipeline

// LetterSource reads a pipeline's dead letters, in the order in which they came. It is safe for concurrent use.
type LetterSource interface {
	// ReadLetters returns up to limit letters behind a position, "" being the beginning, with the position of each. Damaged ones are passed over.
	ReadLetters(after string, limit int) (letters []DeadLetter, positions []string, err error)
	// ClearLetters removes letters up to a position, by whole files.
	ClearLetters(position string) error
}
