import { useState } from 'preact/hooks'
import { logIn } from './api.js'
import { html } from './html.js'

export function Login({ onDone, why }) {
	const [problem, setProblem] = useState(null)
	const [busy, setBusy] = useState(false)
	async function submit(event) {
		event.preventDefault()
		const form = new FormData(event.currentTarget)
		setBusy(true)
		try {
			onDone(await logIn(form.get('user'), form.get('password')))
		} catch (wrong) {
			setProblem(wrong)
			setBusy(false)
		}
	}
	return html`<main class="lone">
		<h1>hark</h1>
		${why && html`<p>${why}</p>`}
		<form class="login" onSubmit=${submit}>
			<label for="user">Name</label>
			<input id="user" name="user" autocomplete="username" autocapitalize="none" required autofocus />
			<label for="password">Password</label>
			<input id="password" name="password" type="password" autocomplete="current-password" required />
			${problem && html`<p class="failed" role="alert">${problem.message}</p>`}
			<button class="main" disabled=${busy}>${busy ? 'Signing in …' : 'Sign in'}</button>
		</form>
		<p class="hint">No account yet? Whoever runs hark makes one: <code>hark user add NAME</code>, or <code>hark user link</code> for the very first</p>
	</main>`
}
