package content

// builtInPrices are list prices in US dollars per million tokens, for requests that are answered at once and short contexts, as the vendors
// published them by early 2026. They age: a file of one's own (prices_path) goes before them.
var builtInPrices = map[string]price{
	"gpt-5": {1.25, 10, 0.125, 1.25}, "gpt-5-mini": {0.25, 2, 0.025, 0.25}, "gpt-5-nano": {0.05, 0.4, 0.005, 0.05},
	"gpt-4.1": {2, 8, 0.5, 2}, "gpt-4.1-mini": {0.4, 1.6, 0.1, 0.4}, "gpt-4.1-nano": {0.1, 0.4, 0.025, 0.1},
	"gpt-4o": {2.5, 10, 1.25, 2.5}, "gpt-4o-2024-05-13": {5, 15, 5, 5}, "gpt-4o-mini": {0.15, 0.6, 0.075, 0.15}, "chatgpt-4o": {5, 15, 5, 5},
	"gpt-4-turbo": {10, 30, 10, 10}, "gpt-4": {30, 60, 30, 30}, "gpt-4-32k": {60, 120, 60, 60}, "gpt-3.5-turbo": {0.5, 1.5, 0.5, 0.5}, "gpt-3.5-turbo-instruct": {1.5, 2, 1.5, 1.5},
	"o1": {15, 60, 7.5, 15}, "o1-mini": {1.1, 4.4, 0.55, 1.1}, "o1-pro": {150, 600, 150, 150}, "o3": {2, 8, 0.5, 2}, "o3-mini": {1.1, 4.4, 0.55, 1.1}, "o4-mini": {1.1, 4.4, 0.275, 1.1},
	"text-embedding-3-small": {0.02, 0, 0.02, 0.02}, "text-embedding-3-large": {0.13, 0, 0.13, 0.13}, "text-embedding-ada-002": {0.1, 0, 0.1, 0.1},
	"claude-opus-4-5": {5, 25, 0.5, 6.25}, "claude-opus-4-1": {15, 75, 1.5, 18.75}, "claude-opus-4": {15, 75, 1.5, 18.75}, "claude-sonnet-4-5": {3, 15, 0.3, 3.75}, "claude-sonnet-4": {3, 15, 0.3, 3.75}, "claude-haiku-4-5": {1, 5, 0.1, 1.25},
	"claude-3-7-sonnet": {3, 15, 0.3, 3.75}, "claude-3-5-sonnet": {3, 15, 0.3, 3.75}, "claude-3-5-haiku": {0.8, 4, 0.08, 1}, "claude-3-opus": {15, 75, 1.5, 18.75}, "claude-3-sonnet": {3, 15, 0.3, 3.75}, "claude-3-haiku": {0.25, 1.25, 0.03, 0.3},
	"gemini-2.5-pro": {1.25, 10, 0.125, 1.25}, "gemini-2.5-flash": {0.3, 2.5, 0.03, 0.3}, "gemini-2.5-flash-lite": {0.1, 0.4, 0.01, 0.1}, "gemini-2.0-flash": {0.1, 0.4, 0.025, 0.1}, "gemini-2.0-flash-lite": {0.075, 0.3, 0.075, 0.075},
	"gemini-1.5-pro": {1.25, 5, 0.3125, 1.25}, "gemini-1.5-flash": {0.075, 0.3, 0.01875, 0.075}, "gemini-1.5-flash-8b": {0.0375, 0.15, 0.01, 0.0375},
	"mistral-large": {2, 6, 2, 2}, "mistral-medium": {0.4, 2, 0.4, 0.4}, "mistral-small": {0.1, 0.3, 0.1, 0.1}, "codestral": {0.3, 0.9, 0.3, 0.3},
	"deepseek-chat": {0.28, 0.42, 0.028, 0.28}, "deepseek-reasoner": {0.28, 0.42, 0.028, 0.28},
	"command-r": {0.15, 0.6, 0.15, 0.15}, "command-r-plus": {2.5, 10, 2.5, 2.5}, "command-a": {2.5, 10, 2.5, 2.5},
	"grok-4": {3, 15, 0.75, 3}, "grok-3": {3, 15, 0.75, 3}, "grok-3-mini": {0.3, 0.5, 0.075, 0.3},
	"llama-3.3-70b-versatile": {0.59, 0.79, 0.59, 0.59}, "llama-3.1-8b-instant": {0.05, 0.08, 0.05, 0.05},
}
