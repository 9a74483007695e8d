// The API of hark as the inbox uses it: one session, problem JSON as errors, writes that are done once.

export class Problem extends Error {
	constructor(status, detail, findings = []) {
		super(detail)
		this.status = status
		this.findings = findings // where something is wrong in a text
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
		throw new Problem(reply.status, body.detail ?? `hark answered ${reply.status}`, body.diagnostics)
	}
	return body
}

async function reach(path, options = {}) {
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
	return reply
}

async function call(path, options) {
	return answer(await reach(path, options))
}

export function get(path, signal) {
	return call(path, { signal })
}

async function tagged(reply) {
	return [await answer(reply), reply.headers.get('ETag')]
}

// With the version that a later change names: [what is there, its version].
export async function getTagged(path, signal) {
	return tagged(await reach(path, { signal }))
}

// Random enough for a key that is used once; crypto.randomUUID() is not there without TLS.
function onceKey() {
	return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('')
}

// tag: of the version that a change is meant for; where it is another by now, hark refuses.
function headersOf(type, tag) {
	return { 'Content-Type': type, ...(session?.token && { 'X-Hark-Token': session.token }), ...(tag && { 'If-Match': tag }) }
}

// With the version that there is then, as getTagged().
export async function postTagged(path, body = {}, tag = null) {
	const headers = { ...headersOf('application/json', tag), 'Idempotency-Key': onceKey() }
	return tagged(await reach(path, { method: 'POST', headers, body: JSON.stringify(body) }))
}

export async function post(path, body) {
	return (await postTagged(path, body))[0]
}

function ofText(text, { method = 'POST', tag, signal } = {}) {
	return { method, headers: headersOf('application/yaml', tag), body: text, signal }
}

// The text of a rule file, to be tried.
export function sendText(path, text, options) {
	return call(path, ofText(text, options))
}

// A file of rows, sent as it is.
export function sendTable(path, file) {
	return call(path, { method: 'POST', headers: { ...headersOf('text/csv'), 'Idempotency-Key': onceKey() }, body: file })
}

// Keeps it, if what is there is still what that tag stands for: [what came of it, the tag of what is there then].
export async function saveText(path, text, tag) {
	return tagged(await reach(path, ofText(text, { method: 'PUT', tag })))
}

// As sendText(), where the answer comes line by line, each an object.
export async function* streamText(path, text, options) {
	const reply = await reach(path, ofText(text, options))
	if (!reply.ok) {
		await answer(reply)
	}
	const words = new TextDecoder()
	const reader = reply.body.getReader()
	let rest = ''
	for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
		const lines = (rest + words.decode(piece.value, { stream: true })).split('\n')
		rest = lines.pop()
		yield* lines.map((line) => JSON.parse(line))
	}
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

async function begin(path, words) {
	session = await call(path, {
		method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(words),
	})
	return session
}

export function logIn(user, password) {
	return begin('/session', { user, password })
}

// The first user of all, with the token of the link for that.
export function beFirst(token, user, password) {
	return begin('/setup', { token, user, password })
}

export async function logOut() {
	await post('/session/end')
	session = null
}

// hear: {lead, source}, called back with what happens to either; onState: with whether the line is up. Returns what ends it.
export function watch(hear, onState) {
	const events = new EventSource('/api/v1/events')
	events.onopen = () => onState(true)
	events.onerror = () => onState(false)
	for (const [type, on] of Object.entries(hear)) {
		events.addEventListener(type, (event) => on(JSON.parse(event.data)))
	}
	return () => events.close()
}
