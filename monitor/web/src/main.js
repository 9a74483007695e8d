import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { whenLoggedOut, whoIsThere } from './api.js'
import { html } from './html.js'
import { Login } from './login.js'
import { Shell } from './shell.js'
import { applyTheme } from './theme.js'
import { Failed, Loading } from './ui.js'

function App() {
	const [me, setMe] = useState(undefined) // null: nobody
	const [problem, setProblem] = useState(null)
	const [why, setWhy] = useState(null)
	const find = () => {
		setProblem(null)
		whoIsThere().then(setMe, setProblem)
	}
	useEffect(() => {
		whenLoggedOut(() => {
			setWhy('Your session is over: sign in again.')
			setMe(null)
		})
		find()
	}, [])
	if (problem !== null) {
		return html`<main class="lone"><${Failed} problem=${problem} again=${find} /></main>`
	}
	if (me === undefined) {
		return html`<main class="lone"><${Loading} what="hark" /></main>`
	}
	if (me === null) {
		return html`<${Login} why=${why} onDone=${setMe} />`
	}
	const left = () => {
		setWhy('You are signed out.')
		setMe(null)
	}
	return html`<${Shell} me=${me} onLoggedOut=${left} />`
}

applyTheme()
const root = document.getElementById('app')
root.replaceChildren()
render(html`<${App} />`, root)
