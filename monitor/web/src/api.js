// The API of hark as the inbox uses it: one session, problem JSON as errors, writes that are done once.

export class Problem extends Error {
	constructor(status, detail) {
		super(detail)
		this.status = status
	}
}

let session = null // {user, role, token}; no token: a proxy lets people in
let onLoggedOut = () => {}

export function whenLoggedOut(fn) {
	onLoggedOut = fn
}

async function answer(reply) {
	const text = await reply.text()
	let body
	try {
		body = JSON.parse(text)
	} catch {
		throw new Problem(reply.status, 'hark did not answer with what was expected: try again')
	}
	if (!reply.ok) {
		throw new Problem(reply.status, body.detail ?? `hark answered ${reply.status}`)
	}
	return body
}

async function call(path, options = {}) {
	let reply
	try {
		reply = await fetch('/api/v1' + path, { credentials: 'same-origin', ...options })
	} catch (why) {
		if (why.name === 'AbortError') {
			throw why
		}
		throw new Problem(0, 'hark cannot be reached: is harkd running?')
	}
	if (reply.status === 401 && session !== null) {
		session = null
		onLoggedOut()
	}
	return answer(reply)
}

export function get(path, signal) {
	return call(path, { signal })
}

// Random enough for a key that is used once; crypto.randomUUID() is not there without TLS.
function onceKey() {
	return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('')
}

export function post(path, body = {}) {
	const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': onceKey() }
	if (session?.token) {
		headers['X-Hark-Token'] = session.token
	}
	return call(path, { method: 'POST', headers, body: JSON.stringify(body) })
}

// Who is there, or null.
export async function whoIsThere() {
	try {
		session = await get('/session')
	} catch (why) {
		if (why.status === 404) { // no session, but somebody: a proxy's word
			session = { ...(await get('/me')), token: null }
		} else if (why.status !== 401) {
			throw why
		}
	}
	return session
}

export async function logIn(user, password) {
	session = await call('/session', {
		method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ user, password }),
	})
	return session
}

export async function logOut() {
	await post('/session/end')
	session = null
}

// Calls back with what happens to leads, and with whether the line is up. Returns what ends it.
export function watch(onLead, onState) {
	const events = new EventSource('/api/v1/events')
	events.onopen = () => onState(true)
	events.onerror = () => onState(false)
	events.addEventListener('lead', (event) => onLead(JSON.parse(event.data)))
	return () => events.close()
}
