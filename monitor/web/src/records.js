// A list of records and the one that is looked at, for pages whose steps wait for their answer.
//
// A step is sent with the tag the record was seen with, so that nobody decides about what has changed meanwhile; its
// answer is the whole record as it is then. Nothing else is drawn anew, and nothing moves under the reader.
import { get, post } from './api.js'
import { Store } from './store.js'
import { toasts } from './ui.js'

const UNDO_MAX = 50

export class Records extends Store {
	items = []
	next = null
	phase = 'loading' // 'ready', 'failed'
	problem = null
	words = ''
	selected = null
	details = new Map() // by id: the whole record, or a problem
	busy = false
	done = [] // ids of the records of the last steps, for undo
	#abort = null
	#what

	// path: of the resource; query: parameters of the list; idOf: of a record; read(record, id): a whole one as it is kept;
	// core(record, row): what becomes of its row; text: what words are found in.
	constructor(what) {
		super()
		this.#what = { query: () => ({}), read: (r) => r, core: (r) => r, text: () => '', ...what }
	}

	get shown() {
		const words = this.words.toLowerCase().split(/\s+/).filter(Boolean)
		return words.length === 0 ? this.items : this.items.filter((r) => {
			const text = this.#what.text(r).toLowerCase()
			return words.every((w) => text.includes(w))
		})
	}

	get detail() {
		const found = this.details.get(this.selected)
		return found instanceof Error ? null : found ?? null
	}

	get failure() {
		const found = this.details.get(this.selected)
		return found instanceof Error ? found : null
	}

	// ---- loading ----

	#list(cursor) {
		const query = new URLSearchParams()
		for (const [name, value] of Object.entries({ limit: 100, ...this.#what.query(this), cursor })) {
			if (value) {
				query.set(name, value)
			}
		}
		return `${this.#what.path}?${query}`
	}

	async load() {
		this.#abort?.abort()
		const abort = this.#abort = new AbortController()
		this.phase = this.items.length > 0 ? this.phase : 'loading'
		this.changed()
		try {
			const page = await get(this.#list(), abort.signal)
			this.items = page.items
			this.next = page.next ?? null
			this.phase = 'ready'
		} catch (why) {
			if (abort.signal.aborted) {
				return
			}
			this.problem = why
			this.phase = 'failed'
		}
		this.changed()
	}

	async more() {
		const cursor = this.next
		if (cursor === null) {
			return
		}
		this.next = null
		try {
			const page = await get(this.#list(cursor))
			const known = new Set(this.items.map(this.#what.idOf))
			this.items = this.items.concat(page.items.filter((r) => !known.has(this.#what.idOf(r))))
			this.next = page.next ?? null
		} catch (why) {
			this.next = cursor
			toasts.say(why.message, { tone: 'bad' })
		}
		this.changed()
	}

	empty() {
		this.items = []
		return this.load()
	}

	find(words) {
		this.words = words
		this.changed()
	}

	// ---- looking ----

	select(id) {
		this.selected = id
		this.changed()
		if (id !== null) {
			this.fetch(id)
		}
	}

	beside(by, rows = this.shown) {
		const at = rows.findIndex((r) => this.#what.idOf(r) === this.selected)
		const to = at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)
		return rows[to] === undefined ? null : this.#what.idOf(rows[to])
	}

	async fetch(id) {
		try {
			this.take(this.#what.read(await get(`${this.#what.path}/${id}`), id))
		} catch (why) {
			this.details.set(id, why)
		}
		this.changed()
	}

	take(record) {
		const id = this.#what.idOf(record)
		this.details.set(id, record)
		this.items = this.items.map((r) => (this.#what.idOf(r) === id ? this.#what.core(record, r) : r))
	}

	// ---- working ----

	// True: it was done.
	async step(id, step, body, said) {
		if (this.busy) {
			return false
		}
		this.busy = true
		this.changed()
		let good = true
		try {
			this.take(await post(`${this.#what.path}/${id}/${step}`, body))
			if (step !== 'undo') {
				this.done = [...this.done, id].slice(-UNDO_MAX)
			}
			toasts.say(said, step === 'undo' ? {} : { action: { name: 'Undo', run: () => this.undo() } })
		} catch (why) {
			good = false
			toasts.say(why.message, { tone: 'bad' })
			await this.fetch(id)
		}
		this.busy = false
		this.changed()
		return good
	}

	// hark takes back one step of a record, so the ones before it are not tried. Returns whose it was, or null.
	async undo() {
		const id = this.done.at(-1)
		if (id === undefined) {
			toasts.say('Nothing to undo here.')
			return null
		}
		this.done = this.done.filter((d) => d !== id)
		await this.step(id, 'undo', {}, 'Taken back.')
		return id
	}
}
