// The page that the link for the first user leads to: a name and a password for the first admin.
import { useState } from 'preact/hooks'
import { beFirst } from './api.js'
import { html } from './html.js'

// What is behind the # of the link. It is taken out of the address, so that no history and no bookmark keeps it.
export function takeToken() {
	const token = location.pathname === '/setup' ? location.hash.slice(1) : null
	if (token) {
		history.replaceState(null, '', '/setup')
	}
	return token
}

function wrong(form) {
	return form.get('password') === form.get('again') ? null : new Error('The two passwords are not the same.')
}

export function Setup({ token, onDone }) {
	const [problem, setProblem] = useState(null)
	const [busy, setBusy] = useState(false)
	async function submit(event) {
		event.preventDefault()
		const form = new FormData(event.currentTarget)
		const why = wrong(form)
		setProblem(why)
		if (why !== null) {
			return
		}
		setBusy(true)
		try {
			onDone(await beFirst(token, form.get('user'), form.get('password')))
		} catch (failed) {
			setProblem(failed)
			setBusy(false)
		}
	}
	if (token === '') {
		return html`<main class="lone">
			<h1>hark</h1>
			<p>This page needs the whole link, with what is behind its <code>#</code>. Whoever runs hark
				makes another: <code>hark user link</code></p>
			<p><a href="/leads">Sign in</a></p>
		</main>`
	}
	return html`<main class="lone">
		<h1>Welcome to hark</h1>
		<p>You are the first here, so you will be the admin, who adds sources, writes rules and sees every lead.</p>
		<form class="login" onSubmit=${submit}>
			<label for="user">Name</label>
			<input id="user" name="user" autocomplete="username" autocapitalize="none" maxlength="64" required autofocus />
			<label for="password">Password</label>
			<input id="password" name="password" type="password" autocomplete="new-password" minlength="12" required
				aria-describedby="rule" />
			<span class="hint" id="rule">At least 12 characters; a sentence does well.</span>
			<label for="again">Once more</label>
			<input id="again" name="again" type="password" autocomplete="new-password" required />
			${problem && html`<p class="failed" role="alert">${problem.message}</p>`}
			<button class="main" disabled=${busy}>${busy ? 'One moment …' : 'Begin'}</button>
		</form>
	</main>`
}
