import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './styles/tokens.css'
import './styles/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Router } from 'wouter'
import { App } from './App'
import { runtimeFieldsOf } from './api/client'
import { BASE } from './lib/space'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
// The first search waits for it.
void runtimeFieldsOf('')

createRoot(root).render(
  <StrictMode>
    <Router base={BASE}>
      <App />
    </Router>
  </StrictMode>,
)
