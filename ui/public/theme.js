// Runs before the first paint, so that a chosen theme does not flash the other one.
;(() => {
  try {
    const theme = localStorage.getItem('elkhorn.theme')
    if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme
  } catch {
    // Storage can be forbidden; the system's theme is a good answer then.
  }
})()
