import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { whenLoggedOut, whoIsThere } from './api.js'
import { html } from './html.js'
import { Login } from './login.js'
import { route } from './route.js'
import { Setup, takeToken } from './setup.js'
import { Shell } from './shell.js'
import { applyTheme } from './theme.js'
import { Failed, Loading } from './ui.js'

function App() {
	const [me, setMe] = useState(undefined) // null: nobody
	const [problem, setProblem] = useState(null)
	const [why, setWhy] = useState(null)
	const [token, setToken] = useState(takeToken)
	const find = () => {
		setProblem(null)
		whoIsThere().then(setMe, setProblem)
	}
	useEffect(() => {
		whenLoggedOut(() => {
			setWhy('Your session is over: sign in again.')
			setMe(null)
		})
		const taken = () => setToken((before) => takeToken() || before)
		addEventListener('hashchange', taken) // the link, put into the address of a page that is open
		find()
		return () => removeEventListener('hashchange', taken)
	}, [])
	if (problem !== null) {
		return html`<main class="lone"><${Failed} problem=${problem} again=${find} /></main>`
	}
	if (me === undefined) {
		return html`<main class="lone"><${Loading} what="hark" /></main>`
	}
	if (token !== null && me === null) {
		const begin = (first) => {
			route.go('/leads', { replace: true })
			setToken(null)
			setMe(first)
		}
		return html`<${Setup} token=${token} onDone=${begin} />`
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
