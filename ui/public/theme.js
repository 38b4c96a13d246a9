// Runs before the first paint, so that a chosen theme does not flash the other one.
;(() => {
  try {
    const space = /^\/s\/(?!default(?:\/|$))[a-z0-9_-]+(?=\/|$)/.exec(location.pathname)
    const key = space ? `elkhorn.settings ${space[0]}` : 'elkhorn.settings'
    const set = JSON.parse(localStorage.getItem(key) || '{}')['theme:darkMode']
    const dark = set === true || set === 'true' || set === 'enabled'
    const light = set === false || set === 'false' || set === 'disabled'
    const theme = localStorage.getItem('elkhorn.theme') || (dark ? 'dark' : light ? 'light' : 'system')
    if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme
  } catch {
    // Storage can be forbidden; the system's theme is a good answer then.
  }
})()
