// A list of records and the one that is looked at, for pages whose steps wait for their answer.
//
// A step is sent with the tag the record was seen with, so that nobody decides about what has changed meanwhile; its
// answer is the whole record as it is then. Nothing else is drawn anew, and nothing moves under the reader. Answers that
// come late change nothing that is known since (answers.js).
import { Turns } from './answers.js'
import { get, getTagged, postTagged } from './api.js'
import { Store } from './store.js'
import { toasts } from './ui.js'

const UNDO_MAX = 50

export class Records extends Store {
	items = []
	next = null
	phase = 'loading' // 'ready', 'failed'
	loading = false // the list, anew
	problem = null
	words = ''
	selected = null
	details = new Map() // by id: the whole record, or a problem
	busy = false
	done = [] // ids of the records of the last steps, for undo
	turns = new Turns() // by id
	#tags = new Map() // by id: of the version in details
	#abort = null // of the one question about the list that is under way
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

	detailOf(id) {
		const found = this.details.get(id)
		return found instanceof Error ? null : found ?? null
	}

	get detail() {
		return this.detailOf(this.selected)
	}

	get failure() {
		const found = this.details.get(this.selected)
		return found instanceof Error ? found : null
	}

	rowOf(id) {
		return this.items.find((r) => this.#what.idOf(r) === id) ?? null
	}

	// Whether what is shown of it is ahead of hark, so that no answer counts yet.
	isAhead() {
		return false
	}

	// ---- loading ----

	#path(more) {
		const query = new URLSearchParams()
		for (const [name, value] of Object.entries({ limit: 100, ...this.#what.query(this), ...more })) {
			if (value) {
				query.set(name, value)
			}
		}
		return `${this.#what.path}?${query}`
	}

	// Where all of the list is as a table for a spreadsheet.
	table() {
		return `/api/v1${this.#path({ format: 'csv' })}`
	}

	// A page of the list; null: another question has overtaken this one.
	async page(cursor) {
		this.#abort?.abort()
		const abort = this.#abort = new AbortController()
		const turn = this.turns.next()
		try {
			const { items, next } = await get(this.#path({ cursor }), abort.signal)
			return abort.signal.aborted ? null : { items: items.map((row) => this.#newer(row, turn)), next: next ?? null }
		} catch (why) {
			if (abort.signal.aborted) {
				return null
			}
			throw why
		} finally {
			this.#abort = this.#abort === abort ? null : this.#abort
		}
	}

	// What is known of the record, where that is newer than the row that was asked for at that turn.
	#newer(row, turn) {
		const id = this.#what.idOf(row)
		if (!this.isAhead(id) && !this.turns.isLate(turn, id)) {
			return row
		}
		const detail = this.detailOf(id)
		return this.rowOf(id) ?? (detail === null ? row : this.#what.core(detail, row))
	}

	// True: the list is what hark has now.
	async load() {
		this.phase = this.items.length > 0 ? this.phase : 'loading'
		this.loading = true
		this.changed()
		try {
			const page = await this.page()
			if (page === null) {
				return false
			}
			this.items = page.items
			this.next = page.next
			this.phase = 'ready'
		} catch (why) {
			this.problem = why
			this.phase = 'failed'
		}
		this.loading = false
		this.changed()
		return this.phase === 'ready'
	}

	async more() {
		const cursor = this.next
		if (cursor === null || this.#abort !== null) {
			return
		}
		try {
			const page = await this.page(cursor)
			if (page === null) {
				return
			}
			const known = new Set(this.items.map(this.#what.idOf))
			this.items = this.items.concat(page.items.filter((r) => !known.has(this.#what.idOf(r))))
			this.next = page.next
		} catch (why) {
			toasts.say(why.message, { tone: 'bad' })
		}
		this.changed()
	}

	empty() {
		this.items = []
		this.next = null
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
		const turn = this.turns.next()
		const counts = () => !this.isAhead(id) && this.turns.take(turn, id)
		try {
			const [record, tag] = await getTagged(`${this.#what.path}/${id}`)
			if (counts()) {
				this.#take(this.#what.read(record, id), tag)
			}
		} catch (why) {
			if (counts()) {
				this.details.set(id, why)
			}
		}
		this.changed()
	}

	#take(record, tag) {
		const id = this.#what.idOf(record)
		this.details.set(id, record)
		this.#tags.set(id, tag)
		this.setRow(record)
	}

	setRow(record) {
		const id = this.#what.idOf(record)
		this.items = this.items.map((r) => (this.#what.idOf(r) === id ? this.#what.core(record, r) : r))
	}

	// ---- working ----

	didOn(id) {
		this.done = [...this.done, id].slice(-UNDO_MAX)
	}

	// True: it was done.
	async step(id, step, body, said) {
		if (this.busy) {
			return false
		}
		this.busy = true
		this.changed()
		let good = true
		try {
			const [record, tag] = await postTagged(`${this.#what.path}/${id}/${step}`, body, this.#tags.get(id))
			this.turns.know(id)
			this.#take(record, tag)
			if (step !== 'undo') {
				this.didOn(id)
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
